"""What takes two people: one asks and says why, another one confirms, then the portal does it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.audit.canonical import stamp
from app.audit.rotation import change_key
from app.db import db, lock
from app.errors import Conflict, Missing, Words
from app.identity.models import DangerousAct
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, Role, require


@dataclass(frozen=True)
class Act:
    """One kind of act: `perform` does it when it is confirmed, and tells what came of it."""

    kind: str
    label: Words
    meaning: Words
    perform: Callable[[User], str]


def change_seal_key(confirmer: User) -> str:
    """Give the log a new key; the old one vouches for it."""
    config = current_app.config
    path = Path(config["AUDIT_KEY_FILE"])
    change = change_key(path, str(config["AUDIT_ORIGIN"]), stamp(clock.now()))
    facts = {"old_key": change.old, "new_key": change.new}
    audit.record(confirmer, audit.Event.AUDIT_KEY_CHANGED, "audit_log:all", **facts)
    return f"{change.old} → {change.new}"


SEAL_KEY = Act(
    "seal_key",
    _("Change the key that signs the log"),
    _("The old key signs the new one and is destroyed; every earlier seal stays verifiable"),
    change_seal_key,
)
# The acts there are; upper features join theirs.
ACTS: dict[str, Act] = {SEAL_KEY.kind: SEAL_KEY}


def ask_act(actor: User, kind: str, reason: str) -> DangerousAct:
    """Ask for an act of two people, and tell those who may be the second one.

    Of each kind only one waits at a time.
    """
    require(actor, Permission.DANGEROUS_ACT_ASK, None)
    if kind not in ACTS:
        raise Missing
    waiting = select(DangerousAct.id).where(
        DangerousAct.kind == kind, DangerousAct.done_at.is_(None), DangerousAct.refused_at.is_(None)
    )
    if db.session.scalar(waiting) is not None:
        raise Conflict(_("This act was asked for already and waits for a second person"))
    asked = DangerousAct(
        kind=kind, reason=reason.strip(), asker_id=actor.id, asked_at=clock.now(), outcome=""
    )
    db.session.add(asked)
    others = set(people.holders_of(Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)) - {actor.id}
    send(others, Kind.DANGEROUS_ACT_ASKED, {"act": str(ACTS[kind].label)}, "/dangerous-acts")
    audit.record(actor, audit.Event.DANGEROUS_ACT_ASKED, asked, act=kind, words=asked.reason)
    return asked


def confirm_act(actor: User, asked: DangerousAct) -> None:
    """Another administrator confirms, and the portal does it now."""
    require(actor, Permission.DANGEROUS_ACT_DECIDE, asked)
    _hold_waiting(asked)
    asked.decider_id, asked.done_at = actor.id, clock.now()
    asked.outcome = ACTS[asked.kind].perform(actor)
    audit.record(actor, audit.Event.DANGEROUS_ACT_DONE, asked, act=asked.kind)


def refuse_act(actor: User, asked: DangerousAct) -> None:
    """Another administrator refuses, or the one who asked takes it back."""
    require(actor, Permission.DANGEROUS_ACT_ASK, asked)
    _hold_waiting(asked)
    asked.decider_id, asked.refused_at = actor.id, clock.now()
    audit.record(actor, audit.Event.DANGEROUS_ACT_REFUSED, asked, act=asked.kind)


def _hold_waiting(asked: DangerousAct) -> None:
    lock(asked)
    if asked.done_at is not None or asked.refused_at is not None:
        raise Conflict(_("This was decided already"))
