"""What changes say on the page of an engagement, of an agency, and to a stage."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app import agencies, engagements
from app.accounts.models import User
from app.agencies.models import Agency
from app.amendments import labels, queries
from app.amendments.models import AmendmentKind
from app.audit.wording import show_fact
from app.display import local_date, yuan
from app.engagements import Tab
from app.engagements.models import Engagement, Stage
from app.errors import Words
from app.papers.joining import once
from app.policy import Permission, Person, can, sees_whole_district


def join() -> None:
    """Join the lists of the features below once, however many portals this process makes."""
    once(engagements.submission_gates, suspended)
    once(engagements.panels, panel)
    once(engagements.tabs, tab)
    once(agencies.panels, agency_panel)
    show_fact("amendment_kind", lambda word: str(labels.KINDS[AmendmentKind(word)]))
    show_fact("before_fen", yuan)
    show_fact("new_fen", yuan)
    show_fact("corrected", lambda word: str(labels.FIELDS[word]))


def suspended(stage: Stage) -> Words | None:
    """While work is suspended no stage is handed in."""
    found = queries.suspension_of(stage.engagement)
    if found is None:
        return None
    return _("Work is suspended since %(day)s", day=local_date(found.starts_on))


def panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """Days that moved, what waits, and the contracts before and after; nothing while none is."""
    if not can(user, Permission.AMENDMENT_READ, engagement):
        return None
    rows = queries.amendments_of(engagement)
    before = queries.predecessor_of(engagement)
    if not rows and before is None:
        return None
    planned = queries.planned_days(engagement)
    shown = {"rows": rows, "planned": planned, "before": before, "labels": labels}
    return "amendments/panel.html", {
        **shown,
        "facts": queries.facts_of([engagement.id])[engagement.id],
    }


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of the changes, with how many wait for a decision."""
    if not can(user, Permission.AMENDMENT_READ, engagement):
        return None
    asked = len(queries.asked_of(engagement))
    url = f"/engagements/{engagement.id}/amendments"
    return Tab(_("Changes"), url, asked, "warn" if asked else "")


def agency_panel(agency: Agency, user: Person) -> tuple[str, Mapping[str, Any]] | None:
    """How often an agency asked for time and changed the lead evaluator."""
    own = user.organisation_id == agency.id
    if not own and not sees_whole_district(user, agency):
        return None
    return "amendments/agency.html", {"facts": queries.facts_of_agency(agency.id)}
