"""Questions of search: what holds the words, among what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.db import db
from app.exchange.models import Case, Post, PostAnswer
from app.exchange.queries import answers_visible_to, cases_visible_to, posts_visible_to
from app.papers.models import WorkingPaper
from app.papers.queries import OVERSEERS, papers_visible_to
from app.policy import Person, Role
from app.search import grams
from app.search.models import Found, SearchEntry, SearchText
from app.training.models import Course
from app.training.queries import courses_visible_to

Hit = Row[tuple[int, Found, int, str, int, int]]
# How many entries of the index are looked at for a page; the next ones where few may be read.
WINDOWS = (100, 3_000, 1_000_000_000)
# Who reads a good part of all papers; for all others what they may read is less than what is found.
WIDE = OVERSEERS | {Role.SECTION_OFFICER, Role.ARCHIVIST}
MOST_COURSES = 20
PARTS = (SearchEntry.id, SearchEntry.kind, SearchEntry.subject_id, SearchEntry.title)
FTS = table("search_words", column("rowid"), column("search_words"))


@dataclass(frozen=True)
class Reader:
    """All that the lists may know of a person, so that a statement can be kept for the next time.

    To put it together takes many times as long as the database's answer.
    """

    id: int
    role: Role
    organisation_id: int
    is_authenticated: bool


@dataclass(frozen=True)
class Shape:
    """What else makes one statement differ from another."""

    dialect: str
    runs: int
    way: str
    most: int
    begins: bool = False
    window: int = 0


def found_by(
    user: Person, words: str, *, before: int | None = None, after: int | None = None, most: int = 30
) -> Sequence[Hit]:
    """The newest entries with all the words that this person may read: key, kind, thing, title.

    Only those before a key, newest first; or those after one, the nearest first.
    """
    asked, runs = grams.asked_of(words), grams.runs_of(words)
    if not asked:
        return []
    dialect = db.session.get_bind().dialect.name
    told = " ".join(f'"{gram}"' for gram in asked) if dialect == "sqlite" else asked
    given = {"asked": told, "place": before if after is None else after}
    given |= {f"run_{n}": run for n, run in enumerate(runs)}
    reader = Reader(user.id, user.role, user.organisation_id, user.is_authenticated)
    shape = Shape(dialect, len(runs), "up" if after is not None else "down", most)
    hits: list[Hit] = []
    for window in WINDOWS if user.role in WIDE else WINDOWS[:2]:
        asks = replace(shape, begins=given["place"] is not None, window=window)
        rows = _asked(_statement(reader, asks), given)
        hits += [row for row in rows if row.id is not None]
        if len(hits) >= most or not rows or rows[-1].nth != window:
            return hits[:most]
        given["place"] = rows[-1].place
    return (hits + _among_own(reader, shape, words, given["place"]))[:most]


def _among_own(reader: Reader, shape: Shape, words: str, place: Any) -> list[Hit]:
    """What holds the words from this place on, among all that this reader may read.

    A province's index holds a common word a hundred thousand times, an agency reads two thousand
    papers: here the papers are gone through, and not the index.
    """
    given = {f"run_{n}": run for n, run in enumerate(grams.plain(words).split())}
    asks = replace(shape, runs=len(given))
    return list(_asked(_own(reader, asks), {**given, "place": place}))


def courses_with(user: Person, words: str) -> Sequence[Hit]:
    """The courses that hold all the words, the newest first.

    They are few and are asked for by themselves: one more list in the statement of all others
    would cost each search its planning.
    """
    if not grams.asked_of(words):
        return []
    readable = courses_visible_to(user).order_by(None).with_only_columns(Course.id)
    query: Any = select(
        *PARTS, SearchEntry.id.label("place"), literal_column("0", Integer).label("nth")
    )
    query = query.where(SearchEntry.kind == Found.COURSE, SearchEntry.subject_id.in_(readable))
    query = query.where(*(SearchEntry.words.contains(one) for one in grams.plain(words).split()))
    return _asked(query.order_by(SearchEntry.id.desc()).limit(MOST_COURSES), {})


def _asked(query: Select[Any], given: dict[str, Any]) -> Sequence[Row[Any]]:
    """Past the session, which would look for records to load: a fifth of a rare word's time."""
    return db.session.connection().execute(query, given).all()


