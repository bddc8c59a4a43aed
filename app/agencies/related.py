"""Branches and associated experts of an agency. Each public function is one user action."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock, credit_code
from app.accounts.models import User
from app.agencies.models import Agency
from app.agencies.related_models import Associate, Branch
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.person_names import true_name
from app.policy import Permission, require

ENDED = _("This entry has ended already")


@dataclass(frozen=True)
class NewBranch:
    """A branch as it is told."""

    name: str
    credit_code: str = ""
    address: str = ""


@dataclass(frozen=True)
class NewAssociate:
    """An associated expert as the agency tells it."""

    name: str
    title: str = ""
    employer: str = ""


def branches_of(agency_id: int) -> Sequence[Branch]:
    """The branches of an agency that are still there, in the order of their entry."""
    query = select(Branch).where(Branch.agency_id == agency_id, Branch.ended_at.is_(None))
    return db.session.scalars(query.order_by(Branch.id)).all()


def associates_of(agency_id: int) -> Sequence[Associate]:
    """The associated experts of an agency that are still there."""
    query = select(Associate).where(Associate.agency_id == agency_id, Associate.ended_at.is_(None))
    return db.session.scalars(query.order_by(Associate.id)).all()


def enter_branch(actor: User, agency: Agency, new: NewBranch) -> Branch:
    """A branch is entered; one that answers for itself has a true credit code of its own."""
    require(actor, Permission.AGENCY_EDIT, agency)
    code = credit_code.normalise(new.credit_code)
    if not new.name.strip():
        raise Invalid(_("Enter the name"), field="name")
    if code and (problem := credit_code.check(code)):
        raise Invalid(problem.words, field="credit_code")
    branch = Branch(
        agency_id=agency.id,
        name=true_name(new.name),
        credit_code=code,
        address=new.address.strip(),
        entered_at=clock.now(),
    )
    db.session.add(branch)
    audit.record(actor, audit.Event.BRANCH_ENTERED, branch, scope=agency, name=branch.name)
    return branch


def end_branch(actor: User, agency: Agency, branch: Branch) -> None:
    """A branch is no more; its entry stays, ended."""
    require(actor, Permission.AGENCY_EDIT, agency)
    lock(branch)
    if branch.ended_at is not None or branch.agency_id != agency.id:
        raise Conflict(ENDED)
    branch.ended_at = clock.now()
    audit.record(actor, audit.Event.BRANCH_ENDED, branch, scope=agency, name=branch.name)


def enter_associate(actor: User, agency: Agency, new: NewAssociate) -> Associate:
    """An associated expert is entered; whoever they are stands in the row alone, not in the log."""
    require(actor, Permission.AGENCY_EDIT, agency)
    if not new.name.strip():
        raise Invalid(_("Enter the name"), field="name")
    associate = Associate(
        agency_id=agency.id,
        name=true_name(new.name),
        title=new.title.strip(),
        employer=new.employer.strip(),
        entered_at=clock.now(),
    )
    db.session.add(associate)
    audit.record(actor, audit.Event.ASSOCIATE_ENTERED, associate, scope=agency)
    return associate


def end_associate(actor: User, agency: Agency, associate: Associate) -> None:
    """The agency works with the expert no more; the entry stays, ended."""
    require(actor, Permission.AGENCY_EDIT, agency)
    lock(associate)
    if associate.ended_at is not None or associate.agency_id != agency.id:
        raise Conflict(ENDED)
    associate.ended_at = clock.now()
    audit.record(actor, audit.Event.ASSOCIATE_ENDED, associate, scope=agency)
