"""The scoring sheet: points before and after the check, why, and the papers that bear them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import lock
from app.errors import Conflict, Invalid, Stale, Words
from app.indicators import queries
from app.indicators.models import Indicator, IndicatorEvidence, IndicatorSystem
from app.papers.models import WorkingPaper
from app.papers.queries import report_of_round
from app.policy import Permission, require


@dataclass(frozen=True)
class Score:
    """What is entered for one row: 核查前得分, 核查后得分, the two reasons, index numbers."""

    before: Decimal | None = None
    after: Decimal | None = None
    adjustment: str = ""
    deduction: str = ""
    evidence: Sequence[str] = ()


@dataclass(frozen=True)
class ScoreFault:
    """What is wrong in one cell of the sheet, by the row's code."""

    code: str
    column: str
    words: Words


class FaultySheet(Invalid):
    """A sheet with cells that break a rule; nothing of it is kept."""

    def __init__(self, faults: Sequence[ScoreFault]) -> None:
        super().__init__(_("Some scores can't be kept as they are; nothing was saved"))
        self.faults = faults


def save_scores(
    actor: User, system: IndicatorSystem, scores: Mapping[str, Score], expected: int
) -> None:
    """The agency writes scores of the version in force, by code; rows that aren't named stay.

    Points lie within 0 and the row's standard, a score that the check changed is explained, and
    evidence is of the engagement's own living papers. FaultySheet names each cell; then nothing
    is kept. Stale where somebody else saved first. A submitted final report locks the sheet.
    """
    require(actor, Permission.SCORE_EDIT, system)
    lock(system.engagement)  # the final report is handed in under the same lock
    lock(system)
    _expect_scorable(system)
    if system.revision != expected:
        raise Stale
    papers = {paper.index_no: paper for paper in queries.evidence_papers(system.engagement)}
    rows = {row.code: row for row in system.indicators if row.code in scores}
    found = [fault for code, row in rows.items() for fault in faults_of(row, scores[code], papers)]
    if found:
        raise FaultySheet(found)
    written = {code: _put(actor, row, scores[code], papers) for code, row in rows.items()}
    codes = [code for code, words in written.items() if words]
    changed = [f"{code}: {written[code]}" for code in codes]
    system.revision += 1
    total = queries.sheet_of(system.indicators).total
    told = {"changed": changed, "codes": codes, "total": None if total is None else f"{total:.2f}"}
    task = system.task.project if system.task else None
    # in no scope: the evaluated unit reads the engagement's time line, and no scores
    audit.record(actor, audit.Event.SCORES_SAVED, system, scope=None, task=task, **told)


def faults_of(row: Indicator, score: Score, papers: Mapping[str, WorkingPaper]) -> list[ScoreFault]:
    """Return everything that is wrong with what was entered for one row."""
    found = [
        ScoreFault(row.code, column, words)
        for column, value in (("before", score.before), ("after", score.after))
        if value is not None and (words := _wrong(value, row.points))
    ]
    if score.after is not None and score.before is None:
        found.append(ScoreFault(row.code, "before", _("Enter the score before the check too")))
    if _is_adjusted(score) and not score.adjustment.strip():
        found.append(ScoreFault(row.code, "adjustment", _("Explain why the check changed it")))
    if unknown := [number for number in score.evidence if number not in papers]:
        words = _("No paper that could bear it out: %(numbers)s", numbers=" ".join(unknown))
        found.append(ScoreFault(row.code, "evidence", words))
    return found


def _wrong(value: Decimal, most: Decimal) -> Words | None:
    if not value.is_finite() or not 0 <= value <= most:
        return _("From 0 to %(most)s points", most=f"{most.normalize():f}")
    return _("Points have at most two decimals") if value * 100 % 1 else None


def _is_adjusted(score: Score) -> bool:
    both = score.before is not None and score.after is not None
    return both and score.before != score.after


def _expect_scorable(system: IndicatorSystem) -> None:
    if not system.is_in_force:
        raise Conflict(_("Scores are given by the approved version in force"))
    if report_of_round(system.engagement) is not None:
        raise Conflict(_("The final report is submitted; scores are locked until it is sent back"))


def _put(
    actor: User, row: Indicator, score: Score, papers: Mapping[str, WorkingPaper]
) -> str | None:
    """Write one row; return what changed, for the log, or nothing."""
    before = _told(row)
    _link(actor, row, {papers[number].id: papers[number] for number in score.evidence})
    row.score_before, row.score_after = score.before, score.after
    row.adjustment = score.adjustment.strip() if _is_adjusted(score) else ""
    row.deduction = score.deduction.strip()
    if (after := _told(row)) == before:
        return None
    row.scored_by_id, row.scored_at = actor.id, clock.now()
    return f"{before} → {after}"


def _told(row: Indicator) -> str:
    """A row's score as the log tells it: before/after, explanation, reason, index numbers."""
    points = [None if p is None else f"{p:.2f}" for p in (row.score_before, row.score_after)]
    figures = "/".join(point or "—" for point in points)
    numbers = " ".join(paper.index_no for paper in row.evidence)
    return "; ".join(part for part in (figures, row.adjustment, row.deduction, numbers) if part)


def _link(actor: User, row: Indicator, wanted: Mapping[int, WorkingPaper]) -> None:
    """Begin the links that are wanted and end those that aren't."""
    known = {link.paper_id: link for link in row.links}
    for key, paper in wanted.items():
        if key in known:
            known[key].unlinked_at = None
        else:
            row.links.append(
                IndicatorEvidence(paper=paper, linked_by_id=actor.id, linked_at=clock.now())
            )
    for key, link in known.items():
        if key not in wanted and link.unlinked_at is None and link.paper.withdrawn_at is None:
            link.unlinked_at = clock.now()
