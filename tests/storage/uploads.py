"""Uploads that a test sends."""

import os
from io import BytesIO

MIB = 1 << 20
LIMIT = 64 * MIB


def keep(store, data, **changes):
    """Put these bytes the way a view does."""
    with store.spool(limit=changes.pop("limit", LIMIT)) as spool:
        spool.receive(changes.pop("source", None) or BytesIO(data), **changes)
        return store.put(spool)


def bytes_of(size):
    """Bytes that no other test has."""
    return os.urandom(size)


def read(store, key, **span):
    with store.open(key, **span) as reader:
        return reader.read()


def left_in(folder):
    """The files below a folder, blobs and spools alike."""
    return [path for path in folder.rglob("*") if path.is_file()]
