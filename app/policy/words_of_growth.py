"""The words of training and exchange. Imports no feature."""

from typing import Any

from app.policy.roles import AGENCY_ROLES, UNIT_ROLES, Person, Role

_LEARNERS = AGENCY_ROLES | UNIT_ROLES | {Role.EXPERT, Role.SECTION_OFFICER}


def is_learner(user: Person, _thing: Any) -> bool:
    """Whom the bureau trains: people of agencies and units, sections and experts."""
    return user.role in _LEARNERS


def is_published(_user: Person, thing: Any) -> bool:
    """Published, and not withdrawn since."""
    return bool(thing.is_published)


def is_its_audience(user: Person, thing: Any) -> bool:
    """Somebody for whom the course is."""
    if thing.audience == "agency":
        return user.role in AGENCY_ROLES
    return thing.audience != "unit" or user.role in UNIT_ROLES


def is_waiting(_user: Person, thing: Any) -> bool:
    """Nobody has decided it yet."""
    return bool(thing.is_waiting)
