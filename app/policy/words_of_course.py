"""The words of the policy about documents that go out."""

from typing import Any

from app.policy.roles import AGENCY_ROLES, UNIT_ROLES, Person


def is_addressed(user: Person, thing: Any) -> bool:
    """Somebody of the house to which the document goes."""
    return user.role in AGENCY_ROLES | UNIT_ROLES and user.organisation_id == thing.addressee_id
