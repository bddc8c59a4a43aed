"""What a result does to a budget: the cut that is proposed, and the one that is decided."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Task
from app.errors import Conflict, Invalid
from app.indicators import queries
from app.indicators.grading import Bands, grade_of
from app.indicators.models import ResultUse
from app.policy import Permission, require

MOST_FEN = 10**13
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one budget year; the score only where no sheet has it."""

    budget_year: int
    cut_fen: int
    basis: str = ""
    score: Decimal | None = None


@dataclass(frozen=True)
class BudgetDecision:
    """What was decided elsewhere: how much, by which document, by whom, on which day."""

    cut_fen: int
    decision_no: str
    decider: str
    decided_on: date


def propose_result(actor: User, task: Task, new: Proposal, bands: Bands) -> ResultUse:
    """The performance section, or the business section in charge, proposes a cut (核减) in fen.

    After acceptance, once a task and budget year. Score and grade are those of the scoring sheet;
    where there is none, the score of the report is entered.
    """
    require(actor, Permission.RESULT_PROPOSE, task)
    lock(task.engagement)
    _check_proposal(task, new)
    score = _score_of(task, new)
    row = ResultUse(
        engagement_id=task.engagement_id,
        task=task,
        budget_year=new.budget_year,
        score=score,
        grade=grade_of(score, bands),
        proposed_cut_fen=new.cut_fen,
        basis=new.basis.strip(),
        proposed_by_id=actor.id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    told = {"cut_fen": new.cut_fen, "score": f"{score:.2f}", "grade": row.grade}
    _record(actor, audit.Event.RESULT_PROPOSED, row, **told)
    return row


def decide_result(actor: User, row: ResultUse, decision: BudgetDecision) -> None:
    """The performance section writes down what was decided, with its 文号 and its decider, once."""
    require(actor, Permission.RESULT_DECIDE, row)
    lock(row)
    _expect_living(row)
    if row.decided_on is not None:
        raise Conflict(_("The decision is on record; void this row to correct it"))
    _check_decision(decision)
    row.decided_cut_fen, row.decided_on = decision.cut_fen, decision.decided_on
    row.decision_no, row.decider = decision.decision_no.strip(), decision.decider.strip()
    row.recorded_by_id, row.recorded_at = actor.id, clock.now()
    told = {"cut_fen": decision.cut_fen, "decision_no": row.decision_no, "decider": row.decider}
    _record(actor, audit.Event.RESULT_DECIDED, row, **told)


def void_result(actor: User, row: ResultUse, reason: str) -> None:
    """The performance section voids a wrong row (作废) with the reason; it stays readable."""
    require(actor, Permission.RESULT_DECIDE, row)
    if not reason.strip():
        raise Invalid(_("Give the reason"))
    lock(row)
    _expect_living(row)
    row.voided_at, row.voided_by_id, row.void_reason = clock.now(), actor.id, reason.strip()
    _record(actor, audit.Event.RESULT_VOIDED, row, reason=row.void_reason)


def record_export(actor: User, year: int, rows: int) -> None:
    """Somebody takes the ledger of a budget year away as a workbook."""
    require(actor, Permission.RESULT_LIST, None)
    subject = f"user_account:{actor.id}"
    audit.record(actor, audit.Event.RESULTS_EXPORTED, subject, budget_year=year, rows=rows)


def sheet_score(task: Task) -> Decimal | None:
    """The total of the task's own scoring sheet, once every row is scored."""
    system = queries.in_force_for(task)
    return queries.sheet_of(system.indicators).total if system else None


def _score_of(task: Task, new: Proposal) -> Decimal:
    score = sheet_score(task)
    if score is None:
        score = new.score
    if score is None or not score.is_finite() or not 0 <= score <= 100 or score * 100 % 1:
        raise Invalid(_("Enter the project's score of 0 to 100"), field="score")
    return score


def _check_proposal(task: Task, new: Proposal) -> None:
    if task.engagement.accepted_at is None:
        raise Conflict(_("Results are put to use after acceptance"))
    if new.budget_year not in YEARS:
        raise Invalid(_("Enter the budget year"), field="budget_year")
    _check_cut(new.cut_fen)
    if new.cut_fen and not new.basis.strip():
        raise Invalid(_("Say what the proposed cut rests on"), field="basis")


def _check_decision(decision: BudgetDecision) -> None:
    _check_cut(decision.cut_fen)
    if not decision.decision_no.strip():
        raise Invalid(_("Enter the number of the decision's document"), field="decision_no")
    if not decision.decider.strip():
        raise Invalid(_("Enter who decided"), field="decider")
    if decision.decided_on > clock.today():
        raise Invalid(_("A decision can't be of a day to come"), field="decided_on")


def _check_cut(fen: int) -> None:
    if not 0 <= fen <= MOST_FEN:
        raise Invalid(_("Enter an amount of nought or more"), field="cut")


def _expect_living(row: ResultUse) -> None:
    if row.voided_at is not None:
        raise Conflict(_("This row was voided"))


def _record(actor: User, event: audit.Event, row: ResultUse, **facts: object) -> None:
    """In no scope: units and the agency read the engagement's time line, and no budgets."""
    told = {"task": row.task.project, "budget_year": row.budget_year}
    audit.record(actor, event, row, scope=None, **told, **facts)
