"""What assessments show on the pages of engagements and agencies."""

from collections.abc import Mapping
from typing import Any

from app import agencies, clock, engagements
from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments import annual_queries, credit_queries, labels, proposing, queries
from app.audit.wording import show_fact
from app.engagements.models import Engagement
from app.identity import acts
from app.papers.joining import once
from app.policy import Permission, Person, can

MOST_SHOWN = 5


def join() -> None:
    """Join the lists of engagements and agencies once, however many portals this process makes."""
    once(engagements.panels, engagement_panel)
    once(agencies.panels, credit_panel)
    acts.ACTS.setdefault(proposing.RULES, proposing.RULES_ACT)
    acts.ACTS.setdefault(proposing.FORM, proposing.FORM_ACT)
    show_fact("consequence_kind", labels.kind_of_fact)
    show_fact("objection_outcome", labels.outcome_of_fact)


def engagement_panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The assessment of a finished job, for those who may read it."""
    if engagement.is_open:
        return None
    found = queries.versions_of(engagement)
    shown = [one for one in found if can(user, Permission.ASSESSMENT_READ, one)]
    may_edit = can(user, Permission.ASSESSMENT_EDIT, engagement)
    if not shown and not may_edit:
        return None
    told = {"engagement": engagement, "found": shown, "may_edit": may_edit, "labels": labels}
    return "assessments/engagement_panel.html", told


def credit_panel(agency: Agency, user: Person) -> tuple[str, Mapping[str, Any]] | None:
    """The credit record on the agency's page: what holds today, what has ended, the years."""
    may_read = can(user, Permission.CONSEQUENCE_LIST, None) or _is_told(agency, user)
    if not may_read:
        return None
    record = credit_queries.credit_record_of(agency, user)
    today = clock.today()
    return "assessments/credit_panel.html", {
        "agency": agency,
        "in_force": [one for one in record if one.is_in_force(today)],
        "others": [one for one in record if not one.is_in_force(today)],
        "rows": annual_queries.published_rows_of(agency)[:MOST_SHOWN],
        "may_propose": can(user, Permission.CONSEQUENCE_PROPOSE, agency),
        "labels": labels,
    }


def _is_told(agency: Agency, user: Person) -> bool:
    """Whoever may read the agency's page reads what was told of it."""
    return can(user, Permission.AGENCY_READ, agency)
