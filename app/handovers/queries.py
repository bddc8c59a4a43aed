"""Who hands what to whom, and who acts for whom. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from app.accounts.models import Organisation, OrganisationKind, User
from app.accounts.queries import accounts_visible_to
from app.db import db
from app.handovers.models import Deputyship, Handover
from app.policy import Permission, Person, Role, can

HOUSE = (OrganisationKind.BUREAU, OrganisationKind.SECTION)


def handovers_visible_to(user: Person) -> Select[Handover]:
    """Exactly the hand-overs in which this person gives, takes or looks after the giver."""
    own = or_(Handover.giver_id == user.id, Handover.taker_id == user.id)
    return select(Handover).where(or_(own, Handover.giver_id.in_(_looked_after(user))))


def deputyships_visible_to(user: Person) -> Select[Deputyship]:
    """Exactly the deputyships in which this person has a part or looks after the principal."""
    own = or_(Deputyship.principal_id == user.id, Deputyship.deputy_id == user.id)
    return select(Deputyship).where(or_(own, Deputyship.principal_id.in_(_looked_after(user))))


def _looked_after(user: Person) -> Select[int]:
    """The accounts whose work this person may hand on; the policy's rule as a list."""
    query = accounts_visible_to(user).order_by(None).with_only_columns(User.id)
    may = can(user, Permission.ACCOUNT_LIST, None) and user.role is not Role.SYSTEM_ADMIN
    return query if may else query.where(User.id < 0)


def colleagues(person: User) -> Select[User]:
    """Who may take a person's work or stand in: the same role in the same house, in use."""
    same = select(Organisation.id).where(Organisation.kind.in_(HOUSE))
    here = User.organisation_id == person.organisation_id
    at_home = User.organisation_id.in_(same) if person.organisation.kind in HOUSE else here
    query = select(User).where(User.role == person.role, User.id != person.id, at_home)
    return query.where(User.closed_at.is_(None)).order_by(User.name, User.id)


def deputies_of(people: Collection[int], day: date) -> Sequence[int]:
    """Who acts for any of these people on a day, by id."""
    if not people:
        return []
    query = select(Deputyship.deputy_id).join(User, User.id == Deputyship.deputy_id)
    query = query.where(Deputyship.principal_id.in_(people), User.closed_at.is_(None))
    return db.session.scalars(query.where(*_holds(day))).all()


def principals_of(user: Person, day: date) -> Sequence[Deputyship]:
    """For whom this person may act on a day."""
    query = select(Deputyship).where(Deputyship.deputy_id == user.id, *_holds(day))
    return db.session.scalars(query.order_by(Deputyship.id)).all()


def awaiting(user: Person) -> Select[int]:
    """The hand-overs that wait for this person's word."""
    open_ones = select(Handover.id).where(Handover.done_at.is_(None), Handover.ended_at.is_(None))
    gives = (Handover.giver_id == user.id) & Handover.giver_confirmed_at.is_(None)
    takes = (Handover.taker_id == user.id) & Handover.taker_confirmed_at.is_(None)
    return open_ones.where(or_(gives, takes))


def _holds(day: date) -> tuple[ColumnElement[bool], ...]:
    in_time = Deputyship.starts_on <= day, Deputyship.ends_on >= day
    return (*in_time, Deputyship.ended_at.is_(None))
