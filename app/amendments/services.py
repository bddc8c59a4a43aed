"""What agencies ask to change in the course of the work, and how it is decided."""

from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.amendments import entering, moving, queries, telling
from app.amendments.models import Amendment
from app.amendments.models import AmendmentKind as Kind
from app.amendments.models import AmendmentState as State
from app.engagements import moves
from app.engagements.models import Engagement, Stage
from app.errors import Conflict, Invalid
from app.policy import Permission, require

MOST_DAYS = 60  # working days that are given at once


def ask_extension(actor: User, stage: Stage, ends_on: date, reason: str) -> Amendment:
    """The agency asks for more time for a stage, with the reason and the day that it proposes."""
    engagement = stage.engagement
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.AMENDMENT_ASK, engagement)
    if stage.approved_at is not None or stage.position < engagement.current_stage_position:
        raise Conflict(_("This stage is over already"))
    if not max(stage.due_on, clock.today()) < ends_on <= clock.LAST_DAY:
        raise Invalid(_("Enter a day after the present due day and after today"), field="ends_on")
    told = {"stage": stage, "ends_before": stage.due_on, "ends_on": ends_on}
    asked = _ask(actor, engagement, Kind.EXTENSION, reason, **told)
    facts = {"stage": moves.named(stage), "until": ends_on, "before": stage.due_on}
    _record(actor, audit.Event.EXTENSION_ASKED, asked, reason=asked.reason, **facts)
    return asked


def ask_lead(actor: User, engagement: Engagement, person: Evaluator, reason: str) -> Amendment:
    """The agency asks for another lead evaluator: one of its own, qualified today."""
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.AMENDMENT_ASK, engagement)
    entering.check_lead(engagement, person)
    before = engagement.lead_evaluator
    told = {"evaluator": person, "evaluator_before": before}
    asked = _ask(actor, engagement, Kind.LEAD, reason, **told)
    facts = {"evaluator": person.name, "before": before.name}
    _record(actor, audit.Event.LEAD_CHANGE_ASKED, asked, reason=asked.reason, **facts)
    return asked


def grant_extension(actor: User, engagement: Engagement, days: int, reason: str) -> Amendment:
    """The bureau or the client gives more time of its own accord, where nobody asked for it.

    The present stage and all after it move by so many working days. Where the agency asked, that
    is decided first: two answers to one question would be none.
    """
    moves.hold(engagement)
    moves.expect_open(engagement)
    require(actor, Permission.AMENDMENT_DECIDE, engagement)
    stage = engagement.current_stage
    if stage is None or stage.submitted_at is not None:
        raise Conflict(_("This stage was handed in; it waits for the commissioning side"))
    if not 1 <= days <= MOST_DAYS:
        words = _("From %(low)s to %(high)s", low=1, high=MOST_DAYS)
        raise Invalid(words, field="days")
    ends_on = clock.add_working_days(max(stage.due_on, clock.today()), days)
    told = {"stage": stage, "ends_before": stage.due_on, "ends_on": ends_on}
    given = _given(actor, engagement, reason, **told)
    moving.extend(given)
    _decide(actor, given, State.APPROVED, "")
    facts = {"stage": moves.named(stage), "until": ends_on, "before": told["ends_before"]}
    _record(actor, audit.Event.EXTENSION_GRANTED, given, reason=given.reason, **facts)
    return given


def approve(actor: User, amendment: Amendment, words: str = "") -> None:
    """The bureau or the client agrees; what was asked holds from now on.

    An extension moves its stage and, by as many working days, every stage after it.
    """
    _expect_asked(actor, amendment)
    if amendment.evaluator is not None:
        entering.check_lead(amendment.engagement, amendment.evaluator)
        amendment.engagement.lead_evaluator = amendment.evaluator
    else:
        moving.extend(amendment)
    _decide(actor, amendment, State.APPROVED, words)
    told = {"amendment_kind": amendment.kind, "number": amendment.number, "words": words.strip()}
    _record(actor, audit.Event.AMENDMENT_APPROVED, amendment, **told)


def refuse(actor: User, amendment: Amendment, words: str) -> None:
    """The bureau or the client does not agree, and says why."""
    _expect_asked(actor, amendment)
    if not words.strip():
        raise Invalid(_("Say why it is refused"), field="words")
    _decide(actor, amendment, State.REFUSED, words)
    told = {"amendment_kind": amendment.kind, "number": amendment.number, "words": words.strip()}
    _record(actor, audit.Event.AMENDMENT_REFUSED, amendment, **told)


def _given(actor: User, engagement: Engagement, reason: str, **told: object) -> Amendment:
    if any(one.kind is Kind.EXTENSION for one in queries.asked_of(engagement)):
        raise Conflict(_("The agency asked for an extension itself: decide on that"))
    return entering.added(engagement, Kind.EXTENSION, actor, reason=reason, **told)


def _ask(actor: User, engagement: Engagement, kind: Kind, reason: str, **told: object) -> Amendment:
    if any(one.kind is kind for one in queries.asked_of(engagement)):
        raise Conflict(_("A request of this kind waits for its decision already"))
    amendment = entering.added(engagement, kind, actor, reason=reason, **told)
    telling.tell_deciders(amendment)
    return amendment


def _expect_asked(actor: User, amendment: Amendment) -> None:
    moves.hold(amendment.engagement)
    moves.expect_open(amendment.engagement)
    require(actor, Permission.AMENDMENT_DECIDE, amendment)
    if amendment.state is not State.ASKED:
        raise Conflict(_("This request was decided already; nothing was changed"))


def _decide(actor: User, amendment: Amendment, state: State, words: str) -> None:
    amendment.state, amendment.decision_words = state, words.strip()
    amendment.decided_by_id, amendment.decided_at = actor.id, clock.now()
    telling.tell_agency(amendment)


def _record(actor: User, event: audit.Event, amendment: Amendment, **facts: object) -> None:
    audit.record(actor, event, amendment, scope=amendment.engagement, **facts)
