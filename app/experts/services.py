"""What the performance section does with the pool. Each public function is one user action."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.experts import paneling, queries
from app.experts.models import Expert, Field, PanelDraw, Rank
from app.experts.paneling import NewPanel
from app.policy import Permission, Role, require
from app.procurement.draws import Revealed


@dataclass(frozen=True)
class Told:
    """What the pool keeps of an expert."""

    fields: Collection[Field]
    title: str
    employer: str
    shut_out: Collection[int]
    rank: Rank = Rank.OTHER


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
    secret = paneling.commit_to(draw, new.slip)
    facts: dict[str, Any] = {
        "beacon": draw.beacon_id,
        "commitment": draw.commitment,
        "places": draw.places,
    }
    audit.record(actor, audit.Event.PANEL_FROZEN, draw, scope=engagement, **facts)
    return draw, secret


def _check_panel(engagement: Engagement, new: NewPanel) -> None:
    if not 1 <= new.places <= 30:
        raise Invalid(_("A panel has 1 to 30 experts"), field="places")
    new.expect_unknown()
    if any(one.is_open for one in queries.draws_of(engagement.id)):
        raise Conflict(_("A draw of this engagement waits for its number already"))


def _frozen(actor: User, engagement: Engagement, new: NewPanel) -> PanelDraw:
    parties = queries.parties_of(engagement)
    found = [(one, queries.reason_against(one, parties, new.field)) for one in queries.pool()]
    attempt = queries.next_attempt(engagement.id)
    return PanelDraw(engagement=engagement, attempt=attempt, **paneling.listed(actor, new, found))


def hold_panel(actor: User, draw: PanelDraw, told: Revealed) -> None:
    """With the public number and the secret the panel follows, and anybody can draw again."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    facts = paneling.reveal(draw, told)
    audit.record(actor, audit.Event.PANEL_DRAWN, draw, scope=draw.engagement, **facts)


def void_panel(actor: User, draw: PanelDraw, reason: str) -> None:
    """An attempt is void, on record with its reason; the next one starts anew."""
    require(actor, Permission.EXPERT_POOL_EDIT, None)
    paneling.end(draw, reason)
    event = audit.Event.PANEL_VOIDED
    audit.record(actor, event, draw, scope=draw.engagement, reason=draw.void_reason)
