"""Questions about agencies and their evaluators. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select

from app.accounts.models import Organisation, User
from app.accounts.queries import people_of
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import qualifies
from app.audit import name_of
from app.db import db
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role

READERS_OF_ALL = UNIT_ROLES | {
    Role.PERFORMANCE_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
    Role.SECTION_OFFICER,
}


def agencies_visible_to(user: Person) -> Select[Agency]:
    """Exactly the agencies whose page this person may open, by name."""
    query = select(Agency).join(Agency.organisation).order_by(Organisation.name, Agency.id)
    if user.role in READERS_OF_ALL:
        return query
    own = user.organisation_id if user.role in AGENCY_ROLES else -1
    return query.where(Agency.id == own)


def agencies() -> Select[Agency]:
    """Every agency that is still registered, by name: for those who choose one."""
    return (
        select(Agency)
        .join(Agency.organisation)
        .where(Organisation.closed_at.is_(None))
        .order_by(Organisation.name, Agency.id)
    )


def containing(query: Select[Agency], words: str) -> Select[Agency]:
    """Those of a list of agencies whose name, code or legal representative contains the words."""
    words = words.strip()
    return query.where(
        or_(
            Organisation.name.icontains(words, autoescape=True),
            Organisation.credit_code.icontains(words, autoescape=True),
            Agency.legal_representative.icontains(words, autoescape=True),
        )
    )


def evaluators_of(agency_id: int) -> Select[Evaluator]:
    """The evaluators of an agency, those who left last."""
    return (
        select(Evaluator)
        .where(Evaluator.agency_id == agency_id)
        .order_by(Evaluator.left_at.isnot(None), Evaluator.name, Evaluator.id)
    )


def evaluator_names(agency_id: int) -> dict[str, str]:
    """The names of an agency's evaluators, also of those who left, by the log's name of each."""
    return {name_of(one): one.name for one in db.session.scalars(evaluators_of(agency_id))}


def without_account(agency_id: int) -> Select[Evaluator]:
    """The lead evaluators of an agency who have no account here, and so can't act themselves."""
    lead = Evaluator.confirmed_at.is_not(None), Evaluator.left_at.is_(None)
    query = select(Evaluator).where(Evaluator.agency_id == agency_id, *lead)
    return query.where(Evaluator.user_id.is_(None)).order_by(Evaluator.id)


def signers_of(agency_id: int, on: date) -> Sequence[Evaluator]:
    """The evaluators of an agency whose signature counts on that day."""
    people = db.session.scalars(evaluators_of(agency_id))
    return [person for person in people if qualifies(person, on) is None]


def spare_accounts(agency_id: int) -> Select[User]:
    """The accounts of an agency's people that are no evaluator's yet."""
    taken = select(Evaluator.user_id).where(Evaluator.user_id.is_not(None))
    return people_of(agency_id, AGENCY_ROLES).where(User.id.not_in(taken))


def evaluator_counts(agency_ids: Sequence[int]) -> dict[int, int]:
    """How many confirmed lead evaluators each of these agencies has today."""
    counted = (
        select(Evaluator.agency_id, func.count())
        .where(Evaluator.agency_id.in_(agency_ids))
        .where(Evaluator.confirmed_at.isnot(None), Evaluator.left_at.is_(None))
        .group_by(Evaluator.agency_id)
    )
    return dict(db.session.execute(counted).all())
