"""Training (培训·继续教育): courses, quizzes, sessions, hours and their certificates.

Hours are told beside a name and are never a condition of anything.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app import agencies

if TYPE_CHECKING:
    from app.agencies.models import Agency
    from app.policy import Person


def panel(agency: "Agency", user: "Person") -> tuple[str, Mapping[str, Any]] | None:
    """The valid hours of this year beside the names of the agency's people."""
    from app import clock
    from app.training import queries

    year = clock.today().year
    return "training/panel.html", {"year": year, "people": queries.hours_of_agency(agency.id, year)}


def join() -> None:
    """Speak up on an agency's page and in a person's own file; once a process is enough."""
    from app.personal import exporting
    from app.training import own_rows

    exporting.sections["hours"] = own_rows.HOURS
    exporting.sections["quizzes"] = own_rows.QUIZZES
    if panel not in agencies.panels:
        agencies.panels.append(panel)
