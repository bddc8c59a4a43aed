"""Questions of search: what holds the words, among what the reader may see."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.db import db
from app.exchange.models import Case, Post
from app.exchange.queries import cases_visible_to, posts_visible_to
from app.papers.models import WorkingPaper
from app.papers.queries import papers_visible_to
from app.policy import Person
from app.search import grams
from app.search.models import Found, SearchEntry, SearchGram

MOST_ASKED = 6  # pairs by which entries are found; the rest is compared with their words
MOST_COUNTED = 20
MANY = 500  # whether one pair is rarer than another matters no more
LAST = "\U0010ffff"


def found_by(user: Person, words: str) -> Select[SearchEntry]:
    """The entries that hold all the words and that this person may read; the caller pages them."""
    asked = by_rarity(grams.asked_of(words))[:MOST_ASKED]
    query = select(SearchEntry)
    if not asked:
        return query.where(false())
    first, *others = asked
    query = query.where(SearchEntry.id.in_(entries_with(first)))
    query = query.where(*(_holds(gram) for gram in others))
    for run in grams.plain(words).split():
        query = query.where(SearchEntry.words.contains(run, autoescape=True))
    return query.where(is_visible_to(user))


def entries_with(gram: str) -> Select[int]:
    """The entries that hold a pair, or one that begins with a single character."""
    return select(SearchGram.entry_id).where(_is(SearchGram.gram, gram))


def _is(column: Any, gram: str) -> ColumnElement[bool]:
    return column == gram if len(gram) == 2 else and_(column >= gram, column <= gram + LAST)


def _holds(gram: str) -> ColumnElement[bool]:
    held = aliased(SearchGram)
    return exists().where(held.entry_id == SearchEntry.id, _is(held.gram, gram))


def by_rarity(asked: Sequence[str]) -> list[str]:
    """The pairs with the rarest first, counted no further than it matters, in one statement."""
    if len(asked) < 2:
        return list(asked)
    some = asked[:MOST_COUNTED]
    given = {f"from_{n}": gram for n, gram in enumerate(some)}
    given |= {f"to_{n}": gram + LAST for n, gram in enumerate(some) if len(gram) == 1}
    found = db.session.execute(_counting(tuple(map(len, some))), given).one()
    order = sorted(zip(found, range(len(found)), strict=True))
    return [asked[place] for _count, place in order]


@cache
def _counting(lengths: tuple[int, ...]) -> Select[Any]:
    """Made once for each shape: to put it together takes longer than the database's answer."""
    counts = []
    for n, length in enumerate(lengths):
        held = select(SearchGram.entry_id).where(_between(n, length)).limit(MANY)
        counts.append(select(func.count()).select_from(held.subquery()).scalar_subquery())
    return select(*counts)


def _between(n: int, length: int) -> ColumnElement[bool]:
    start: ColumnElement[str] = bindparam(f"from_{n}", type_=SearchGram.gram.type)
    if length == 2:
        return SearchGram.gram == start
    return SearchGram.gram.between(start, bindparam(f"to_{n}", type_=SearchGram.gram.type))


def is_visible_to(user: Person) -> ColumnElement[bool]:
    """Exactly what the lists of posts, cases and papers would show this person.

    Asked of each entry that was found: SQLite would first gather everything that may be seen.
    """
    lists = (
        (Found.POST, posts_visible_to(user), Post.id),
        (Found.CASE, cases_visible_to(user), Case.id),
        (Found.PAPER, papers_visible_to(user), WorkingPaper.id),
    )
    return or_(*(and_(SearchEntry.kind == kind, _is_in(seen, key)) for kind, seen, key in lists))


def _is_in(seen: Select[Any], key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    one = seen.where(key == SearchEntry.subject_id).order_by(None)
    return one.with_only_columns(key).correlate(SearchEntry).exists()
