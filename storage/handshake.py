"""Does the bucket really refuse? Some servers answer success and lock nothing, so it is tried."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from storage import Damaged, NotStored, StoreError, StoreUnavailable
from storage.digests import Digests, digests_of
from storage.s3_locked import LockedStore

PREFIX = "handshake/"
LASTING = timedelta(days=1)
FIRST, SECOND = b"what was kept first", b"what came after it!"


class Step(StrEnum):
    """What is tried, in this order."""

    BUCKET = "bucket"  # the bucket says that it has Object Lock
    MODE = "mode"  # HEAD shows COMPLIANCE and its end
    DELETION = "deletion"  # deleting the locked version is refused, and it is still there
    OVERWRITE = "overwrite"  # a second put leaves the first version as it was
    DIGEST = "digest"  # a body that does not fit its Content-MD5 is refused


@dataclass(frozen=True)
class Proof:
    """What held, and what the server said where something did not."""

    held: dict[Step, bool]
    said: dict[Step, str]

    @property
    def ok(self) -> bool:
        """Every step held."""
        return all(self.held.get(step, False) for step in Step)

    @property
    def failed(self) -> list[Step]:
        """The steps that did not hold."""
        return [step for step in Step if not self.held.get(step, False)]


def shake(store: LockedStore) -> Proof:
    """Try everything on a probe that is locked for a day. StoreUnavailable where nobody answers.

    The probes of the days before are removed, for their locks have ended.
    """
    probe = f"{PREFIX}{secrets.token_hex(8)}"
    version = store.write(probe, FIRST)
    tries: dict[Step, Callable[[], bool]] = {
        Step.BUCKET: store.locks,
        Step.MODE: lambda: _mode_is_told(store, probe, version),
        Step.DELETION: lambda: _deletion_is_refused(store, probe, version),
        Step.OVERWRITE: lambda: _overwriting_keeps(store, probe, version),
        Step.DIGEST: lambda: _changed_body_is_refused(store, probe),
    }
    held: dict[Step, bool] = {}
    said: dict[Step, str] = {}
    for step, attempt in tries.items():
        try:
            held[step] = attempt()
        except StoreUnavailable:
            raise
        except StoreError as error:
            held[step], said[step] = False, str(error)[:300]
    _clear(store)
    return Proof(held, said)


def _mode_is_told(store: LockedStore, probe: str, version: str) -> bool:
    until = datetime.now(UTC) + LASTING
    store.retain(probe, version, until)
    lock = store.lock_of(probe, version)
    told = lock.until is not None and abs(lock.until - until) < timedelta(minutes=1)
    return lock.mode == "COMPLIANCE" and told


def _deletion_is_refused(store: LockedStore, probe: str, version: str) -> bool:
    """A refusal counts only if the bytes are still there, and a success never does."""
    try:
        store.remove_version(probe, version)
    except StoreUnavailable:
        raise
    except StoreError:
        return store.read(probe, version) == FIRST
    return False


def _overwriting_keeps(store: LockedStore, probe: str, version: str) -> bool:
    store.write(probe, SECOND)
    return store.read(probe, version) == FIRST


def _changed_body_is_refused(store: LockedStore, probe: str) -> bool:
    """The SHA-256 that goes along is the right one, so that the MD5 alone is judged."""
    right = digests_of(SECOND, Digests.SHA256 | Digests.MD5)
    wrong = replace(right, md5=digests_of(FIRST, Digests.MD5).md5)
    try:
        store.write(probe, SECOND, wrong)
    except Damaged:
        return True
    return False


def _clear(store: LockedStore) -> None:
    """Remove whatever is no longer locked; what is says no."""
    for one in list(store.versions(PREFIX)):
        with suppress(NotStored, StoreError):
            store.remove_version(one.key, one.version)
