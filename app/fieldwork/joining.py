"""What process data say of a stage, and on the page of an engagement."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import engagements
from app.accounts.models import User
from app.audit.wording import show_fact
from app.engagements import Tab
from app.engagements.models import Act, Engagement, Stage
from app.errors import Words
from app.fieldwork import labels, queries
from app.papers.joining import once
from app.policy import Permission, can

STAGE = "fieldwork"


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.submission_gates, unvisited)
    once(engagements.tabs, tab)
    show_fact("entry", lambda name: str(labels.ENTRIES.get(name, name)))


def unvisited(stage: Stage) -> Words | None:
    """Where the template asks for it, the fieldwork isn't handed in without a visit on record."""
    if stage.code != STAGE or Act.SITE_VISIT not in stage.engagement.template.required_acts:
        return None
    if queries.has_visit(stage.engagement):
        return None
    return _("No site visit is on record: enter date, place, people and photographs of one")


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of entries, for those who read the papers; amber while a visit is missing."""
    if not can(user, Permission.FIELDWORK_READ, engagement):
        return None
    facts = queries.facts_of([engagement.id])[engagement.id]
    stage = engagement.current_stage
    lacks = stage is not None and unvisited(stage) is not None
    label = gettext("Work on site")
    return Tab(
        label,
        f"/engagements/{engagement.id}/fieldwork",
        facts.visits + facts.interviews,
        "warn" if lacks else "",
    )
