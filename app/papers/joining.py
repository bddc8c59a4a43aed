"""What papers say about an engagement: what a stage still owes, and whether a report is in."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import clock, engagements, handovers, papers
from app.accounts.models import User
from app.audit.wording import show_fact
from app.engagements.models import Engagement, Stage
from app.errors import Words
from app.papers import handing, labels, queries, required, reviewing
from app.papers.models import SealKind
from app.papers.next_things import next_things
from app.policy import Permission, can

T = TypeVar("T")
PANEL = "papers/panel.html"


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.submission_gates, owed_papers)
    once(engagements.approval_notes, undecided_papers)
    once(engagements.acceptance_gates, owed_report)
    once(engagements.panels, panel)
    once(engagements.acceptance_panels, delivered)
    once(papers.report_gates, reviewing.owed_reviews)
    for movable in handing.MOVABLES:
        handovers.move_with(movable)
    show_fact("level", lambda level: str(labels.NUMERALS.get(level, level)))
    show_fact("seal", lambda seal: str(labels.SEALS[SealKind(seal)]))
    show_fact("outcome", lambda word: str(labels.REVIEW_OUTCOMES.get(word, word)))
    show_fact("refusal", lambda word: str(labels.REFUSALS.get(word, word)))


def once(joined: list[T], word: T) -> None:
    """Add to a list what isn't in it."""
    if word not in joined:
        joined.append(word)


def owed_papers(stage: Stage) -> Words | None:
    """A stage can't be handed in while a paper that it asks for is missing or returned."""
    asked = queries.required_papers([stage], queries.papers_of(stage.engagement))
    owed = [f"{one.index_class}《{one.title}》" for one in asked if not one.is_met]
    if not owed:
        return None
    return _("Missing or returned: %(papers)s", papers=gettext(", ").join(owed))


def undecided_papers(stage: Stage) -> Words | None:
    """A stage may be approved while the bureau has papers of it to decide on; it is told so."""
    found = [one for one in queries.papers_of(stage.engagement) if one.stage_id == stage.id]
    if not (waiting := queries.counted(found).waiting):
        return None
    return _("Papers of this stage not yet decided: %(count)s", count=waiting)


def owed_report(engagement: Engagement) -> Words | None:
    """Acceptance waits for the final report of this round."""
    if queries.report_of_round(engagement) is None:
        return _("The final report of this round has not been submitted")
    return None


def delivered(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The report of this round and how the papers stand, beside the decision on acceptance."""
    report = queries.report_of_round(engagement)
    if report is None or not can(user, Permission.PAPER_READ, engagement):
        return None
    return "papers/delivered.html", {
        "engagement": engagement,
        "report": report,
        "seal": labels.SEALS[report.seal],
        "is_late": clock.day_of(report.submitted_at) > engagement.ends_on,
        "counts": queries.counted(queries.papers_of(engagement)),
    }


def panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """How the papers stand, on the page of the engagement, for those who may read them."""
    if not can(user, Permission.PAPER_READ, engagement):
        return None
    found = queries.papers_of(engagement)
    asked = queries.required_papers(engagement.stages, found)
    coverage = required.coverage_of(engagement.stages, found)
    return PANEL, {
        "engagement": engagement,
        "counts": queries.counted(found),
        "missing": [one for one in asked if one.paper is None],
        "coverage": coverage,
        "next": next_things(engagement, user, papers=found, coverage=coverage),
        "report": queries.report_of_round(engagement),
        "may_submit": can(user, Permission.PAPER_SUBMIT, engagement),
    }
