"""Custody: what the store is asked to keep, whether it keeps it, and who hears when it doesn't."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app import archiving
from app.audit.wording import show_fact
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.archiving.packing import Manifest
    from app.engagements.models import Engagement


def panel(engagement: "Engagement", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """How the archived files are locked, and the hold of the engagement, on its archive's page."""
    from app.custody import queries
    from app.store import locked_store

    hold = queries.hold_of(engagement)
    return "custody/panel.html", {
        "engagement": engagement,
        "locks": queries.locks_of(engagement),
        "locks_itself": locked_store() is not None,
        "hold": hold,
        "may_ask": can(user, Permission.LEGAL_HOLD_ASK, engagement),
        "may_decide": hold is not None and can(user, Permission.LEGAL_HOLD_DECIDE, hold),
    }


def lock_archived(engagement: "Engagement", manifest: "Manifest") -> None:
    """What was archived is wanted to stay; a job brings the store to it."""
    from app.custody.locking import want_locks

    want_locks(engagement, manifest)


def join() -> None:
    """Listen to the archive below; once a process is enough."""
    from app.custody import labels, purging, rewrapping
    from app.identity import acts

    acts.ACTS.setdefault(purging.KIND, purging.ACT)
    acts.ACTS.setdefault(rewrapping.KIND, rewrapping.ACT)

    if panel not in archiving.panels:
        archiving.panels.append(panel)
    if lock_archived not in archiving.on_archived:
        archiving.on_archived.append(lock_archived)
    show_fact("wrong", labels.wrong_words)
    show_fact("keys", labels.key_words)
    show_fact("held", labels.step_words)
    show_fact("failed", labels.step_words)
