"""What the performance section does with the pool. Each public function is one user action."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, drawing
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.experts import queries
from app.experts.models import Expert, Field, PanelDraw, Rank
from app.policy import Permission, Role, require
from app.procurement.draws import Revealed, secret_of, with_check

WEIGHT = 100  # everybody weighs the same


@dataclass(frozen=True)
class Told:
    """What the pool keeps of an expert."""

    fields: Collection[Field]
    title: str
    employer: str
    shut_out: Collection[int]
    rank: Rank = Rank.OTHER


@dataclass(frozen=True)
class NewPanel:
    """A panel that is asked for: how many, of which field, by which public number."""

    places: int
    field: Field | None
    beacon: str
    known_from: datetime


def enter_expert(actor: User, user: User, told: Told) -> Expert:
    """The performance section enters what an expert knows and whom they may not judge."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    if user.role is not Role.EXPERT or user.closed_at is not None:
        raise Invalid(_("This isn't the open account of an expert"))
    if not told.fields:
        raise Invalid(_("Choose at least one field"), field="fields")
    expert = db.session.get(Expert, user.id) or Expert(user=user, entered_at=clock.now())
    expert.fields = [str(field) for field in Field if field in told.fields]
    expert.title, expert.employer = told.title.strip(), told.employer.strip()
    expert.shut_out, expert.rank = sorted(set(told.shut_out)), told.rank
    db.session.add(expert)
    event, shut = audit.Event.EXPERT_ENTERED, expert.shut_out
    audit.record(actor, event, user, fields=expert.fields, shut_out=shut)
    return expert


def rest(actor: User, expert: Expert) -> None:
    """An expert rests and is drawn no more, or is called back; seats they hold stay theirs."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    lock(expert)
    expert.rests_since = None if expert.rests_since else clock.now()
    event = audit.Event.EXPERT_RESTS if expert.rests_since else audit.Event.EXPERT_CALLED_BACK
    audit.record(actor, event, expert.user)


def freeze_panel(actor: User, engagement: Engagement, new: NewPanel) -> tuple[PanelDraw, str]:
    """List and commitment stand before the public number exists; the secret is shown once.

    Whoever rests, knows another field or stands to a party is left out, with the reason on record.
    """
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    lock(engagement)
    _check_panel(engagement, new)
    draw = _frozen(actor, engagement, new)
    if len(draw.entries) < new.places:
        words = _("Only %(n)s experts may be drawn", n=len(draw.entries))
        raise Invalid(words, field="places")
    terms, nonce = _terms_of(draw), secrets.token_bytes(drawing.NONCE_BYTES)
    draw.list_digest = drawing.list_digest(terms).hex()
    draw.commitment = drawing.commitment(terms, nonce).hex()
    db.session.add(draw)
    db.session.flush()
    facts: dict[str, Any] = {
        "beacon": draw.beacon_id,
        "commitment": draw.commitment,
        "places": draw.places,
    }
    audit.record(actor, audit.Event.PANEL_FROZEN, draw, scope=engagement, **facts)
    return draw, with_check(nonce)


def _check_panel(engagement: Engagement, new: NewPanel) -> None:
    if not 1 <= new.places <= 30:
        raise Invalid(_("A panel has 1 to 30 experts"), field="places")
    if not new.beacon.strip() or new.known_from <= clock.now():
        raise Invalid(_("The beacon must not exist yet"), field="known_from")
    if any(one.is_open for one in queries.draws_of(engagement.id)):
        raise Conflict(_("A draw of this engagement waits for its number already"))


def _frozen(actor: User, engagement: Engagement, new: NewPanel) -> PanelDraw:
    found = [(one, queries.reason_against(one, engagement, new.field)) for one in queries.pool()]
    return PanelDraw(
        engagement=engagement,
        attempt=queries.next_attempt(engagement.id),
        field=new.field,
        places=new.places,
        entries=[[one.user_id, _name_of(one)] for one, reason in found if not reason],
        left_out=[[_name_of(one), reason] for one, reason in found if reason],
        beacon_id=new.beacon.strip(),
        beacon_from=new.known_from,
        frozen_at=clock.now(),
        frozen_by_id=actor.id,
    )


def _name_of(expert: Expert) -> str:
    """How an expert stands on the list: of two with one name each is told apart."""
    return f"{expert.user.name}#{expert.user_id}"


def _terms_of(draw: PanelDraw) -> drawing.Terms:
    """What was frozen; all are drawn in order, so that the next one replaces who can't come."""
    entries = {name: WEIGHT for _key, name in draw.entries}
    return drawing.Terms(draw.draw_id, entries, len(entries), draw.beacon_id)


def hold_panel(actor: User, draw: PanelDraw, told: Revealed) -> None:
    """With the public number and the secret the panel follows, and anybody can draw again."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    _expect_open(draw)
    if clock.now() < draw.beacon_from:
        at = f"{draw.beacon_from:%F %R} UTC"
        raise Conflict(_("The beacon isn't known before %(at)s", at=at))
    terms, nonce = _terms_of(draw), secret_of(told.secret)
    if drawing.commitment(terms, nonce).hex() != draw.commitment:
        words = _("The secret that was entered doesn't match the commitment")
        raise Invalid(words, field="secret")
    draw.record = drawing.record(terms, nonce, told.value.strip(), {})
    draw.beacon_source, draw.drawn_at = told.source.strip(), clock.now()
    facts = {"beacon_value": told.value.strip(), "seed": draw.record["seed"]}
    audit.record(actor, audit.Event.PANEL_DRAWN, draw, scope=draw.engagement, **facts)


def void_panel(actor: User, draw: PanelDraw, reason: str) -> None:
    """An attempt is void, on record with its reason; the next one starts anew."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    _expect_open(draw)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    draw.voided_at, draw.void_reason = clock.now(), reason.strip()
    event = audit.Event.PANEL_VOIDED
    audit.record(actor, event, draw, scope=draw.engagement, reason=draw.void_reason)


def _expect_open(draw: PanelDraw) -> None:
    lock(draw)
    if not draw.is_open:
        raise Conflict(_("This draw was held or voided already"))
