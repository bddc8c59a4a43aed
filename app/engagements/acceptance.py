"""How the commissioning party decides on acceptance (验收), item by item of the contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock, engagements
from app.accounts.models import User
from app.db import db
from app.engagements import moves
from app.engagements.models import (
    AcceptanceDecision,
    AcceptanceFinding,
    AcceptanceOutcome,
    Engagement,
    Stage,
)
from app.engagements.telling import tell_agency
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.policy import Permission, require


@dataclass(frozen=True)
class Finding:
    """What was found about one item of the contract."""

    item_id: int
    is_met: bool
    remark: str = ""


def accept(actor: User, engagement: Engagement, findings: Sequence[Finding]) -> AcceptanceDecision:
    """The commissioning party accepts: every item of the contract is met. Reviews open."""
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.ACCEPTANCE_DECIDE, engagement)
    _expect_decidable(engagement, findings)
    if not all(finding.is_met for finding in findings):
        raise Invalid(_("An engagement is accepted only if every item is met"))
    decision = _decide(actor, engagement, AcceptanceOutcome.ACCEPTED, findings)
    engagement.accepted_at = decision.decided_at
    moves.advance(_acceptance_of(engagement))
    for listener in engagements.on_accepted:
        listener(actor, engagement)
    tell_agency(engagement, Kind.ENGAGEMENT_ACCEPTED)
    audit.record(
        actor,
        audit.Event.ENGAGEMENT_ACCEPTED,
        engagement,
        scope=engagement,
        round=decision.round,
    )
    return decision


def refuse_for_rework(
    actor: User,
    engagement: Engagement,
    findings: Sequence[Finding],
    *,
    reasons: str,
    due_on: date,
) -> AcceptanceDecision:
    """The commissioning party refuses with reasons and a working day by which it is done again.

    The refusal is counted, the final report is due anew, and what comes after it moves along.
    """
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.ACCEPTANCE_DECIDE, engagement)
    _expect_decidable(engagement, findings)
    _expect_refusable(findings, reasons)
    if not clock.today() < due_on <= clock.LAST_DAY or not clock.is_working_day(due_on):
        raise Invalid(_("The day for rework must be a working day after today"))
    decision = _decide(actor, engagement, AcceptanceOutcome.REWORK, findings)
    decision.reasons, decision.rework_due_on = reasons.strip(), due_on
    _go_back(engagement, due_on)
    tell_agency(engagement, Kind.REWORK_ASKED, due=due_on.isoformat())
    told = {"reasons": decision.reasons, "due_on": due_on, "round": decision.round}
    audit.record(actor, audit.Event.ENGAGEMENT_RETURNED, engagement, scope=engagement, **told)
    return decision


def refuse_finally(
    actor: User, engagement: Engagement, findings: Sequence[Finding], *, reasons: str
) -> AcceptanceDecision:
    """The commissioning party refuses for good, with reasons. Work ends, reviews open."""
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.ACCEPTANCE_DECIDE, engagement)
    _expect_decidable(engagement, findings)
    _expect_refusable(findings, reasons)
    decision = _decide(actor, engagement, AcceptanceOutcome.REFUSED, findings)
    decision.reasons = reasons.strip()
    engagement.refusal_count += 1
    engagement.refused_at = decision.decided_at
    moves.go_to_rating(engagement)
    for listener in engagements.on_ended:
        listener(actor, engagement)
    tell_agency(engagement, Kind.ENGAGEMENT_REFUSED)
    told = {"reasons": decision.reasons, "round": decision.round}
    audit.record(actor, audit.Event.ENGAGEMENT_REFUSED, engagement, scope=engagement, **told)
    return decision


def _acceptance_of(engagement: Engagement) -> Stage:
    stage = engagement.current_stage
    if stage is None or stage.code != moves.ACCEPTANCE:
        raise Conflict(_("The engagement isn't at its acceptance"))
    return stage


def _expect_decidable(engagement: Engagement, findings: Sequence[Finding]) -> None:
    """The stage is acceptance, nothing is missing, and each item is judged exactly once."""
    _acceptance_of(engagement)
    moves.refuse_while(moves.missing_for_acceptance(engagement))
    judged = [finding.item_id for finding in findings]
    if sorted(judged) != sorted(item.id for item in engagement.acceptance_items):
        raise Invalid(_("Every item of the contract needs its finding"))


def _expect_refusable(findings: Sequence[Finding], reasons: str) -> None:
    if not reasons.strip():
        raise Invalid(_("Say why acceptance is refused"))
    if all(finding.is_met for finding in findings):
        raise Invalid(_("A refusal names at least one item that isn't met"))


def _decide(
    actor: User,
    engagement: Engagement,
    outcome: AcceptanceOutcome,
    findings: Sequence[Finding],
) -> AcceptanceDecision:
    """Write down one round of acceptance with its findings."""
    decision = AcceptanceDecision(
        engagement_id=engagement.id,
        round=len(engagement.decisions) + 1,
        outcome=outcome,
        decided_by_id=actor.id,
        decided_at=clock.now(),
        findings=[
            AcceptanceFinding(item_id=f.item_id, is_met=f.is_met, remark=f.remark.strip())
            for f in findings
        ],
    )
    engagement.decisions.append(decision)
    db.session.flush()
    return decision


def _go_back(engagement: Engagement, due_on: date) -> None:
    """Open the final report again, due on that day; later due days keep their distance to it."""
    report = moves.stage_of(engagement, moves.FINAL_REPORT)
    if report is None:
        raise Conflict(_("This engagement has no final report to go back to"))
    planned = report.due_on
    for stage in engagement.stages:
        if stage.position > report.position:
            stage.started_at = stage.submitted_at = None
            distance = clock.working_days_between(planned, stage.due_on)
            stage.due_on = clock.add_working_days(due_on, distance)
    report.due_on = engagement.rework_due_on = due_on
    report.submitted_at = report.approved_at = None
    report.returned_count += 1
    engagement.refusal_count += 1
    moves.start(engagement, report)
