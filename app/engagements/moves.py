"""How an engagement moves from stage to stage. Services call these after they asked the policy."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from app import audit, clock, engagements
from app.db import db, lock
from app.engagements.models import Engagement, Stage
from app.errors import Conflict, Words

FINAL_REPORT, ACCEPTANCE, RATING, ARCHIVE = "final_report", "acceptance", "rating", "archive"
# Every template ends with these four: the engine gives each its own way of ending.
ENDING = (FINAL_REPORT, ACCEPTANCE, RATING, ARCHIVE)
ELSEWHERE: dict[str, Words] = {
    ACCEPTANCE: _("This stage ends with the acceptance decision"),
    RATING: _("This stage ends when the buyers' reviews are opened"),
    ARCHIVE: _("This stage ends when the engagement is closed"),
}


def hold(engagement: Engagement) -> None:
    """Lock the contract's row and forget what was read before: two decisions come one by one."""
    db.session.flush()
    db.session.expire_all()
    lock(engagement)


def expect_open(engagement: Engagement) -> None:
    """A second decision hears that the first was made."""
    if not engagement.is_open:
        raise Conflict(_("This engagement has ended already; nothing was changed"))


def expect_current(stage: Stage) -> None:
    """Only the stage that the work is at moves, and only by its own kind of decision."""
    if stage.position != stage.engagement.current_stage_position:
        raise Conflict(_("The work isn't at this stage"))
    if stage.code in ELSEWHERE:
        raise Conflict(ELSEWHERE[stage.code])


def told(words: Iterable[Words | None]) -> list[Words]:
    """What there is to say."""
    return [word for word in words if word]


def missing_for_submission(stage: Stage) -> list[Words]:
    """What the agency still owes before it can submit a stage."""
    return told(gate(stage) for gate in engagements.submission_gates)


def missing_for_approval(stage: Stage) -> list[Words]:
    """What still stands against approving a stage."""
    return [*missing_for_submission(stage), *told(gate(stage) for gate in engagements.gates)]


def worth_knowing(stage: Stage) -> list[Words]:
    """What whoever approves a stage should know of before; it forbids nothing."""
    return told(note(stage) for note in engagements.approval_notes)


def missing_for_acceptance(engagement: Engagement) -> list[Words]:
    """What still stands against deciding on acceptance."""
    return told(gate(engagement) for gate in engagements.acceptance_gates)


def refuse_while(missing: list[Words]) -> None:
    """Stop, and say all that is missing."""
    if missing:
        raise Conflict("；".join(str(words) for words in missing))


def stage_of(engagement: Engagement, code: str) -> Stage | None:
    """The engagement's stage of this kind."""
    return next((stage for stage in engagement.stages if stage.code == code), None)


def start(engagement: Engagement, stage: Stage) -> None:
    """The work goes on at this stage."""
    stage.started_at = stage.started_at or clock.now()
    engagement.current_stage_position = stage.position


def advance(stage: Stage) -> None:
    """The stage is done; the next one begins."""
    stage.approved_at = clock.now()
    engagement = stage.engagement
    following = [s for s in engagement.stages if s.position > stage.position]
    if following:
        start(engagement, following[0])


def go_to_rating(engagement: Engagement) -> None:
    """Work is over, whatever stages were left out: the buyers' reviews come next."""
    after = stage_of(engagement, RATING) or stage_of(engagement, ARCHIVE)
    if after is not None:
        start(engagement, after)


def end_rating(actor: audit.Actor, engagement: Engagement) -> None:
    """The reviews are open: filing begins. Reviews call it, whose round holds the right to it."""
    stage = engagement.current_stage
    if stage is None or stage.code != RATING:
        return
    advance(stage)
    audit.record(actor, audit.Event.STAGE_PASSED, stage, scope=engagement, stage=named(stage))


def named(stage: Stage) -> list[str]:
    """How the log names a stage: its code, for readers of another language, and its name."""
    return [stage.code, stage.name]
