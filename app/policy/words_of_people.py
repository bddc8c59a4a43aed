"""The words of the policy about what people may do with the data about themselves."""

from collections.abc import Mapping
from typing import Any

from app.policy.roles import Person, Role

ADMINISTRATION = frozenset({Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN})
# Who asks for an act of two people and who may be the second one, by the kind of act.
ACTS_ASKED_BY: Mapping[str, frozenset[Role]] = {
    "seal_key": ADMINISTRATION,
    "personal_key": ADMINISTRATION,
    "store_key": ADMINISTRATION,
    "purge": frozenset({Role.ARCHIVIST}),
    "weights": frozenset({Role.PERFORMANCE_OFFICER}),
    "assessment_rules": frozenset({Role.PERFORMANCE_OFFICER}),
    "assessment_form": frozenset({Role.PERFORMANCE_OFFICER}),
}
ACTS_DECIDED_BY: Mapping[str, frozenset[Role]] = {
    "seal_key": ADMINISTRATION,
    "personal_key": ADMINISTRATION,
    "store_key": ADMINISTRATION,
    "purge": frozenset({Role.LEADER}),
    "weights": frozenset({Role.LEADER}),
    "assessment_rules": frozenset({Role.LEADER}),
    "assessment_form": frozenset({Role.LEADER}),
}


def is_the_person(user: Person, thing: Any) -> bool:
    """The very person, whoever they are: data about oneself are nobody else's to take."""
    return user.id == thing.id


def did_not_ask(user: Person, thing: Any) -> bool:
    """Somebody else asked: nobody corrects themselves."""
    return user.id != thing.user_id


def asks_such_acts(user: Person, thing: Any) -> bool:
    """Acts of two people of this kind are theirs to ask for (of any kind, where none is named)."""
    known = ACTS_ASKED_BY
    if thing is None:
        return any(user.role in roles for roles in known.values())
    return user.role in known.get(thing.kind, frozenset())


def decides_such_acts(user: Person, thing: Any) -> bool:
    """They may be the second person of acts of this kind."""
    return user.role in ACTS_DECIDED_BY.get(thing.kind, frozenset())


def knows_of_acts(user: Person, _thing: Any) -> bool:
    """Some acts of two people are theirs to ask for or to decide."""
    both = (*ACTS_ASKED_BY.values(), *ACTS_DECIDED_BY.values())
    return any(user.role in roles for roles in both)
