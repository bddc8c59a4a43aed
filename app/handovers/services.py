"""Handing work over, and naming who acts during leave."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.handovers import movables, queries
from app.handovers.models import Deputyship, Handover
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, require

LONGEST = timedelta(days=366)
PLACE = "/handovers"


@dataclass(frozen=True)
class Leave:
    """From the first day to the last, both included, and why."""

    starts_on: date
    ends_on: date
    reason: str


def propose_handover(actor: User, giver: User, taker: User, reason: str) -> Handover:
    """A person hands on their open work, or whoever looks after their account does.

    It goes to somebody of the same role in the same house, and only once both have confirmed.
    For a giver whose account has ended, whoever proposes has confirmed.
    """
    require(actor, Permission.HANDOVER_PROPOSE, giver)
    _check_taker(giver, taker)
    now = clock.now()
    stands_in = actor.id == giver.id or not giver.is_active
    handover = Handover(
        giver=giver, taker=taker, reason=_reason(reason), proposed_by_id=actor.id,
        proposed_at=now, giver_confirmed_at=now if stands_in else None, moved={},
    )  # fmt: skip
    db.session.add(handover)
    audit.record(actor, audit.Event.HANDOVER_PROPOSED, handover, giver=giver.id, taker=taker.id)
    asked = [taker.id] if stands_in else [giver.id, taker.id]
    send(asked, Kind.HANDOVER_PROPOSED, {"giver": giver.name, "taker": taker.name}, PLACE)
    return handover


def confirm_handover(actor: User, handover: Handover) -> None:
    """One side confirms; with the second word everything that moves goes in one act."""
    require(actor, Permission.HANDOVER_DECIDE, handover)
    lock(handover)
    if not handover.is_awaited:
        raise Conflict(_("This hand-over is over already"))
    if actor.id == handover.giver_id:
        handover.giver_confirmed_at = handover.giver_confirmed_at or clock.now()
    else:
        handover.taker_confirmed_at = handover.taker_confirmed_at or clock.now()
    audit.record(actor, audit.Event.HANDOVER_CONFIRMED, handover)
    if handover.giver_confirmed_at and handover.taker_confirmed_at:
        _carry_out(actor, handover)


def _carry_out(actor: User, handover: Handover) -> None:
    giver, taker = handover.giver, handover.taker
    _check_taker(giver, taker)
    handover.moved = {each.name: each.move(giver, taker) for each in movables}
    handover.done_at = clock.now()
    told = [f"{name}: {number}" for name, number in handover.moved.items()]
    audit.record(
        actor, audit.Event.HANDOVER_DONE, handover, giver=giver.id, moved=told, taker=taker.id
    )
    facts = {"giver": giver.name, "taker": taker.name}
    send([giver.id, taker.id], Kind.HANDOVER_DONE, facts, PLACE)


def end_handover(actor: User, handover: Handover) -> None:
    """Either side says no before it is carried out; nothing moves."""
    require(actor, Permission.HANDOVER_DECIDE, handover)
    lock(handover)
    if not handover.is_awaited:
        raise Conflict(_("This hand-over is over already"))
    handover.ended_at = clock.now()
    audit.record(actor, audit.Event.HANDOVER_ENDED, handover)


def name_deputy(actor: User, principal: User, deputy: User, leave: Leave) -> Deputyship:
    """A person names who acts for them during leave, or whoever looks after their account does.

    The deputy has the same role in the same house, so that nobody gains rights of another kind.
    """
    require(actor, Permission.DEPUTY_NAME, principal)
    _check_taker(principal, deputy)
    if leave.ends_on < max(leave.starts_on, clock.today()):
        raise Invalid(_("The last day lies before the first, or is over"), field="ends_on")
    if leave.ends_on - leave.starts_on > LONGEST:
        raise Invalid(_("A deputy is named for a year at most"), field="ends_on")
    deputyship = Deputyship(
        principal=principal, deputy=deputy, starts_on=leave.starts_on, ends_on=leave.ends_on,
        reason=_reason(leave.reason), named_by_id=actor.id, named_at=clock.now(),
    )  # fmt: skip
    db.session.add(deputyship)
    _tell(actor, audit.Event.DEPUTY_NAMED, deputyship)
    facts = {"principal": principal.name, "until": leave.ends_on.isoformat()}
    send([deputy.id], Kind.DEPUTY_NAMED, facts, PLACE)
    return deputyship


def end_deputyship(actor: User, deputyship: Deputyship) -> None:
    """The principal is back, the deputy can't go on, or whoever named them says so."""
    require(actor, Permission.DEPUTY_END, deputyship)
    deputyship.ended_at = deputyship.ended_at or clock.now()
    _tell(actor, audit.Event.DEPUTY_ENDED, deputyship)


def begin_acting(actor: User, deputyship: Deputyship) -> None:
    """The deputy acts for the principal from now on, until they stop; the log names both."""
    require(actor, Permission.DEPUTY_ACT, deputyship)
    if not deputyship.holds_on(clock.today()):
        raise Conflict(_("This deputyship doesn't hold today"))
    _tell(actor, audit.Event.ACTING_BEGUN, deputyship)


def _tell(actor: User, event: audit.Event, deputyship: Deputyship) -> None:
    audit.record(
        actor, event, deputyship, principal=deputyship.principal.id, deputy=deputyship.deputy.id
    )


def _check_taker(giver: User, taker: User) -> None:
    fits = queries.colleagues(giver).where(User.id == taker.id)
    if not taker.is_active or db.session.scalar(fits.with_only_columns(User.id)) is None:
        words = _("Choose somebody of the same role in the same house whose account is in use")
        raise Invalid(words, field="taker")


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(_("Say why"), field="reason")
    return text.strip()
