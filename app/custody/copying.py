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
    SPOILT = "damaged there"


def copy(
    source: ObjectStore, target: ObjectStore, keys: Iterable[str], *, quick: bool = False
) -> Iterator[tuple[str, Fate]]:
    """Copy blobs one by one, each read back and compared; what is there already is compared too.

    So it may be stopped and begun again. Nothing is taken from the source, nor replaced there.
    `quick` takes what is there already for whole where its size is right.
    """
    for key in keys:
        yield key, _copied(source, target, key, quick=quick)


def _copied(source: ObjectStore, target: ObjectStore, key: str, *, quick: bool) -> Fate:
    try:
        size = source.size(key)
        if target.exists(key) and target.size(key) == size:
            return Fate.THERE if quick else _found(target, key)
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


def _found(target: ObjectStore, key: str) -> Fate:
    try:
        target.check(key)
    except Damaged:
        return Fate.SPOILT
    return Fate.THERE
