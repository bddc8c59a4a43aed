"""What the store holds, held against the records: rot, loss, strangers; and moving all of it."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from app import audit, clock
from app.db import end_read, transaction
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.papers.sweeping import AGE, named_keys
from app.policy import Role
from app.store import object_store
from storage import Damaged, NotStored, ObjectStore, sha256_of

EVERY_SECONDS = 3600
SAMPLE_BLOBS = 64
SAMPLE_BYTES = 64 << 20  # an hour's share: the sealer's thread has other work
STORE = "object_store:all"


@dataclass
class Check:
    """What was found: how many blobs were read, and the keys of those that are not right."""

    checked: int = 0
    rotten: list[str] = field(default_factory=list)  # their bytes are not those of their name
    lost: list[str] = field(default_factory=list)  # named by a record, not in the store
    strangers: list[str] = field(default_factory=list)  # in the store for a day, named by nobody

    @property
    def ok(self) -> bool:
        """Neither rot nor loss nor a stranger."""
        return not (self.rotten or self.lost or self.strangers)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"ok": self.ok, **asdict(self)}


class Fate(StrEnum):
    """What became of one blob in a move."""

    COPIED = "copied"
    THERE = "there already"
    DAMAGED = "damaged"
    LOST = "lost"


def check_all(store: ObjectStore) -> Check:
    """Read every blob that a record names, and look for those that none names."""
    found, named = Check(), _named()
    for key in sorted(named):
        _check_one(store, key, found)
    kept = store.keys()
    found.strangers = [key for key in kept if key not in named and _is_old(store, key)]
    # a row may have been written since the names were read
    found.strangers = sorted(set(found.strangers) - _named()) if found.strangers else []
    return found


def check_sample(store: ObjectStore, blobs: int, most_bytes: int) -> Check:
    """Read some blobs by chance: at least one, then until there were so many or so many bytes."""
    found, named, total = Check(), sorted(_named()), 0
    for key in random.SystemRandom().sample(named, min(blobs, len(named))):
        if found.checked and total >= most_bytes:
            break
        total += _check_one(store, key, found)
    return found


def record_check(found: Check) -> None:
    """Put the result in the log; the system administrators hear of anything that is wrong."""
    wrong = len(found.rotten) + len(found.lost) + len(found.strangers)
    with transaction():
        audit.record(
            audit.PORTAL,
            audit.Event.STORE_CHECKED,
            STORE,
            checked=found.checked,
            strangers=len(found.strangers),
            rotten=len(found.rotten),
            lost=len(found.lost),
        )
        if not found.ok:
            admins = people.holders_of(Role.SYSTEM_ADMIN)
            send(admins, Kind.STORE_ALARM, {"count": str(wrong)}, "/system")


def check_hourly() -> None:
    """The portal's own look at a few blobs; a job."""
    found = check_sample(object_store(), SAMPLE_BLOBS, SAMPLE_BYTES)
    if found.checked:
        record_check(found)


def copy(
    source: ObjectStore, target: ObjectStore, keys: Iterable[str]
) -> Iterator[tuple[str, Fate]]:
    """Copy blobs one by one, each read back and compared; what is there already is passed over.

    So it may be stopped and begun again. Nothing is taken from the source.
    """
    for key in keys:
        yield key, _copied(source, target, key)


def _copied(source: ObjectStore, target: ObjectStore, key: str) -> Fate:
    try:
        size = source.size(key)
        if target.exists(key) and target.size(key) == size:
            return Fate.THERE
        with source.open(key) as reader, target.spool(limit=size) as spool:
            if spool.receive(reader, expected=size).sha256 != sha256_of(key):
                return Fate.DAMAGED
            target.put(spool)
        target.check(key)
    except NotStored:
        return Fate.LOST
    except Damaged:
        return Fate.DAMAGED
    return Fate.COPIED


def _check_one(store: ObjectStore, key: str, found: Check) -> int:
    """Read one blob and note what is wrong with it; return its size."""
    found.checked += 1
    try:
        size = store.size(key)
        store.check(key)
    except NotStored:
        found.lost.append(key)
    except Damaged:
        found.rotten.append(key)
    else:
        return size
    return 0


def _named() -> set[str]:
    """The keys that records name; the connection goes back before anything slow."""
    named = named_keys()
    end_read()
    return named


def _is_old(store: ObjectStore, key: str) -> bool:
    try:
        return store.stat(key).kept_at < clock.now() - AGE
    except NotStored:
        return False
