"""Who finds a line in the inbox when something of an assessment, a year or a measure moves."""

from datetime import date

from app.assessments.annual_models import AnnualList
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, Role


def ask_confirmation(assessment: Assessment) -> None:
    """Everybody of the section but whoever filled it in may be the second person."""
    staff = set(people.holders_of(Role.PERFORMANCE_OFFICER)) - {assessment.filled_by_id}
    send(staff, Kind.ASSESSMENT_SUBMITTED, _job(assessment), link_of(assessment))


def send_back(assessment: Assessment) -> None:
    """Whoever filled it in hears that it came back."""
    send([assessment.filled_by_id], Kind.ASSESSMENT_RETURNED, _job(assessment), link_of(assessment))


def tell_agency(assessment: Assessment) -> None:
    """The agency sees its assessment, and until when it may object."""
    staff = people.recipients([assessment.agency_id], AGENCY_ROLES)
    facts = {**_job(assessment), "until": _day(assessment.objections_until)}
    send(staff, Kind.ASSESSMENT_CONFIRMED, facts, link_of(assessment))


def give_notice(annual_list: AnnualList) -> None:
    """Each agency of the list hears of its own row."""
    facts = {"year": str(annual_list.year), "until": _day(annual_list.objections_until)}
    for row in annual_list.rows:
        staff = people.recipients([row.agency_id], AGENCY_ROLES)
        send(staff, Kind.ANNUAL_LIST_NOTICED, facts, f"/annual-assessments/rows/{row.id}")


def ask_leader(annual_list: AnnualList) -> None:
    """The leaders hear that a list waits for them."""
    facts = {"year": str(annual_list.year)}
    link = f"/annual-assessments/{annual_list.id}"
    send(people.holders_of(Role.LEADER), Kind.ANNUAL_LIST_READY, facts, link)


def tell_published(annual_list: AnnualList) -> None:
    """Every agency of the list, and the section, hear that it is published."""
    agencies = [row.agency_id for row in annual_list.rows]
    staff = {
        *people.recipients(agencies, AGENCY_ROLES),
        *people.holders_of(Role.PERFORMANCE_OFFICER),
    }
    link = f"/annual-assessments/{annual_list.id}"
    send(staff, Kind.ANNUAL_LIST_PUBLISHED, {"year": str(annual_list.year)}, link)


def ask_decision(consequence: Consequence) -> None:
    """The leaders decide on what is proposed."""
    facts = {"agency": consequence.agency.name}
    send(people.holders_of(Role.LEADER), Kind.CONSEQUENCE_PROPOSED, facts, link_of(consequence))


def tell_imposed(consequence: Consequence) -> None:
    """Notice to the agency, with the last day of its appeal."""
    staff = people.recipients([consequence.agency_id], AGENCY_ROLES)
    facts = {"basis": consequence.basis, "until": _day(consequence.objections_until)}
    send(staff, Kind.CONSEQUENCE_IMPOSED, facts, link_of(consequence))


def tell_ended(consequence: Consequence) -> None:
    """The agency and the section hear that the term is over."""
    staff = {
        *people.recipients([consequence.agency_id], AGENCY_ROLES),
        *people.holders_of(Role.PERFORMANCE_OFFICER),
    }
    send(staff, Kind.CONSEQUENCE_ENDED, {"basis": consequence.basis}, link_of(consequence))


def ask_ruling(objection: Objection) -> None:
    """Whoever may decide on an objection hears of it."""
    staff = set(people.holders_of(Role.PERFORMANCE_OFFICER, Role.LEADER))
    facts = {"agency": objection.agency.name, "until": _day(objection.decide_by)}
    decides = {key for key in staff if key not in objection.involved_ids}
    send(decides, Kind.OBJECTION_RAISED, facts, f"/objections/{objection.id}")


def tell_ruling(objection: Objection) -> None:
    """The agency hears what was decided, and so do those whose work it was about."""
    staff = {
        *people.recipients([objection.agency_id], AGENCY_ROLES),
        *(key for key in objection.involved_ids if key is not None),
    }
    facts = {"agency": objection.agency.name}
    send(staff, Kind.OBJECTION_DECIDED, facts, f"/objections/{objection.id}")


def link_of(thing: Assessment | Consequence) -> str:
    """The page of an assessment or a measure."""
    room = "assessments" if isinstance(thing, Assessment) else "consequences"
    return f"/{room}/{thing.id}"


def _job(assessment: Assessment) -> dict[str, str]:
    return {"engagement": assessment.engagement.name}


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"
