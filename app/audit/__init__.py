"""The tamper-evident log: record() writes what happened in the transaction of the change.

The entry's hash is written with it; a sealer (`sealing`) builds the Merkle tree behind it and
signs its head, `proofs` shows that an entry is in the tree, `verifying` and `exporting` check
the whole log from the database and from a file.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import insert, inspect

from app import clock
from app.audit.canonical import Told, canonical
from app.audit.events import Event
from app.audit.models import AuditEvent
from app.audit.tree import leaf_hash
from app.db import Base, db, refuse_stray_write

__all__ = ["PORTAL", "VISITOR", "Actor", "Event", "Receipt", "name_of", "record"]


class Actor(Protocol):
    """Anybody who acts: a person, the portal itself, a visitor."""

    @property
    def id(self) -> int | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def organisation_id(self) -> int | None: ...


@dataclass(frozen=True)
class Nobody:
    """An actor without an account."""

    id: int | None
    role: str | None
    organisation_id: int | None = None


PORTAL = Nobody(0, "portal")  # what the portal does by itself: reminders, closings, seals
VISITOR = Nobody(None, None)  # nobody has signed in
_ADD = insert(AuditEvent).returning(AuditEvent.id)  # made once: making it costs more than it does


class Receipt(NamedTuple):
    """What the writer may keep to prove later that the entry was made."""

    id: int
    leaf: bytes


def record(
    actor: Actor,
    event: Event,
    subject: Base | str,
    *,
    scope: Base | str | None = None,
    **facts: object,
) -> Receipt:
    """Add one entry to the log, in the transaction of the change. Call it last in a service.

    Exactly the event's facts come with it. Who acted stands there as id, role and organisation,
    never by name. `scope` is what the entry belongs to (an engagement), for time lines.
    """
    if facts.keys() != event.facts:
        raise ValueError(f"{event.label} needs {sorted(event.facts)}, got {sorted(facts)}")
    refuse_stray_write(db.session)
    db.session.flush()  # the subject gets its id
    about = None if scope is None else name_of(scope)
    stands_for = getattr(actor, "acts_for", None)
    told = Told(clock.now(), event.label, name_of(subject), about, actor.id, stands_for)
    role = None if actor.role is None else str(actor.role)
    text = canonical(told, role, actor.organisation_id, facts)
    leaf = leaf_hash(text.encode())
    row = {"canonical": text, "leaf": leaf, "event": told.event, "subject": told.subject}
    more = {"scope": told.scope, "actor_id": told.actor, "at": told.at}
    return Receipt(db.session.connection().execute(_ADD, {**row, **more}).scalar_one(), leaf)


def name_of(thing: Base | str) -> str:
    """Return how the log names a record: `working_paper:9`."""
    if isinstance(thing, str):
        return thing
    keys = inspect(thing).identity
    if keys is None:
        raise ValueError(f"{thing.__tablename__} has no id yet: add it to the session first")
    return f"{thing.__tablename__}:{','.join(map(str, keys))}"
