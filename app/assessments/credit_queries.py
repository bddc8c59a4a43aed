"""Questions about measures, the credit record and objections. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection, Outcome
from app.db import db
from app.policy import AGENCY_ROLES, Person, sees_whole_district


def is_in_force(on: date) -> ColumnElement[bool]:
    """That a measure holds on a day: imposed, not revoked, within its term."""
    return and_(
        Consequence.imposed_at.is_not(None),
        Consequence.revoked_at.is_(None),
        Consequence.starts_on <= on,
        Consequence.ends_on >= on,
    )


def consequences_in_force(agency_ids: Collection[int], on: date) -> dict[int, list[Consequence]]:
    """What holds for these agencies on a day, in one statement; each asked id has an answer.

    For those who choose within the bureau's own discretion. None of it excludes an agency from a
    procurement by statute: whoever asks shows it and lets people decide.
    """
    found: dict[int, list[Consequence]] = {key: [] for key in agency_ids}
    if not found:
        return found
    query = select(Consequence).where(Consequence.agency_id.in_(found), is_in_force(on))
    for one in db.session.scalars(query.order_by(Consequence.starts_on, Consequence.id)):
        found[one.agency_id].append(one)
    return found


def credit_record_of(agency: Agency, user: Person) -> Sequence[Consequence]:
    """An agency's whole record that this person may read, the newest first; what ended too."""
    query = select(Consequence).where(Consequence.agency_id == agency.id)
    if not sees_whole_district(user, None):
        query = query.where(Consequence.imposed_at.is_not(None))
    return db.session.scalars(query.order_by(Consequence.id.desc())).all()


def consequences_of_district(user: Person) -> Select[Consequence]:
    """Every measure, for those who see the whole district. The caller orders and pages them."""
    query = select(Consequence).options(
        joinedload(Consequence.agency).joinedload(Agency.organisation)
    )
    return query if sees_whole_district(user, None) else query.where(false())


def awaiting_leader() -> Select[Consequence]:
    """What was proposed and no leader has decided."""
    return select(Consequence).where(
        Consequence.imposed_at.is_(None), Consequence.refused_at.is_(None)
    )


def objections_visible_to(user: Person) -> Select[Objection]:
    """Exactly the objections that this person may read: overseers all, an agency its own."""
    query = select(Objection)
    if sees_whole_district(user, None):
        return query
    own = user.organisation_id if user.role in AGENCY_ROLES else -1
    return query.where(Objection.agency_id == own)


def objections_to_decide(user: User) -> Sequence[Objection]:
    """Those that wait, and that this person had no hand in."""
    query = objections_visible_to(user).where(Objection.decided_at.is_(None))
    found = db.session.scalars(query.order_by(Objection.decide_by, Objection.id))
    return [one for one in found if user.id not in one.involved_ids]


def to_correct() -> Select[Assessment]:
    """Assessments in force whose objection was upheld for the agency: a correction is owed."""
    adjusted = select(Objection.assessment_id).where(Objection.outcome == Outcome.ADJUSTED)
    return select(Assessment).where(Assessment.id.in_(adjusted), Assessment.superseded_at.is_(None))


def open_to_objection(user: Person) -> Select[Assessment]:
    """This agency's assessments against which it may still object."""
    raised = select(Objection.assessment_id).where(Objection.assessment_id.is_not(None))
    own = user.organisation_id if user.role in AGENCY_ROLES else -1
    return select(Assessment).where(
        Assessment.engagement.has(agency_id=own),
        Assessment.confirmed_at.is_not(None),
        Assessment.superseded_at.is_(None),
        or_(Assessment.objections_until >= clock.today()),
        Assessment.id.not_in(raised),
    )
