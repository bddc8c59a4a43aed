"""What scores say about a report, and what the pages of papers and engagements show of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext

from app import engagements, papers
from app.accounts.models import User
from app.audit.wording import show_fact
from app.display import yuan
from app.engagements.models import Engagement
from app.errors import Words
from app.indicators import labels, queries
from app.indicators.grading import Bands, Grade, grade_of
from app.indicators.models import Indicator, IndicatorSystem
from app.indicators.picture import coverage_picture
from app.indicators.rows import is_of
from app.papers.joining import once
from app.papers.models import IndexClass, PaperVersion, WorkingPaper
from app.policy import Permission, can

ENGAGEMENT_PANEL = "indicators/engagement_panel.html"
SCORE_PANEL = "indicators/score_panel.html"
COVERAGE_PANEL = "indicators/coverage_panel.html"


def join() -> None:
    """Join the lists of papers and engagements once, however many portals this process makes."""
    once(papers.report_gates, unscored_report)
    once(papers.panels, score_panel)
    once(papers.panels, coverage_panel)
    once(engagements.panels, engagement_panel)
    show_fact("grade", lambda grade: str(labels.GRADES[Grade(grade)]))
    show_fact("cut_fen", yuan)


def bands() -> Bands:
    """The bands of the settings."""
    told = (current_app.config[f"GRADE_{name}"] for name in ("EXCELLENT", "GOOD", "FAIR"))
    return Bands(*map(Decimal, told))


def grade_for(system: IndicatorSystem) -> Grade | None:
    """The project's grade, once every row is scored."""
    total = queries.sheet_of(system.indicators).total
    return None if total is None else grade_of(total, bands())


def unscored_report(version: PaperVersion) -> Words | None:
    """Where there are indicators, the report waits until each has its score and its evidence."""
    found = queries.systems_of(version.engagement)
    told = [words for one in found if one.is_in_force for words in owed_by(one)]
    scored = {one.task_number for one in found if one.is_in_force}
    if any(one.task_number not in scored for one in found):
        told.append(gettext("The indicator system has not been approved"))
    return gettext("; ").join(told) or None


def owed_by(system: IndicatorSystem) -> list[str]:
    """What the sheet still lacks, with the codes and names of the indicators."""
    unscored = [row for row in system.indicators if not row.is_scored]
    bare = [row for row in system.indicators if row.is_scored and not row.is_covered]
    told = []
    if unscored:
        told.append(gettext("Indicators without a score: %(rows)s", rows=named(unscored)))
    if bare:
        told.append(gettext("Scores without evidence: %(rows)s", rows=named(bare)))
    return told


def named(rows: list[Indicator]) -> str:
    """Codes with names, the check point where there is one."""
    return gettext(", ").join(f"{row.code} {row.check_point or row.name}" for row in rows)


def score_panel(paper: WorkingPaper, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """The rows that a paper of class G is about, or that another bears out, in the middle."""
    if not can(user, Permission.INDICATOR_READ, paper):
        return None
    found = {
        system: [row for row in system.indicators if concerns(paper, row)]
        for system in queries.systems_in_force(paper.engagement)
        if paper.task_id is None or system.task_id in {paper.task_id, None}
    }
    told = {system: rows for system, rows in found.items() if rows}
    if not told:
        return None
    return SCORE_PANEL, {"place": "middle", "systems": told, "points": labels.points_text}


def concerns(paper: WorkingPaper, row: Indicator) -> bool:
    """Whether a row is the scoring paper's own (G-B21), or is borne out by the paper."""
    if paper.index_class is IndexClass.G:
        return is_of(row.code, paper.index_no[2:])
    return any(one.id == paper.id for one in row.evidence)


def coverage_panel(paper: WorkingPaper, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """How many indicators are borne out, below the list of papers."""
    if not can(user, Permission.INDICATOR_READ, paper):
        return None
    rows = [row for one in queries.systems_in_force(paper.engagement) for row in one.indicators]
    if not rows:
        return None
    told = {"place": "index", "engagement_id": paper.engagement_id}
    return COVERAGE_PANEL, {**told, "sheet": queries.sheet_of(rows)}


def engagement_panel(engagement: Engagement, user: User) -> tuple[str, Mapping[str, Any]] | None:
    """Indicators and scores on the page of an engagement, for those who read its papers."""
    if not can(user, Permission.INDICATOR_READ, engagement):
        return None
    found = queries.systems_of(engagement)
    newest = {one.task_number: one for one in reversed(found)}
    shown = {one.task_number: one for one in found if one.is_in_force}
    systems = [shown.get(number, one) for number, one in sorted(newest.items())]
    return ENGAGEMENT_PANEL, {
        "engagement": engagement,
        "systems": [(one, queries.sheet_of(one.indicators), grade_for(one)) for one in systems],
        "labels": labels,
        "coverage_picture": coverage_picture,
        "may_edit": can(user, Permission.INDICATOR_EDIT, engagement),
        "may_use": can(user, Permission.RESULT_READ, engagement),
        "is_accepted": engagement.accepted_at is not None,
    }
