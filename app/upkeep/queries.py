"""Questions about the register's upkeep. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Organisation
from app.accreditation.models import Evidence
from app.agencies.models import Agency, Evaluator
from app.agencies.related_models import Associate
from app.audit import name_of
from app.db import db
from app.policy import Person, Role, sees_whole_district
from app.upkeep.models import Transfer, YearlyConfirmation

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """When an agency last said that its entry is true, and when it is asked again."""

    last: YearlyConfirmation | None
    due_on: date

    @property
    def is_overdue(self) -> bool:
        """Whether the day is over."""
        return self.due_on < clock.today()

    @property
    def is_said(self) -> bool:
        """Whether this year's word was given; there is one a year."""
        return self.last is not None and self.last.year == clock.today().year


def standing(agency: Agency) -> Standing:
    """A year after the last word, or after the entry, the next word is due."""
    query = select(YearlyConfirmation).where(YearlyConfirmation.agency_id == agency.id)
    last = db.session.scalar(query.order_by(YearlyConfirmation.year.desc()).limit(1))
    since = agency.registered_at if last is None else last.confirmed_at
    return Standing(last, clock.day_of(since) + YEAR)


def overdue() -> Select[Agency]:
    """The agencies whose yearly word is overdue; the caller orders and pages them."""
    before = clock.start_of(clock.today() - YEAR)
    said = select(YearlyConfirmation.agency_id).where(YearlyConfirmation.confirmed_at >= before)
    return (
        select(Agency)
        .join(Agency.organisation)
        .where(Organisation.closed_at.is_(None), Agency.registered_at < before)
        .where(Agency.id.not_in(said))
    )


def proof_of(agency_id: int) -> Sequence[Evidence]:
    """The proof of an agency that isn't voided; what ends first on top, what never ends last."""
    query = select(Evidence).where(Evidence.agency_id == agency_id, Evidence.voided_at.is_(None))
    ends = Evidence.expires_on
    return db.session.scalars(query.order_by(ends.is_(None), ends, Evidence.id)).all()


def proof_ending(within: int) -> Sequence[Evidence]:
    """Proof of entered agencies that ends within so many days and hasn't ended yet."""
    today = clock.today()
    query = (
        select(Evidence)
        .join(Evidence.agency)
        .join(Agency.organisation)
        .where(Organisation.closed_at.is_(None), Evidence.voided_at.is_(None))
        .where(Evidence.expires_on.between(today, today + timedelta(days=within)))
        .options(joinedload(Evidence.agency))
    )
    return db.session.scalars(query.order_by(Evidence.id)).all()


def transfers_visible_to(user: Person) -> Select[Transfer]:
    """Exactly the transfers that this person may read; the caller orders and pages them."""
    sides = (
        joinedload(Transfer.evaluator).joinedload(Evaluator.agency),
        joinedload(Transfer.evaluator).joinedload(Evaluator.user),
        joinedload(Transfer.successor).joinedload(Evaluator.user),
        joinedload(Transfer.to_agency),
    )
    query = select(Transfer).options(*sides)
    return query if sees_whole_district(user, None) else query.where(_is_side(user))


def _is_side(user: Person) -> ColumnElement[bool]:
    if user.role is not Role.AGENCY_ADMIN:
        return false()
    old = Transfer.evaluator.has(Evaluator.agency_id == user.organisation_id)
    return or_(old, Transfer.to_agency_id == user.organisation_id)


def transfers_to_decide(user: Person) -> Select[Transfer]:
    """What waits for this person's release: of one's own people, or of anybody's."""
    waiting = select(Transfer).where(Transfer.decided_at.is_(None))
    if user.role is Role.PERFORMANCE_OFFICER:
        return waiting
    if user.role is not Role.AGENCY_ADMIN:
        return waiting.where(false())
    return waiting.where(Transfer.evaluator.has(Evaluator.agency_id == user.organisation_id))


def practitioners_named(agency_id: int, name: str) -> Sequence[Evaluator]:
    """The people of this name who work for an agency."""
    there = and_(Evaluator.agency_id == agency_id, Evaluator.left_at.is_(None))
    query = select(Evaluator).where(there, Evaluator.name == name.strip())
    return db.session.scalars(query.order_by(Evaluator.id)).all()


def names_by_record(agency_id: int) -> dict[str, str]:
    """Whom an entry of the log is about: associated experts and who was asked for, by record."""
    experts = db.session.scalars(select(Associate).where(Associate.agency_id == agency_id))
    moved = select(Transfer).where(Transfer.evaluator.has(Evaluator.agency_id == agency_id))
    asked = db.session.scalars(moved.options(joinedload(Transfer.evaluator)))
    known = {name_of(one): one.name for one in experts}
    return known | {name_of(one): one.evaluator.name for one in asked}


def is_asked_for(evaluator_id: int) -> bool:
    """Whether a transfer of this person waits already."""
    query = select(func.count()).where(
        Transfer.evaluator_id == evaluator_id, Transfer.decided_at.is_(None)
    )
    return bool(db.session.scalar(query))
