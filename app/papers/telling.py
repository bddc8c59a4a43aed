"""Who finds a line in the inbox when something happens to a paper."""

from app.engagements.models import Engagement
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.papers.models import WorkingPaper
from app.policy import AGENCY_ROLES, UNIT_ROLES, Role


def tell_bureau(paper: WorkingPaper) -> None:
    """A new version waits for the performance section."""
    send(
        people.holders_of(Role.PERFORMANCE_OFFICER),
        Kind.PAPER_SUBMITTED,
        named(paper),
        f"/papers/{paper.id}",
    )


def tell_agency(paper: WorkingPaper, kind: Kind) -> None:
    """The bureau decided on a paper of the agency."""
    staff = people.recipients([paper.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, named(paper), f"/papers/{paper.id}")


def tell_of_report(engagement: Engagement) -> None:
    """The final report is in, and the commissioning party may look at it."""
    buyers = people.recipients([engagement.client_id], UNIT_ROLES)
    send(
        {*people.holders_of(Role.PERFORMANCE_OFFICER), *buyers},
        Kind.REPORT_SUBMITTED,
        {"engagement": engagement.name},
        f"/engagements/{engagement.id}/report",
    )


def named(paper: WorkingPaper) -> dict[str, str]:
    """The facts of a message about a paper."""
    return {"engagement": paper.engagement.name, "paper": f"{paper.index_no} {paper.title}"}
