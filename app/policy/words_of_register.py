"""The words of the policy about applications for the register and what keeps it true."""

from typing import Any

from app.policy.roles import Person, Role


def holds_its_key(user: Person, thing: Any) -> bool:
    """Whoever follows this very application with its key, without an account."""
    held = getattr(user, "application_id", None)
    return held is not None and held == thing.id


def is_fillable(_user: Person, thing: Any) -> bool:
    """Not handed in yet, or returned to be put right."""
    return bool(thing.is_fillable)


def is_submitted(_user: Person, thing: Any) -> bool:
    """Waits for the performance section."""
    return bool(thing.is_submitted)


def administers_the_new_agency(user: Person, thing: Any) -> bool:
    """The administrator of the agency to which somebody shall go."""
    return user.role is Role.AGENCY_ADMIN and user.organisation_id == thing.to_agency_id
