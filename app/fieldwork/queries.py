"""Questions about process data. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.fieldwork.models import (
    Interview,
    PersonDays,
    Questionnaire,
    SiteVisit,
    VisitPhoto,
)

T = TypeVar("T", SiteVisit, Interview, Questionnaire, PersonDays)


@dataclass(frozen=True)
class ProcessFacts:
    """What was really done in one engagement, by the entries that count."""

    visits: int = 0
    photos: int = 0
    interviews: int = 0
    sent: int = 0
    returned: int = 0
    valid: int = 0
    half_days: int = 0
    members: int = 0

    @property
    def days(self) -> Decimal:
        """Person-days, with a half."""
        return Decimal(self.half_days) / 2

    @property
    def return_rate(self) -> float | None:
        """The share of questionnaires that came back."""
        return self.returned / self.sent if self.sent else None


def entries_of(model: type[T], engagement: Engagement) -> Sequence[T]:
    """The entries of one kind, newest first, voided ones last; a fixed number of statements."""
    query = (
        select(model)
        .where(model.engagement_id == engagement.id)
        .options(joinedload(model.task))
        .order_by(model.voided_at.is_not(None), model.id.desc())
    )
    if model is SiteVisit:
        query = query.options(selectinload(SiteVisit.photos))
    if model is PersonDays:
        query = query.options(joinedload(PersonDays.member))
    return db.session.scalars(query).all()


def members_of(engagement: Engagement) -> Sequence[User]:
    """The people of the agency whose days may be entered."""
    query = select(User).where(User.organisation_id == engagement.agency_id)
    return db.session.scalars(query.where(User.closed_at.is_(None)).order_by(User.name)).all()


def days_by_member(engagement: Engagement) -> Sequence[tuple[str, Decimal]]:
    """Who spent how many days, the most first."""
    total = func.sum(PersonDays.half_days)
    query = (
        select(User.name, total)
        .join(PersonDays, PersonDays.member_id == User.id)
        .where(PersonDays.engagement_id == engagement.id, PersonDays.voided_at.is_(None))
        .group_by(User.id, User.name)
        .order_by(total.desc(), User.id)
    )
    return [(name, Decimal(halves) / 2) for name, halves in db.session.execute(query)]


def spent_already(engagement: Engagement, member: User, first: date, last: date) -> bool:
    """Whether days of a member that lie in this period are entered for this engagement."""
    query = select(PersonDays.id).where(
        PersonDays.engagement_id == engagement.id,
        PersonDays.member_id == member.id,
        PersonDays.voided_at.is_(None),
        PersonDays.began_on <= last,
        PersonDays.ended_on >= first,
    )
    return db.session.scalar(query.limit(1)) is not None


def has_visit(engagement: Engagement) -> bool:
    """Whether anybody went there."""
    query = select(SiteVisit.id).where(SiteVisit.engagement_id == engagement.id)
    return db.session.scalar(query.where(SiteVisit.voided_at.is_(None)).limit(1)) is not None


def facts_of(engagement_ids: Collection[int]) -> dict[int, ProcessFacts]:
    """What was done in many engagements, in one statement; each asked id has an answer."""
    told = {key: ProcessFacts() for key in engagement_ids}
    if not told:
        return told
    found: dict[int, dict[str, int]] = {}
    for key, kind, *numbers in db.session.execute(union_all(*_counts(list(told)))):
        line = found.setdefault(key, {})
        line |= dict(zip(_NAMES[kind], (int(number or 0) for number in numbers), strict=False))
    return told | {key: ProcessFacts(**line) for key, line in found.items()}


_NAMES = {
    "visits": ("visits",),
    "photos": ("photos",),
    "interviews": ("interviews",),
    "questionnaires": ("sent", "returned", "valid"),
    "days": ("half_days", "members"),
}


def _counts(keys: list[int]) -> list[Select[Any]]:
    """One line an engagement and kind, with up to three numbers."""
    nothing = literal(0)
    photos: Select[Any] = _line(SiteVisit, "photos", func.count(), nothing, nothing)
    photos = photos.join(VisitPhoto, VisitPhoto.visit_id == SiteVisit.id)
    lines: list[tuple[Any, Select[Any]]] = [
        (SiteVisit, _line(SiteVisit, "visits", func.count(), nothing, nothing)),
        (SiteVisit, photos),
        (Interview, _line(Interview, "interviews", func.count(), nothing, nothing)),
        (
            Questionnaire,
            _line(
                Questionnaire,
                "questionnaires",
                func.sum(Questionnaire.sent),
                func.sum(Questionnaire.returned),
                func.sum(Questionnaire.valid),
            ),
        ),
        (
            PersonDays,
            _line(
                PersonDays,
                "days",
                func.sum(PersonDays.half_days),
                func.count(func.distinct(PersonDays.member_id)),
                nothing,
            ),
        ),
    ]
    return [
        query.where(model.engagement_id.in_(keys), model.voided_at.is_(None)).group_by(
            model.engagement_id
        )
        for model, query in lines
    ]


def _line(model: Any, kind: str, *numbers: Any) -> Select[Any]:
    return select(model.engagement_id, literal(kind), *numbers)
