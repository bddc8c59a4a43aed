"""What people do with the stages of an engagement, and how it ends."""

from flask_babel import lazy_gettext as _

from app import audit, clock, engagements
from app.accounts.models import User
from app.engagements import moves
from app.engagements.models import Engagement, Stage
from app.engagements.telling import tell_everybody, tell_of_stage
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.policy import Permission, require


def submit_stage(actor: User, stage: Stage) -> None:
    """The agency hands in the current stage once nothing that it owes is missing."""
    moves.hold(stage.engagement)
    moves.expect_open(stage.engagement)
    require(actor, Permission.STAGE_SUBMIT, stage)
    moves.expect_current(stage)
    if stage.submitted_at is not None:
        raise Conflict(_("This stage was submitted already"))
    moves.refuse_while(moves.missing_for_submission(stage))
    stage.submitted_at = clock.now()
    tell_of_stage(stage, Kind.STAGE_SUBMITTED)
    audit.record(
        actor, audit.Event.STAGE_SUBMITTED, stage, scope=stage.engagement, stage=moves.named(stage)
    )


def approve_stage(actor: User, stage: Stage) -> None:
    """The commissioning side passes a submitted stage, and the next one begins at once."""
    moves.hold(stage.engagement)
    moves.expect_open(stage.engagement)
    require(actor, Permission.STAGE_DECIDE, stage)
    moves.expect_current(stage)
    _expect_submitted(stage)
    moves.refuse_while(moves.missing_for_approval(stage))
    moves.advance(stage)
    tell_of_stage(stage, Kind.STAGE_APPROVED)
    audit.record(
        actor, audit.Event.STAGE_APPROVED, stage, scope=stage.engagement, stage=moves.named(stage)
    )


def return_stage(actor: User, stage: Stage, reason: str) -> None:
    """The commissioning side gives a submitted stage back, with the reason in writing."""
    moves.hold(stage.engagement)
    moves.expect_open(stage.engagement)
    require(actor, Permission.STAGE_DECIDE, stage)
    moves.expect_current(stage)
    _expect_submitted(stage)
    if not reason.strip():
        raise Invalid(_("Say why the stage is returned"))
    stage.submitted_at = None
    stage.returned_count += 1
    tell_of_stage(stage, Kind.STAGE_RETURNED)
    told = {"reason": reason.strip(), "stage": moves.named(stage)}
    audit.record(actor, audit.Event.STAGE_RETURNED, stage, scope=stage.engagement, **told)


def terminate(actor: User, engagement: Engagement, reason: str) -> None:
    """An open engagement ends before its time; the reason stands in writing, reviews open."""
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.ENGAGEMENT_TERMINATE, engagement)
    if not reason.strip():
        raise Invalid(_("Say why the engagement is terminated"))
    engagement.terminated_at = clock.now()
    engagement.termination_reason = reason.strip()
    moves.go_to_rating(engagement)
    for listener in engagements.on_ended:
        listener(actor, engagement)
    tell_everybody(engagement, Kind.ENGAGEMENT_TERMINATED)
    audit.record(
        actor,
        audit.Event.ENGAGEMENT_TERMINATED,
        engagement,
        scope=engagement,
        reason=engagement.termination_reason,
    )


def close_engagement(actor: User, engagement: Engagement) -> None:
    """The performance section closes an engagement whose papers are in order."""
    moves.hold(engagement)
    if engagement.closed_at is not None:
        raise Conflict(_("This engagement is closed already"))
    require(actor, Permission.ENGAGEMENT_CLOSE, engagement)
    stage = engagement.current_stage
    if stage is None or stage.code != moves.ARCHIVE:
        raise Conflict(_("The engagement isn't at its filing stage yet"))
    moves.refuse_while(moves.missing_for_approval(stage))
    stage.approved_at = engagement.closed_at = clock.now()
    audit.record(actor, audit.Event.ENGAGEMENT_CLOSED, engagement, scope=engagement)


def _expect_submitted(stage: Stage) -> None:
    if stage.submitted_at is None:
        raise Conflict(_("The agency hasn't submitted this stage, or it was decided already"))
