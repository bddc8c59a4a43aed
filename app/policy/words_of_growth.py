"""The words of training and exchange. Imports no feature."""

from typing import Any

from app.policy.roles import AGENCY_ROLES, AUDIENCES, OUTSIDE_ROLES, Person, Role


def is_learner(user: Person, _thing: Any) -> bool:
    """Whom the bureau trains: people of agencies and units, sections and experts."""
    return user.role in OUTSIDE_ROLES


def is_published(_user: Person, thing: Any) -> bool:
    """Published, and not withdrawn since."""
    return bool(thing.is_published)


def is_its_audience(user: Person, thing: Any) -> bool:
    """Somebody for whom the course is."""
    return user.role in AUDIENCES[thing.audience]


def is_waiting(_user: Person, thing: Any) -> bool:
    """Nobody has decided it yet."""
    return bool(thing.is_waiting)


def takes_part(user: Person, _thing: Any) -> bool:
    """Who speaks in the exchange: those who learn, and the bureau's own officers and leaders."""
    return user.role in OUTSIDE_ROLES | {Role.PERFORMANCE_OFFICER, Role.LEADER}


def is_shown(_user: Person, thing: Any) -> bool:
    """A post that nobody hid, or an answer in one that nobody hid either."""
    return bool(thing.is_shown)


def is_of_section(_user: Person, thing: Any) -> bool:
    """A notice or a policy: the section's word, whoever of it wrote it."""
    return bool(thing.is_of_section)


def heads_agency(user: Person, _thing: Any) -> bool:
    """The administrator or a lead evaluator of an agency."""
    return user.role in {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}


def heads_member(user: Person, thing: Any) -> bool:
    """The administrator of an agency that the agreement names: only they bind it."""
    return user.role is Role.AGENCY_ADMIN and user.organisation_id in thing.member_ids


def works_for_member(user: Person, thing: Any) -> bool:
    """A person of an agency that the agreement names."""
    return user.role in AGENCY_ROLES and user.organisation_id in thing.member_ids


def did_not_release(user: Person, thing: Any) -> bool:
    """Two different people release a case, and neither of them twice."""
    return user.id not in thing.released_ids


def is_awaited_case(_user: Person, thing: Any) -> bool:
    """A case that waits for a release."""
    return bool(thing.is_awaited)
