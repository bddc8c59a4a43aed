"""What the store holds, held against the records: rot, loss, strangers, and its own versions."""

import random
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import audit, clock
from app.blobs.destroying import destroy_again, withheld_among
from app.custody import alarms, versions
from app.custody.alarms import STORE, Finding
from app.custody.models import StoreCheck, Wrong
from app.db import db, end_read, transaction
from app.papers.sweeping import is_old, named_keys
from app.store import locked_store, object_store
from storage import Damaged, NotStored, ObjectStore, Withheld, sha256_of

EVERY_SECONDS = 3600
SAMPLE_BLOBS = 64
SAMPLE_BYTES = 64 << 20  # an hour's share: the disk has other work
NIGHT = range(1, 6)  # hours in Shanghai
LONGEST = timedelta(hours=30)  # without a night, as on a machine that is switched off then


@dataclass
class Check:
    """What was found: how many blobs were read, and the keys of those that are not right."""

    checked: int = 0
    rotten: list[str] = field(default_factory=list)  # their bytes are not those of their name
    lost: list[str] = field(default_factory=list)  # named by a record, not in the store
    strangers: list[str] = field(default_factory=list)  # in the store for a day, named by nobody
    tampered: list[Finding] = field(default_factory=list)  # what the store's versions betray
    sound: list[str] = field(default_factory=list, repr=False)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.findings

    @property
    def findings(self) -> list[Finding]:
        """Everything that is wrong, by kind and key."""
        return [
            *((Wrong.ROTTEN, key) for key in self.rotten),
            *((Wrong.LOST, key) for key in self.lost),
            *((Wrong.STRANGER, key) for key in self.strangers),
            *self.tampered,
        ]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        told = {name: value for name, value in asdict(self).items() if name != "sound"}
        return {"ok": self.ok, **told}


def check_all(store: ObjectStore) -> Check:
    """Read every blob that a record names, and compare the rest by the store's own lists."""
    found = compare(store)
    for key in sorted(_named() - set(found.lost) - {key for _wrong, key in found.tampered}):
        _check_one(store, key, found)
    return found


def compare(store: ObjectStore) -> Check:
    """Compare the records with the store's lists, of versions too where it has them; reads none."""
    found, named = Check(), _named()
    kept = set(store.keys())
    found.strangers = [key for key in sorted(kept - named) if is_old(store, key)]
    found.lost = sorted(named - kept)
    if bucket := locked_store():
        found.tampered = versions.compare(bucket, named)
        found.lost = sorted(set(found.lost) - {key for _wrong, key in found.tampered})
    # rows may have come or gone since the names were read
    now = _named()
    found.lost = [key for key in found.lost if key in now]
    found.strangers = [key for key in found.strangers if key not in now | _withheld(kept)]
    return found


def check_sample(store: ObjectStore, blobs: int, most_bytes: int) -> Check:
    """Read some blobs by chance: at least one, then until there were so many or so many bytes."""
    found, named, total = Check(), sorted(_named()), 0
    for key in random.SystemRandom().sample(named, min(blobs, len(named))):
        if found.checked and total >= most_bytes:
            break
        total += _check_one(store, key, found)
    return found


def record_check(found: Check, *, is_full: bool = False) -> None:
    """Put the result in the log; what is newly wrong is told once."""
    with transaction():
        again = destroy_again()
        for sha256 in again:
            audit.record(audit.PORTAL, audit.Event.SPILL_REPEATED, STORE, sha256=sha256)
        audit.record(
            audit.PORTAL,
            audit.Event.STORE_CHECKED,
            STORE,
            checked=found.checked,
            strangers=len(found.strangers),
            rotten=len(found.rotten),
            lost=len(found.lost) + len(found.tampered),
        )
        db.session.add(
            StoreCheck(
                checked_at=clock.now(),
                is_full=is_full,
                files=found.checked,
                wrong=len(found.findings),
            )
        )
        alarms.note(found.findings, settles=_settled_by(found, is_full=is_full))


def _settled_by(found: Check, *, is_full: bool) -> Iterator[Finding]:
    """The open alarms that this look would have found again."""
    sound = set(found.sound)
    for one in alarms.open_alarms():
        by_list = one.wrong not in (Wrong.HANDSHAKE, Wrong.ROTTEN)
        if (is_full and by_list) or (one.name in sound and one.wrong in (Wrong.ROTTEN, Wrong.LOST)):
            yield one.wrong, one.name


def check_hourly() -> None:
    """The portal's own look at a few blobs; a job."""
    found = check_sample(object_store(), SAMPLE_BLOBS, SAMPLE_BYTES)
    if found.checked:
        record_check(found)


def compare_nightly() -> bool:
    """Compare all of it once a night, reading every byte where the settings ask for that; a job."""
    last = db.session.scalar(
        select(StoreCheck.checked_at).where(StoreCheck.is_full).order_by(StoreCheck.id.desc())
    )
    end_read()
    if not is_due(last):
        return False
    look = check_all if current_app.config["STORE_READ_NIGHTLY"] else compare
    record_check(look(object_store()), is_full=True)
    return True


def is_due(last: datetime | None) -> bool:
    """Whether a nightly work waits: it is night and there was none tonight, or it is long ago."""
    now = clock.now()
    if last is None or now - last > LONGEST:
        return True
    return now.astimezone(clock.SHANGHAI).hour in NIGHT and now - last > timedelta(hours=12)


def _check_one(store: ObjectStore, key: str, found: Check) -> int:
    """Read one blob and note what is wrong with it; return its size."""
    try:
        size = store.size(key)
        store.check(key)
    except Withheld:  # it was reported since the names were read
        return 0
    except NotStored:
        found.lost.append(key)
    except Damaged:
        found.rotten.append(key)
    else:
        found.checked += 1
        found.sound.append(key)
        return size
    found.checked += 1
    return 0


def _named() -> set[str]:
    """The keys that records name but what is withheld; the connection goes back before the work."""
    named = named_keys()
    named -= _withheld(named)
    end_read()
    return named


def _withheld(keys: Collection[str]) -> set[str]:
    digests = {sha256_of(key): key for key in keys}
    return {digests[one] for one in withheld_among(set(digests))}
