"""Questions about what changed in the course of engagements. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organisation, OrganisationKind
from app.amendments.models import Amendment, AmendmentKind, AmendmentState, DueMove
from app.db import db
from app.engagements.models import Engagement, Stage
from app.engagements.queries import IS_OPEN
from app.policy import UNIT_ROLES, Person, Role

ASKED = Amendment.state == AmendmentState.ASKED
PASSED = Amendment.state == AmendmentState.APPROVED
# Time that the commissioning side gave of its own accord: nobody of the agency asked for it.
GRANTED = Amendment.asked_by_id == Amendment.decided_by_id


@dataclass(frozen=True)
class AmendmentFacts:
    """What changed, in numbers."""

    extensions: int = 0  # asked by the agency and approved
    extensions_refused: int = 0
    lead_changes: int = 0  # approved
    asked: int = 0
    granted: int = 0  # extensions that nobody asked for


COUNTED = (
    ((Amendment.kind == AmendmentKind.EXTENSION) & PASSED & ~GRANTED),
    ((Amendment.kind == AmendmentKind.EXTENSION) & (Amendment.state == AmendmentState.REFUSED)),
    ((Amendment.kind == AmendmentKind.LEAD) & PASSED),
    ASKED,
    ((Amendment.kind == AmendmentKind.EXTENSION) & PASSED & GRANTED),
)


def _counts() -> list[ColumnElement[int]]:
    return [func.coalesce(func.sum(case((line, 1), else_=0)), 0) for line in COUNTED]


def amendments_of(engagement: Engagement) -> Sequence[Amendment]:
    """Every change of an engagement with what its page shows, newest first."""
    query = select(Amendment).where(Amendment.engagement_id == engagement.id)
    query = with_particulars(query).options(selectinload(Amendment.moves))
    return db.session.scalars(query.order_by(Amendment.number.desc())).all()


def with_particulars(query: Select[Amendment]) -> Select[Amendment]:
    """The same changes with what a list shows of each."""
    parts = ("stage", "evaluator", "evaluator_before", "asked_by", "decided_by", "successor")
    loaded = [joinedload(getattr(Amendment, part)) for part in parts]
    return query.options(*loaded, joinedload(Amendment.engagement))


def planned_days(engagement: Engagement) -> dict[int, date]:
    """The day first planned of each stage that was moved since."""
    query = (
        select(DueMove.stage_id, func.min(DueMove.due_before))
        .join(Stage, Stage.id == DueMove.stage_id)
        .where(Stage.engagement_id == engagement.id)
        .group_by(DueMove.stage_id)
    )
    rows = db.session.execute(query)
    return {key: day for (key, day) in rows}  # noqa: C416 - mypy has no dict() of rows


def next_number(engagement: Engagement) -> int:
    """The number of the next change; the caller holds the engagement's row."""
    highest = select(func.max(Amendment.number)).where(Amendment.engagement_id == engagement.id)
    return (db.session.scalar(highest) or 0) + 1


def suspension_of(engagement: Engagement) -> Amendment | None:
    """The suspension that holds now, if work is suspended."""
    query = select(Amendment).where(
        Amendment.engagement_id == engagement.id,
        Amendment.kind == AmendmentKind.SUSPENSION,
        Amendment.state == AmendmentState.IN_FORCE,
    )
    return db.session.scalar(query)


def original_fee(engagement: Engagement) -> int:
    """The fee of the contract as it was first signed, before any supplement."""
    query = (
        select(Amendment.fee_before_fen)
        .where(Amendment.engagement_id == engagement.id)
        .where(Amendment.kind == AmendmentKind.SUPPLEMENT, Amendment.fee_fen.is_not(None))
        .order_by(Amendment.number)
        .limit(1)
    )
    return db.session.scalar(query) or engagement.fee_fen


def predecessor_of(engagement: Engagement) -> Engagement | None:
    """The ended contract whose work this one goes on with."""
    query = select(Engagement).join(Amendment, Amendment.engagement_id == Engagement.id)
    return db.session.scalar(query.where(Amendment.successor_id == engagement.id).limit(1))


def decidable_by(user: Person) -> Select[Amendment]:
    """What waits for a decision that this person may take, oldest first."""
    query = select(Amendment).join(Amendment.engagement).where(ASKED, IS_OPEN)
    lines: list[ColumnElement[bool]] = [false()]
    if user.role is Role.PERFORMANCE_OFFICER:
        lines.append(true())
    if user.role in UNIT_ROLES:
        outside = Organisation.kind.not_in([OrganisationKind.BUREAU, OrganisationKind.SECTION])
        is_client = Engagement.client_id == user.organisation_id
        lines.append(is_client & Engagement.client.has(outside))
    return query.where(or_(*lines)).order_by(Amendment.id)


def facts_of(engagement_ids: Collection[int]) -> dict[int, AmendmentFacts]:
    """What changed in many engagements, in one statement; each id has an answer."""
    told = {key: AmendmentFacts() for key in engagement_ids}
    if not told:
        return told
    rows = db.session.execute(
        select(Amendment.engagement_id, *_counts())
        .where(Amendment.engagement_id.in_(told))
        .group_by(Amendment.engagement_id)
    )
    return told | {key: AmendmentFacts(*map(int, numbers)) for key, *numbers in rows}


def facts_of_agency(agency_id: int) -> AmendmentFacts:
    """What changed in all engagements of an agency."""
    query = select(*_counts()).select_from(Amendment).join(Amendment.engagement)
    found = db.session.execute(query.where(Engagement.agency_id == agency_id)).one()
    return AmendmentFacts(*map(int, found))


def asked_of(engagement: Engagement) -> Sequence[Amendment]:
    """What waits for a decision about an engagement."""
    query = select(Amendment).where(ASKED, Amendment.engagement_id == engagement.id)
    return db.session.scalars(query).all()


def engagement_by_code(code: str) -> Engagement | None:
    """The contract with this number."""
    return db.session.scalar(select(Engagement).where(Engagement.code == code))
