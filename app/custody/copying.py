"""Moving everything that the records name from one store to another."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from storage import Damaged, NotStored, ObjectStore, Withheld, sha256_of


class Fate(StrEnum):
    """What became of one blob in a move."""

    COPIED = "copied"
    THERE = "there already"
    WITHHELD = "withheld"
    DAMAGED = "damaged"
    LOST = "lost"


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
    except Withheld:
        return Fate.WITHHELD
    except NotStored:
        return Fate.LOST
    except Damaged:
        return Fate.DAMAGED
    return Fate.COPIED
