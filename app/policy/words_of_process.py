"""The words of the policy about the process of evaluating: who is asked, invited, answerable."""

from typing import Any

from app.policy.roles import UNIT_ROLES, Person, Role


def is_asked_unit(user: Person, thing: Any) -> bool:
    """An officer of the very unit that the thing was sent to, not of the contract's other units."""
    return user.role in UNIT_ROLES and user.organisation_id == thing.unit_id


def oversees_asked_unit(user: Person, thing: Any) -> bool:
    """The supervising department or township finance office of that unit."""
    above = {thing.unit.department_id, thing.unit.finance_office_id}
    overseers = {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}
    return user.role in overseers and user.organisation_id in above


def is_seated(user: Person, thing: Any) -> bool:
    """An expert who is invited to the review."""
    return user.role is Role.EXPERT and user.id in thing.expert_ids


def holds_seat(user: Person, thing: Any) -> bool:
    """The expert whose own seat it is."""
    return user.role is Role.EXPERT and user.id == thing.expert_id


def is_accepted(_user: Person, thing: Any) -> bool:
    """The commissioning party has accepted the work."""
    return bool(thing.engagement.accepted_at is not None)


def is_sent(_user: Person, thing: Any) -> bool:
    """It is no draft any more."""
    return bool(thing.sent_at is not None)
