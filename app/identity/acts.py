"""What takes two people: one asks and says why, another one confirms, then the portal does it.

What is to be done is kept as it was asked for (`facts`), so that the second person confirms that
and nothing else. Who may be either of the two, the policy says by the kind of act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.audit.canonical import stamp
from app.audit.rotation import change_key
from app.db import db, lock
from app.encrypted import add_key
from app.errors import Conflict, Missing, Words
from app.identity.models import DangerousAct
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, require
from app.policy.words_of_people import ACTS_DECIDED_BY


@dataclass(frozen=True)
class Act:
    """One kind of act: `perform` does it when it is confirmed, and tells what came of it."""

    kind: str
    label: Words
    meaning: Words
    perform: Callable[[User, DangerousAct], str]
    asked_on: str = ""  # the page on which it is asked for, where a reason alone doesn't say it all
    told_on: Callable[[DangerousAct], str] | None = None  # the page that shows what it would do


def change_seal_key(confirmer: User, _asked: DangerousAct) -> str:
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


def change_personal_key(_confirmer: User, _asked: DangerousAct) -> str:
    """Make a new key for personal data; the background seals every value again with it."""
    return add_key()


PERSONAL_KEY = Act(
    "personal_key",
    _("Change the key of personal data"),
    _("New values are sealed with it at once, all others by the background; older backups need "
      "the older keys, which stay in the file"),
    change_personal_key,
)  # fmt: skip
# The acts there are; upper features join theirs.
ACTS: dict[str, Act] = {SEAL_KEY.kind: SEAL_KEY, PERSONAL_KEY.kind: PERSONAL_KEY}


def ask_act(
    actor: User, kind: str, reason: str, facts: Mapping[str, Any] | None = None
) -> DangerousAct:
    """Ask for an act of two people, and tell those who may be the second one.

    Of each kind only one waits at a time. `facts` is what exactly it would do.
    """
    if kind not in ACTS:
        raise Missing
    require(actor, Permission.DANGEROUS_ACT_ASK, ACTS[kind])
    if waiting(kind) is not None:
        raise Conflict(_("This act was asked for already and waits for a second person"))
    asked = DangerousAct(
        kind=kind, reason=reason.strip(), asker_id=actor.id, asked_at=clock.now(), outcome=""
    )
    asked.facts = dict(facts or {})
    db.session.add(asked)
    others = set(people.holders_of(*ACTS_DECIDED_BY[kind])) - {actor.id}
    send(others, Kind.DANGEROUS_ACT_ASKED, {"act": str(ACTS[kind].label)}, "/dangerous-acts")
    audit.record(actor, audit.Event.DANGEROUS_ACT_ASKED, asked, act=kind, words=asked.reason)
    return asked


def waiting(kind: str) -> DangerousAct | None:
    """The act of this kind that waits for its second person."""
    open_one = DangerousAct.done_at.is_(None), DangerousAct.refused_at.is_(None)
    return db.session.scalar(select(DangerousAct).where(DangerousAct.kind == kind, *open_one))


def confirm_act(actor: User, asked: DangerousAct) -> None:
    """Another person confirms, and the portal does now what was asked for."""
    require(actor, Permission.DANGEROUS_ACT_DECIDE, asked)
    _hold_waiting(asked)
    asked.decider_id, asked.done_at = actor.id, clock.now()
    asked.outcome = ACTS[asked.kind].perform(actor, asked)
    audit.record(actor, audit.Event.DANGEROUS_ACT_DONE, asked, act=asked.kind)


def refuse_act(actor: User, asked: DangerousAct) -> None:
    """Another person refuses, or the one who asked takes it back."""
    mine = asked.asker_id == actor.id
    require(
        actor,
        Permission.DANGEROUS_ACT_ASK if mine else Permission.DANGEROUS_ACT_DECIDE,
        asked,
    )
    _hold_waiting(asked)
    asked.decider_id, asked.refused_at = actor.id, clock.now()
    audit.record(actor, audit.Event.DANGEROUS_ACT_REFUSED, asked, act=asked.kind)


def _hold_waiting(asked: DangerousAct) -> None:
    lock(asked)
    if asked.done_at is not None or asked.refused_at is not None:
        raise Conflict(_("This was decided already"))
