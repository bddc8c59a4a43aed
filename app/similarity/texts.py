"""The library of words: kept packed by the digest of the bytes, found again by their marks."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert

from app import clock
from app.blobs.destroying import withheld_among
from app.db import db, transaction
from app.similarity.models import FileText, Outcome, TextBucket

LEAST = 40  # characters that say something


def known(sha256: str) -> bool:
    """Whether these bytes were read before."""
    return db.session.get(FileText, sha256) is not None


def text_of(sha256: str) -> str:
    """The words of these bytes, as they were read."""
    found = db.session.get(FileText, sha256)
    return unpacked(found) if found else ""


def unpacked(found: FileText) -> str:
    """The words that a row keeps."""
    return zlib.decompress(found.packed).decode() if found.packed else ""


def keep(sha256: str, told: Mapping[str, Any]) -> None:
    """Take into the library what was read of these bytes."""
    text = str(told.get("text", "")).strip().replace("\x00", "")
    outcome = Outcome.READ if len(text) >= LEAST else Outcome.WORDLESS
    if "error" in told:
        outcome = Outcome.UNREADABLE
    with transaction():
        if known(sha256):
            return
        if withheld_among({sha256}):  # since it was read
            text, outcome = "", Outcome.UNREADABLE
        kept = zlib.compress(text.encode()) if outcome is Outcome.READ else b""
        row = {"sha256": sha256, "outcome": outcome, "characters": len(text), "packed": kept}
        db.session.execute(insert(FileText).values(**row, read_at=clock.now()))
        if outcome is Outcome.READ:
            _keep_buckets(sha256, told["buckets"])


def _keep_buckets(sha256: str, buckets: Sequence[int]) -> None:
    rows = [{"bucket": bucket, "sha256": sha256} for bucket in buckets]
    if rows:
        db.session.execute(insert(TextBucket), rows)


def forget(sha256: str) -> None:
    """Remove the words of bytes that nobody may read any more, inside a transaction."""
    db.session.execute(delete(TextBucket).where(TextBucket.sha256 == sha256))
    found = db.session.get(FileText, sha256)
    if found is not None:
        found.packed, found.outcome, found.characters = b"", Outcome.UNREADABLE, 0
