"""Questions about consultations. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app import clock
from app.accounts.models import Organisation
from app.consultations.models import Consultation, Opinion
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import IS_OPEN
from app.papers.models import IndexClass, PaperVersion, WorkingPaper
from app.papers.queries import readable_engagements
from app.policy import UNIT_ROLES, Person, Role

OVERSEERS = {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}


@dataclass(frozen=True)
class ConsultationFacts:
    """How the consultations of one engagement stand."""

    sent: int = 0
    silent: int = 0  # the unit has not answered yet
    opinions: int = 0
    unanswered: int = 0
    adopted: int = 0
    closed: int = 0


def readable_consultations(user: Person) -> ColumnElement[bool]:
    """Hold for exactly those for which can(user, CONSULTATION_READ, …) holds."""
    lines = [Consultation.engagement.has(readable_engagements(user))]
    if user.role in UNIT_ROLES:
        lines.append(Consultation.unit_id == user.organisation_id)
    if user.role in OVERSEERS:
        own, unit = user.organisation_id, aliased(Organisation)
        above = or_(unit.department_id == own, unit.finance_office_id == own)
        lines.append(Consultation.unit.of_type(unit).has(above))
    return or_(false(), *lines)


def consultations_visible_to(user: Person) -> Select[Consultation]:
    """Exactly the consultations that this person may read."""
    return select(Consultation).where(readable_consultations(user))


def consultations_of(engagement: Engagement, user: Person) -> Sequence[Consultation]:
    """Those of an engagement that this person may read, in a fixed number of statements."""
    query = consultations_visible_to(user).where(Consultation.engagement_id == engagement.id)
    return db.session.scalars(_whole(query).order_by(Consultation.number)).all()


def whole_consultation(consultation_id: int) -> Consultation | None:
    """One with everything that its page shows."""
    query = select(Consultation).where(Consultation.id == consultation_id)
    return db.session.scalar(_whole(query))


def _whole(query: Select[Consultation]) -> Select[Consultation]:
    return query.options(
        joinedload(Consultation.unit),
        joinedload(Consultation.version).joinedload(PaperVersion.paper),
        selectinload(Consultation.opinions),
        selectinload(Consultation.files),
    )


def awaiting(user: Person) -> Select[Consultation]:
    """Drafts on which this unit is asked for its opinions, what is due first on top."""
    return (
        select(Consultation)
        .join(Consultation.engagement)
        .where(Consultation.unit_id == user.organisation_id, IS_OPEN)
        .where(Consultation.responded_at.is_(None), Consultation.closed_at.is_(None))
        .order_by(Consultation.due_on, Consultation.id)
    )


def next_number(engagement: Engagement) -> int:
    """The number of the next one; the caller holds the engagement's row."""
    highest = select(func.max(Consultation.number))
    found = db.session.scalar(highest.where(Consultation.engagement_id == engagement.id))
    return (found or 0) + 1


def open_with(engagement: Engagement, unit_id: int) -> bool:
    """Whether this unit is being consulted already."""
    query = select(Consultation.id).where(
        Consultation.engagement_id == engagement.id,
        Consultation.unit_id == unit_id,
        Consultation.closed_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def drafts_of(engagement: Engagement) -> Sequence[PaperVersion]:
    """The newest versions of the reports (class H) that may be sent to a unit."""
    query = (
        select(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id, WorkingPaper.withdrawn_at.is_(None))
        .where(WorkingPaper.index_class == IndexClass.H)
        .where(PaperVersion.number == WorkingPaper.current_version)
        .options(joinedload(PaperVersion.paper))
        .order_by(WorkingPaper.id.desc())
    )
    return db.session.scalars(query).all()


def states_of(engagement: Engagement) -> Sequence[tuple[int, str, bool]]:
    """The unit of each consultation, its name, and whether all was answered and closed."""
    query = (
        select(Consultation.unit_id, Organisation.name, Consultation.closed_at.is_not(None))
        .join(Organisation, Organisation.id == Consultation.unit_id)
        .where(Consultation.engagement_id == engagement.id)
        .order_by(Consultation.number)
    )
    return [(unit, name, bool(closed)) for unit, name, closed in db.session.execute(query)]


def open_in(engagement: Engagement, user: Person) -> tuple[int, bool]:
    """How many this person sees that are not closed, and whether a unit is late with one."""
    late = case((and_(Consultation.responded_at.is_(None), _overdue()), 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(late), 0)).where(
        Consultation.engagement_id == engagement.id,
        Consultation.closed_at.is_(None),
        readable_consultations(user),
    )
    count, overdue = db.session.execute(query).one()
    return count, bool(overdue)


def _overdue() -> ColumnElement[bool]:
    return Consultation.due_on < clock.today()


def facts_of(engagement_ids: Collection[int]) -> dict[int, ConsultationFacts]:
    """How the consultations of many engagements stand, in one statement; each id has an answer."""
    told = {key: ConsultationFacts() for key in engagement_ids}
    if not told:
        return told
    opinions = (
        select(
            Opinion.consultation_id,
            func.count().label("opinions"),
            func.sum(case((Opinion.verdict.is_(None), 1), else_=0)).label("unanswered"),
            func.sum(case((Opinion.verdict.in_(["adopted", "partly"]), 1), else_=0)).label("taken"),
        )
        .group_by(Opinion.consultation_id)
        .subquery()
    )
    silent = and_(Consultation.responded_at.is_(None), Consultation.closed_at.is_(None))
    rows = db.session.execute(
        select(
            Consultation.engagement_id,
            func.count(),
            func.sum(case((silent, 1), else_=0)),
            func.coalesce(func.sum(opinions.c.opinions), 0),
            func.coalesce(func.sum(opinions.c.unanswered), 0),
            func.coalesce(func.sum(opinions.c.taken), 0),
            func.sum(case((Consultation.closed_at.is_not(None), 1), else_=0)),
        )
        .outerjoin(opinions, opinions.c.consultation_id == Consultation.id)
        .where(Consultation.engagement_id.in_(told))
        .group_by(Consultation.engagement_id)
    )
    return told | {key: ConsultationFacts(*map(int, numbers)) for key, *numbers in rows}
