"""The words of the policy: how a person stands to a thing. Imports no feature."""

from typing import Any

from app.policy.roles import (
    ADMINISTRATORS,
    AGENCY_ROLES,
    OUTSIDE_ROLES,
    ROLES_OF_PARTY,
    UNIT_ROLES,
    Person,
    Role,
    Word,
)


def has_role(*roles: Role) -> Word:
    """Make the word that holds for people of these roles."""

    def word(user: Person, _thing: Any) -> bool:
        return user.role in roles

    word.__name__ = f"is_{'_or_'.join(roles)}"
    return word


is_performance = has_role(Role.PERFORMANCE_OFFICER)
is_leader = has_role(Role.LEADER)
is_inspector = has_role(Role.INSPECTOR)
is_archivist = has_role(Role.ARCHIVIST)
is_section = has_role(Role.SECTION_OFFICER)
is_agency_admin = has_role(Role.AGENCY_ADMIN)
is_system_admin = has_role(Role.SYSTEM_ADMIN)
is_security_admin = has_role(Role.SECURITY_ADMIN)
is_audit_admin = has_role(Role.AUDIT_ADMIN)


def sees_whole_district(user: Person, _thing: Any) -> bool:
    """The bureau's overseers: performance section, leaders, inspectors."""
    return user.role in {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}


def is_business_person(user: Person, _thing: Any) -> bool:
    """Everybody but the three administrators, who see no business of the bureau."""
    return user.role is not None and user.role not in ADMINISTRATORS


def works_for_agency(user: Person, thing: Any) -> bool:
    """A person of the agency that holds the contract."""
    return user.role in AGENCY_ROLES and user.organisation_id == thing.engagement.agency_id


def leads_engagement(user: Person, thing: Any) -> bool:
    """The agency's administrator or a lead evaluator of the agency that holds the contract."""
    return works_for_agency(user, thing) and user.role in {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}


def works_for_unit(user: Person, thing: Any) -> bool:
    """An officer of a unit that is evaluated in the engagement."""
    return user.role in UNIT_ROLES and user.organisation_id in thing.engagement.unit_ids


def oversees_unit(user: Person, thing: Any) -> bool:
    """The supervising department or township finance office of an evaluated unit."""
    return (
        user.role in {Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}
        and user.organisation_id in thing.engagement.overseer_ids
    )


def is_its_section(user: Person, thing: Any) -> bool:
    """The business section in charge of a task of the engagement."""
    return (
        user.role is Role.SECTION_OFFICER and user.organisation_id in thing.engagement.section_ids
    )


def acts_for_client(user: Person, thing: Any) -> bool:
    """The commissioning party: the bureau's performance section, or the department that signed."""
    if thing.engagement.client_is_bureau:
        return user.role is Role.PERFORMANCE_OFFICER
    return user.role in UNIT_ROLES and user.organisation_id == thing.engagement.client_id


def is_open(_user: Person, thing: Any) -> bool:
    """Work goes on: neither accepted, finally refused, terminated nor closed."""
    return bool(thing.engagement.is_open)


def is_over(_user: Person, thing: Any) -> bool:
    """Accepted, finally refused, terminated or closed: the buyers may rate."""
    return not thing.engagement.is_open


def is_archived_stage(_user: Person, thing: Any) -> bool:
    """Work is over, papers are put in order: an archivist may read."""
    return not thing.engagement.is_open


def is_own_agency(user: Person, thing: Any) -> bool:
    return user.role in AGENCY_ROLES and user.organisation_id == thing.agency_id


def administers_own_agency(user: Person, thing: Any) -> bool:
    return user.role is Role.AGENCY_ADMIN and user.organisation_id == thing.agency_id


def gives_outside_role(_user: Person, thing: Any) -> bool:
    """The performance section opens accounts for agencies, units, sections and experts only."""
    return thing.role in OUTSIDE_ROLES


def gives_agency_role(_user: Person, thing: Any) -> bool:
    return thing.role in AGENCY_ROLES


