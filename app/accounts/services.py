"""What people do with organisations and accounts. Each public function is one user action."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock, credit_code
from app.accounts import passwords
from app.accounts.models import UNIT_KINDS, Organisation, OrganisationKind, User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.person_names import true_name
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role, require

# What somebody did to the account of another ("opened", "access", "role"); upper features tell.
on_power: list[Callable[[str, User, User], None]] = []
ROLES_OF_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.AGENCY: AGENCY_ROLES,
    OrganisationKind.UNIT: frozenset({Role.UNIT_OFFICER}),
    OrganisationKind.DEPARTMENT: frozenset({Role.DEPARTMENT_OFFICER}),
    OrganisationKind.FINANCE_OFFICE: frozenset({Role.FINANCE_OFFICE_OFFICER}),
    OrganisationKind.SECTION: frozenset({Role.SECTION_OFFICER, Role.PERFORMANCE_OFFICER}),
    OrganisationKind.BUREAU: frozenset(Role) - AGENCY_ROLES - UNIT_ROLES - {Role.SECTION_OFFICER},
}


@dataclass(frozen=True)
class NewAccount:
    """What is asked of somebody who gets an account."""

    organisation: Organisation
    role: Role
    login: str
    name: str
    access_ends_on: date | None = None

    @property
    def organisation_id(self) -> int:
        return self.organisation.id


def register_organisation(
    actor: User,
    kind: OrganisationKind,
    name: str,
    *,
    code: str | None = None,
    department: Organisation | None = None,
    finance_office: Organisation | None = None,
) -> Organisation:
    """The performance section enters an organisation; a credit code must be a true one."""
    require(actor, Permission.ORGANISATION_REGISTER, None)
    organisation = Organisation(
        kind=kind,
        name=true_name(name),
        credit_code=_true_code(kind, code),
        department=department if kind in UNIT_KINDS else None,
        finance_office=finance_office if kind in UNIT_KINDS else None,
        registered_at=clock.now(),
    )
    db.session.add(organisation)
    audit.record(actor, audit.Event.ORGANISATION_REGISTERED, organisation, kind=str(kind))
    return organisation


def _true_code(kind: OrganisationKind, code: str | None) -> str | None:
    """An agency must have a code; for others it may be left out, but never be a false one."""
    if not code:
        if kind is OrganisationKind.AGENCY:
            raise Invalid(_("An agency needs its unified social credit code"))
        return None
    code = credit_code.normalise(code)
    if problem := credit_code.check(code):
        raise Invalid(problem.words)
    return code


def open_account(actor: User, new: NewAccount) -> tuple[User, str]:
    """Open an account with a random first password, which is returned once and must be changed."""
    require(actor, Permission.ACCOUNT_OPEN, new)
    user = _account_of(new)
    password = _give_first_password(user)
    db.session.add(user)
    _tell("opened", actor, user)
    audit.record(actor, audit.Event.ACCOUNT_OPENED, user, role=str(new.role))
    return user, password


def open_account_without_password(actor: User, new: NewAccount) -> User:
    """Open an account that nobody can enter until its owner sets a password with a printed slip."""
    require(actor, Permission.ACCOUNT_OPEN, new)
    user = _account_of(new)
    user.password_hash, user.password_set_at = passwords.NONE_YET, clock.now()
    user.must_change_password = True
    user.session_stamp = secrets.token_hex(8)
    db.session.add(user)
    _tell("opened", actor, user)
    audit.record(actor, audit.Event.ACCOUNT_OPENED, user, role=str(new.role))
    return user


def _tell(what: str, actor: User, user: User) -> None:
    """Nobody is given a power over an account unseen."""
    for told in on_power:
        told(what, actor, user)


def _account_of(new: NewAccount) -> User:
    _check_role(new.organisation, new.role, new.access_ends_on)
    if new.organisation.closed_at is not None:
        raise Invalid(_("This organisation is closed"))
    return User(
        login=new.login.strip().lower(),
        name=true_name(new.name),
        role=new.role,
        organisation=new.organisation,
        access_ends_on=new.access_ends_on,
        opened_at=clock.now(),
    )


def _check_role(organisation: Organisation, role: Role, ends_on: date | None) -> None:
    """A role must exist where the person works; an inspector's access ends on a day to come."""
    if role not in ROLES_OF_KIND[organisation.kind]:
        raise Invalid(_("This role doesn't exist in an organisation of this kind"))
    if role is Role.INSPECTOR and ends_on is None:
        raise Invalid(_("An inspector's access needs its last day"))
    if ends_on is not None and ends_on < clock.today():
        raise Invalid(_("The last day of access lies in the past"))


def _give_first_password(user: User) -> str:
    """A random password that its owner must change; every session ends."""
    password = passwords.make_one()
    user.password_hash, user.password_set_at = passwords.hash_of(password), clock.now()
    user.must_change_password = True
    user.session_stamp = secrets.token_hex(8)
    return password


def reset_password(actor: User, user: User) -> str:
    """Give a random password that must be changed; unlocks, and ends every session."""
    require(actor, Permission.ACCOUNT_RESET, user)
    lock(user)
    if user.closed_at is not None:
        raise Conflict(_("This account is closed"))
    password = _give_first_password(user)
    user.failed_sign_ins, user.locked_until = 0, None
    _tell("access", actor, user)
    audit.record(actor, audit.Event.PASSWORD_RESET, user)
    return password


def close_account(actor: User, user: User, reason: str) -> None:
    """End an account for good, and say why; what the person did keeps their name."""
    require(actor, Permission.ACCOUNT_CLOSE, user)
    lock(user)
    if user.closed_at is not None:
        raise Conflict(_("This account is closed"))
    user.closed_at = clock.now()
    user.session_stamp = secrets.token_hex(8)
    audit.record(actor, audit.Event.ACCOUNT_CLOSED, user, reason=reason.strip())


def grant_role(actor: User, user: User, role: Role, *, ends_on: date | None = None) -> None:
    """The security administrator changes a person's role, never their own."""
    require(actor, Permission.ACCOUNT_GRANT, user)
    _check_role(user.organisation, role, ends_on)
    lock(user)
    before, user.role, user.access_ends_on = user.role, role, ends_on
    user.session_stamp = secrets.token_hex(8)
    _tell("role", actor, user)
    audit.record(actor, audit.Event.ROLE_GRANTED, user, before=str(before), role=str(role))
