"""Conflicts of interest: what forbids an agency a piece of work, and what is to be looked at.

What forbids is refused when an engagement is opened, whoever opens it; a mere link is kept on
the engagement, where the leader may accept it with a reason.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app import agencies, engagements
from app.audit.wording import show_fact
from app.errors import Invalid
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.agencies.models import Agency
    from app.engagements.models import Engagement
    from app.engagements.opening import NewEngagement
    from app.policy import Person


def refuse_conflict(new: "NewEngagement") -> None:
    """No engagement is opened with an agency that a prohibition keeps out."""
    from app.conflicts import labels, queries

    barred = [one for one in queries.findings_of(new) if one.is_barred]
    if barred:
        raise Invalid(labels.refusal_of(barred[0]), field="agency")


def keep_links(actor: "User", engagement: "Engagement", new: "NewEngagement") -> None:
    """What is no prohibition is kept on the engagement."""
    from app.conflicts import queries, services

    found = [one for one in queries.findings_of(new) if not one.is_barred]
    others = [one for one in found if one.facts.get("code") != engagement.code]
    services.keep_links(actor, engagement, others)


def agency_panel(agency: "Agency", user: "Person") -> tuple[str, Mapping[str, Any]] | None:
    """What ties an agency to others, and the way to enter it."""
    from app.conflicts import labels, queries

    if not can(user, Permission.RELATION_READ, agency):
        return None
    return "conflicts/agency.html", {
        "agency": agency,
        "relations": queries.relations_of(agency.id),
        "kinds": labels.RELATIONS,
    }


def engagement_panel(
    engagement: "Engagement", user: "User"
) -> tuple[str, Mapping[str, Any]] | None:
    """The links that were found when the engagement was opened."""
    from app.conflicts import labels, queries

    if not can(user, Permission.CONFLICT_READ, engagement):
        return None
    links = queries.links_of(engagement)
    told = {"links": links, "engagement": engagement, "words_of": labels.words_of}
    return ("conflicts/engagement.html", told) if links else None


def join() -> None:
    """Listen to the features below; once a process is enough."""
    from app.conflicts import labels
    from app.conflicts.rules import LinkKind, RelationKind

    if agency_panel not in agencies.panels:
        agencies.panels.append(agency_panel)
        engagements.opening_checks.append(refuse_conflict)
        engagements.on_opened.append(keep_links)
        engagements.panels.append(engagement_panel)
    show_fact("relation_kind", lambda told: str(labels.RELATIONS[RelationKind(told)]))
    show_fact("link", lambda told: str(labels.FOUND[LinkKind(told)]))
    show_fact("links", labels.links_in_words)
