"""How roles and kinds of organisation are called on pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app.accounts import passwords
from app.accounts.models import OrganisationKind, User
from app.audit.wording import show_fact
from app.errors import Words
from app.policy import Role

ROLES = {
    Role.AGENCY_ADMIN: _("Agency administrator"),
    Role.LEAD_EVALUATOR: _("Lead evaluator"),
    Role.AGENCY_MEMBER: _("Agency member"),
    Role.UNIT_OFFICER: _("Unit performance officer"),
    Role.DEPARTMENT_OFFICER: _("Supervising department officer"),
    Role.FINANCE_OFFICE_OFFICER: _("Township finance officer"),
    Role.PERFORMANCE_OFFICER: _("Performance section officer"),
    Role.SECTION_OFFICER: _("Business section officer"),
    Role.EXPERT: _("Expert"),
    Role.ARCHIVIST: _("Archivist"),
    Role.LEADER: _("Bureau leader"),
    Role.INSPECTOR: _("Inspector"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}
KINDS = {
    OrganisationKind.BUREAU: _("Finance bureau"),
    OrganisationKind.SECTION: _("Business section"),
    OrganisationKind.DEPARTMENT: _("Supervising department"),
    OrganisationKind.UNIT: _("Budget unit"),
    OrganisationKind.FINANCE_OFFICE: _("Township finance office"),
    OrganisationKind.AGENCY: _("Third-party agency"),
}
REFUSED_BECAUSE = {
    "unknown": _("no such sign-in name"),
    "password": _("wrong password"),
    "code": _("wrong code of the second step"),
    "locked": _("the account is locked"),
    "closed": _("the account has ended"),
    "activation": _("the code on the slip opens nothing"),
}


def join() -> None:
    """Tell the log how roles, kinds and reasons are written in its sentences."""
    for name in ("role", "before"):
        show_fact(name, lambda fact: _called(ROLES, fact))
    show_fact("kind", lambda fact: _called(KINDS, fact))
    show_fact("reason", lambda fact: _called(REFUSED_BECAUSE, fact))


def _called(words: Mapping[Any, Words], fact: object) -> str:
    """A fact of ours by its words; other features' facts of the same name stay as they are."""
    return str(words.get(fact, fact) if isinstance(fact, str) else fact)


def state_of(user: User, now: datetime) -> tuple[Words, str]:
    """The state of an account in words, and its tone."""
    if user.closed_at is not None:
        return _("Closed"), "grey"
    if not user.is_active:
        return _("Access has ended"), "grey"
    if user.locked_until is not None and user.locked_until > now:
        return _("Locked"), "red"
    if user.password_hash == passwords.NONE_YET:
        return _("Not activated"), "amber"
    if user.must_change_password:
        return _("First password"), "amber"
    return _("Account in use"), "green"