@lru_cache(maxsize=2048)
def _own(reader: Reader, shape: Shape) -> Select[Any]:
    """The entries of all that the reader may read, and of these the next ones with the words."""
    place, nth = bindparam("place", type_=Integer), literal_column("0", Integer).label("nth")
    next_ones = SearchEntry.id > place if shape.way == "up" else SearchEntry.id < place
    asked = select(*PARTS, SearchEntry.id.label("place"), nth).where(next_ones, *_has_runs(shape))
    parts = []
    for kind, seen, key in _lists(reader):
        readable = seen.order_by(None).with_only_columns(key)
        parts.append(asked.where(SearchEntry.kind == kind, SearchEntry.subject_id.in_(readable)))
    found = union_all(*parts).subquery("found")
    query: Select[Any] = select(found).order_by(_ordered(found.c.id, shape))
    return query.limit(literal_column(str(shape.most)))


def _has_runs(shape: Shape) -> list[ColumnElement[bool]]:
    runs = [bindparam(f"run_{n}", type_=Text) for n in range(shape.runs)]
    if shape.dialect == "postgresql":  # of LIKE it would first ask its statistics, word by word
        return [func.strpos(SearchEntry.words, run) > literal_column("0") for run in runs]
    return [SearchEntry.words.contains(run) for run in runs]


@lru_cache(maxsize=2048)
def _statement(reader: Reader, shape: Shape) -> Select[Any]:
    """The reader's entries among the next ones of the index, and the last one of these.

    The index is asked for so many in their order, and each is looked at until enough are found:
    to judge all that hold a common word would take a thousand times as long. SQLite sorts whatever
    is to be ordered, and would go through the whole window first: there the rows come in the order
    of the index, which the outer join keeps.
    """
    held = _index(shape)
    ordered = None if shape.dialect == "sqlite" else _ordered(held.c.place, shape)
    counted = func.row_number().over(order_by=ordered)
    near = select(held.c.place, counted.label("nth")).subquery("near")
    kept = [SearchEntry.id == near.c.place, is_visible_to(reader, shape.dialect), *_has_runs(shape)]
    query = (
        select(*PARTS, near.c.place, near.c.nth)
        .select_from(near)
        .outerjoin(SearchEntry, and_(*kept))
        .where(or_(SearchEntry.id.is_not(None), near.c.nth == literal_column(str(shape.window))))
    )
    if ordered is not None:
        query = query.order_by(_ordered(near.c.place, shape))
    return query.limit(literal_column(str(shape.most)))


def _index(shape: Shape) -> Subquery:
    """The keys of the next entries that hold everything, by the database's own index."""
    key: Any = FTS.c.rowid if shape.dialect == "sqlite" else SearchText.entry_id
    if shape.dialect == "sqlite":
        holds = FTS.c.search_words.op("MATCH")(bindparam("asked"))
    else:
        kept = func.string_to_array(SearchText.grams, " ", type_=ARRAY(Text))
        holds = kept.op("@>")(bindparam("asked", type_=ARRAY(Text)))
    query = select(key.label("place")).where(holds)
    if shape.begins:
        place = bindparam("place", type_=Integer)
        query = query.where(key > place if shape.way == "up" else key < place)
    query = query.order_by(_ordered(key, shape)).limit(literal_column(str(shape.window)))
    return query.subquery("held")


def _ordered(key: Any, shape: Shape) -> Any:
    return key if shape.way == "up" else key.desc()


def is_visible_to(user: Person, dialect: str) -> ColumnElement[bool]:
    """Exactly what the lists of posts, answers, cases and papers would show this person.

    Asked of each entry that was found: SQLite would first gather everything that may be seen.
    """
    return or_(*(and_(_is(kind), _is_in(s, key, dialect)) for kind, s, key in _lists(user)))


def _lists(user: Person) -> tuple[tuple[Found, Select[Any], InstrumentedAttribute[int]], ...]:
    return (
        (Found.POST, posts_visible_to(user), Post.id),
        (Found.CASE, cases_visible_to(user), Case.id),
        (Found.PAPER, papers_visible_to(user), WorkingPaper.id),
        (Found.ANSWER, answers_visible_to(user), PostAnswer.id),
    )


def _is(kind: Found) -> ColumnElement[bool]:
    """The kind stands in the statement itself: a parameter is bound anew at each search."""
    return SearchEntry.kind == literal_column(f"'{kind.value}'")


def _is_in(seen: Select[Any], key: InstrumentedAttribute[int], dialect: str) -> ColumnElement[bool]:
    one = seen.where(key == SearchEntry.subject_id).order_by(None).with_only_columns(key)
    if dialect == "postgresql":  # else it also plans to gather all: most of a rare word's time
        one = one.offset(literal_column("0"))
    return one.correlate(SearchEntry).exists()
