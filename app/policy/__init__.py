"""Who may do what: the words, the permissions and the rules. Imports no feature."""

from typing import Any

from app.errors import Forbidden
from app.policy.permissions import Permission
from app.policy.roles import (
    ADMINISTRATORS,
    AGENCY_ROLES,
    AUDIENCES,
    OUTSIDE_ROLES,
    ROLES_OF_PARTY,
    UNIT_ROLES,
    Person,
    Role,
)
from app.policy.rules import joined
from app.policy.words import is_business_person, sees_whole_district

__all__ = [
    "ADMINISTRATORS",
    "AGENCY_ROLES",
    "AUDIENCES",
    "OUTSIDE_ROLES",
    "ROLES_OF_PARTY",
    "RULES",
    "UNIT_ROLES",
    "Permission",
    "Person",
    "Role",
    "can",
    "is_business_person",
    "require",
    "sees_whole_district",
]

RULES = joined()


def can(user: Person, permission: Permission, thing: Any) -> bool:
    """Answer a question of permission. No rule, no user: no permission."""
    if not user.is_authenticated:
        return False
    return any(all(word(user, thing) for word in line) for line in RULES[permission] if line)


def require(user: Person, permission: Permission, thing: Any) -> None:
    """Stop here unless the user may."""
    if not can(user, permission, thing):
        raise Forbidden(asked=permission, about=thing)
