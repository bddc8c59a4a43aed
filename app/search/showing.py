"""What a page of search shows of each thing: its own words of now, marked, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.db import db
from app.engagements.models import Engagement
from app.errors import Words
from app.exchange.labels import KINDS
from app.exchange.models import Case, Post, PostAnswer
from app.papers.models import WorkingPaper
from app.search import marking
from app.search.marking import Piece
from app.search.models import Found
from app.search.queries import Hit
from app.training.models import Course, CoursePage


@dataclass(frozen=True)
class Told:
    """A line of the page: what it is, where it leads, and its marked words."""

    kind: Words
    endpoint: str
    values: Mapping[str, Any]
    title: Sequence[Piece]
    excerpt: Sequence[Piece]
    note: str = ""

    @property
    def is_titled(self) -> bool:
        """Whether its title holds something of what was looked for."""
        return any(is_found for _text, is_found in self.title)


@dataclass(frozen=True)
class Part:
    """A page of a thing that has several, with its own words and address."""

    endpoint: str
    values: Mapping[str, Any]
    title: str
    words: str


@dataclass(frozen=True)
class Source:
    """The words of one thing as its page shows them."""

    kind: Words
    endpoint: str
    values: Mapping[str, Any]
    title: str
    words: str
    note: str = ""
    parts: Sequence[Part] = ()


def lines(hits: Sequence[Hit], words: str) -> list[Told]:
    """The lines of a page; what was found in a title stands first."""
    found: dict[tuple[Found, int], Source] = {}
    for kind, read in READERS.items():
        if keys := [hit.subject_id for hit in hits if hit.kind is kind]:
            found |= {(kind, key): source for key, source in read(keys).items()}
    known = [found[hit.kind, hit.subject_id] for hit in hits if (hit.kind, hit.subject_id) in found]
    told = [_told(one, words) for one in known]
    return sorted(told, key=lambda one: not one.is_titled)


def _nearest(one: Source, words: str) -> Source:
    """Where the words stand: at the thing itself, or else at the first part that has them all."""
    if marking.is_found(f"{one.title} {one.words}", words):
        return one
    for part in one.parts:
        if marking.is_found(f"{part.title} {part.words}", words):
            there = replace(one, endpoint=part.endpoint, values=part.values)
            return replace(there, words=part.words, note=part.title)
    return one


def _told(found: Source, words: str) -> Told:
    one = _nearest(found, words)
    title, excerpt = marking.marked(one.title, words), marking.excerpt(one.words, words)
    return Told(one.kind, one.endpoint, one.values, title, excerpt, one.note)


def _posts(keys: Sequence[int]) -> dict[int, Source]:
    columns = (Post.id, Post.kind, Post.title, Post.body, Post.document_no)
    rows = db.session.execute(select(*columns).where(Post.id.in_(keys)))
    return {
        key: Source(KINDS[kind], "exchange.show", {"post_id": key}, title, body, number)
        for key, kind, title, body, number in rows
    }


def _answers(keys: Sequence[int]) -> dict[int, Source]:
    query = select(PostAnswer.id, Post.id, Post.title, PostAnswer.body).join(
        Post, PostAnswer.post_id == Post.id
    )
    told = {}
    for key, post, title, body in db.session.execute(query.where(PostAnswer.id.in_(keys))):
        values = {"post_id": post, "_anchor": f"answer-{key}"}
        told[key] = Source(_("Answer to a post"), "exchange.show", values, title, body)
    return told


def _cases(keys: Sequence[int]) -> dict[int, Source]:
    rows = db.session.execute(select(Case.id, Case.title, Case.summary).where(Case.id.in_(keys)))
    return {
        key: Source(_("Case"), "exchange.case", {"case_id": key}, title, summary)
        for key, title, summary in rows
    }


def _papers(keys: Sequence[int]) -> dict[int, Source]:
    query = select(
        WorkingPaper.id, WorkingPaper.title, WorkingPaper.index_no, Engagement.name
    ).join(Engagement, WorkingPaper.engagement_id == Engagement.id)
    rows = db.session.execute(query.where(WorkingPaper.id.in_(keys)))
    return {
        key: Source(_("Working paper"), "papers.show", {"paper_id": key}, title, project, number)
        for key, title, number, project in rows
    }


def _courses(keys: Sequence[int]) -> dict[int, Source]:
    query = select(CoursePage).where(CoursePage.course_id.in_(keys)).order_by(CoursePage.position)
    parts: dict[int, list[Part]] = {}
    for page in db.session.scalars(query):
        values = {"course_id": page.course_id, "position": page.position}
        part = Part("training.read_page", values, page.title, page.body)
        parts.setdefault(page.course_id, []).append(part)
    rows = db.session.execute(
        select(Course.id, Course.title, Course.summary).where(Course.id.in_(keys))
    )
    return {
        key: Source(
            _("Course"),
            "training.show",
            {"course_id": key},
            title,
            summary,
            parts=parts.get(key, ()),
        )
        for key, title, summary in rows
    }


READERS = {
    Found.POST: _posts,
    Found.ANSWER: _answers,
    Found.CASE: _cases,
    Found.PAPER: _papers,
    Found.COURSE: _courses,
}