def is_same_organisation(user: Person, thing: Any) -> bool:
    return user.organisation_id == thing.organisation_id


def is_not_self(user: Person, thing: Any) -> bool:
    return user.id != thing.id


def is_self(user: Person, thing: Any) -> bool:
    """Oneself, but for an inspector, whose access is theirs alone and ends by itself."""
    return user.id == thing.id and user.role is not Role.INSPECTOR


def gives_or_takes(user: Person, thing: Any) -> bool:
    """One of the two sides of a hand-over."""
    return user.id in {thing.giver_id, thing.taker_id}


def is_deputy(user: Person, thing: Any) -> bool:
    return user.id == thing.deputy_id


def is_principal(user: Person, thing: Any) -> bool:
    return user.id == thing.principal_id


def acts_for_nobody(user: Person, _thing: Any) -> bool:
    """Oneself, not in another's place: stars are given by nobody's deputy."""
    return getattr(user, "acts_for", None) is None


def is_invited(user: Person, thing: Any) -> bool:
    """The party that the invitation names; people of its organisation, in that party's role."""
    return (
        user.role in ROLES_OF_PARTY[thing.party] and user.organisation_id == thing.organisation_id
    )


def is_awaited(_user: Person, thing: Any) -> bool:
    """The round is open and this party has not yet submitted."""
    return bool(thing.is_awaited)


def holds_its_link(user: Person, thing: Any) -> bool:
    """The holder of a live one-time link to this invitation, or to that of this review."""
    held = getattr(user, "invitation_id", None)
    return held is not None and held == thing.invitation_id


def is_returned(_user: Person, thing: Any) -> bool:
    """An appeal returned the review to its writer, whose days aren't over."""
    return bool(thing.is_returned)


def is_wanted(_user: Person, thing: Any) -> bool:
    """A review is still awaited here, or an appeal has returned it."""
    return bool(thing.is_wanted)


def is_of_unit(_user: Person, thing: Any) -> bool:
    """An invitation of a unit."""
    return bool(thing.party == "unit")


def is_rateable(_user: Person, thing: Any) -> bool:
    """The days in which an agency may rate a unit aren't over."""
    return bool(thing.is_rateable)


def is_not_flagged(user: Person, thing: Any) -> bool:
    """Nobody settles a sign about themselves, nor one about a ring that they may be in."""
    return user.id != thing.rater_id and user.id not in thing.figures.get("raters", [])


def is_no_rater(user: Person, thing: Any) -> bool:
    """Whoever rated in a round decides nothing about it."""
    return user.id not in thing.rater_ids


def is_unsealed(_user: Person, thing: Any) -> bool:
    return bool(thing.unsealed_at is not None)


def is_published(_user: Person, thing: Any) -> bool:
    return bool(thing.published_at is not None)


def wrote_it(user: Person, thing: Any) -> bool:
    return user.id is not None and user.id == thing.author_id


def is_its_reviewer(user: Person, thing: Any) -> bool:
    """Whoever is named for the level that waits."""
    return user.id == thing.reviewer_id


def is_addressee(user: Person, thing: Any) -> bool:
    """A message is read by the person it was sent to, and by nobody else."""
    return user.id == thing.user_id


def is_told(_user: Person, thing: Any) -> bool:
    """Its agency has been given notice: an assessment confirmed, a year's list or measure told."""
    return bool(thing.is_told)


def did_not_fill(user: Person, thing: Any) -> bool:
    """Somebody else filled the assessment in."""
    return user.id != thing.filled_by_id


def is_uninvolved(user: Person, thing: Any) -> bool:
    """Had no hand in what an objection is raised against."""
    return user.id not in thing.involved_ids


def speaks_for_own_agency(user: Person, thing: Any) -> bool:
    """The agency's administrator or a lead evaluator: who objects in its name."""
    heads = {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}
    return user.role in heads and user.organisation_id == thing.agency_id
