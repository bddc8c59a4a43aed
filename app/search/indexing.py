"""The index follows what people write: a job looks for what it doesn't hold yet, or holds old."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.db import db
from app.exchange.models import Case, Post, PostAnswer
from app.papers.models import WorkingPaper
from app.search import grams
from app.search.models import Found, SearchEntry, SearchText
from app.training.models import Course, CoursePage

EVERY_SECONDS = 20
MOST = 400  # things in one transaction
MOST_OF_COURSE = 40_000  # grams: all pages of a course are one entry, and there are few


@dataclass(frozen=True)
class Read:
    """The words of one thing, and which edition they are."""

    kind: Found
    key: int
    title: str
    words: str
    edited_at: datetime | None = None
    most: int = grams.MOST_GRAMS


def catch_up() -> int:
    """Take into the index what is missing or was edited since; return how many were read."""
    read = 0
    for one in _stale():
        _keep(one)
        read += 1
    return read


def _stale() -> Iterator[Read]:
    columns = (Post.title, Post.body, Post.document_no, Post.edited_at)
    posts = _missing(Found.POST, Post.id, *columns).where(_unread(_edited(Post.edited_at)))
    for key, title, body, number, at in db.session.execute(posts).all():
        yield Read(Found.POST, key, title, f"{body} {number}", at)
    said = (Post.title, PostAnswer.body, PostAnswer.edited_at)
    answers = _missing(Found.ANSWER, PostAnswer.id, *said).join(Post, _ASKED)
    answers = answers.where(_unread(_edited(PostAnswer.edited_at)))
    for key, title, body, at in db.session.execute(answers).all():
        yield Read(Found.ANSWER, key, title, body, at)
    cases = _missing(Found.CASE, Case.id, Case.title, Case.summary).where(_unread())
    for key, title, words in db.session.execute(cases).all():
        yield Read(Found.CASE, key, title, words)
    named = (WorkingPaper.title, WorkingPaper.index_no)
    papers = _missing(Found.PAPER, WorkingPaper.id, *named).where(_unread())
    for key, title, words in db.session.execute(papers).all():
        yield Read(Found.PAPER, key, title, words)
    yield from _courses()


def _courses() -> Iterator[Read]:
    told = (Course.title, Course.summary, Course.edited_at)
    query = _missing(Found.COURSE, Course.id, *told).where(_unread(_edited(Course.edited_at)))
    rows = db.session.execute(query).all()
    pages = _pages_of([row[0] for row in rows])
    for key, title, summary, at in rows:
        words = " ".join((summary, *pages.get(key, ())))
        yield Read(Found.COURSE, key, title, words, at, most=MOST_OF_COURSE)


def _pages_of(keys: Sequence[int]) -> dict[int, list[str]]:
    told: dict[int, list[str]] = {}
    query = select(CoursePage.course_id, CoursePage.title, CoursePage.body)
    query = query.where(CoursePage.course_id.in_(keys)).order_by(CoursePage.position)
    for key, title, body in db.session.execute(query) if keys else ():
        told.setdefault(key, []).append(f"{title} {body}")
    return told


def _missing(kind: Found, key: Any, *columns: Any) -> Select[Any]:
    held = and_(SearchEntry.kind == kind, SearchEntry.subject_id == key)
    query = select(key, *columns).select_from(key.class_).outerjoin(SearchEntry, held)
    return query.outerjoin(SearchText, _OWN).order_by(key).limit(MOST)


_ASKED = PostAnswer.post_id == Post.id
_OWN = SearchText.entry_id == SearchEntry.id


def _edited(edited_at: Any) -> ColumnElement[bool]:
    earlier = or_(SearchEntry.edited_at.is_(None), edited_at > SearchEntry.edited_at)
    return and_(edited_at.is_not(None), earlier)


def _unread(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    """Also what has no words in the index: the release before this one knows no such table."""
    return or_(SearchText.entry_id.is_(None), *also)


def _keep(one: Read) -> None:
    old = select(SearchEntry, SearchText).outerjoin(SearchText, _OWN)
    old = old.where(SearchEntry.kind == one.kind, SearchEntry.subject_id == one.key)
    entry, held = db.session.execute(old).one_or_none() or (None, None)
    if entry is None:
        entry = SearchEntry(kind=one.kind, subject_id=one.key)
        db.session.add(entry)
    entry.title, entry.words = one.title[:200], grams.plain(f"{one.title} {one.words}")
    entry.edited_at = one.edited_at
    db.session.flush()
    if held is None:
        held = SearchText(entry_id=entry.id)
        db.session.add(held)
    held.grams = " ".join(grams.grams_of(entry.words, one.most))
