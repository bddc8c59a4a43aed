"""The words of stored files: read once in the cage, kept packed, found again by their marks."""

import json
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert

from app import cage, clock, office
from app.cage import MIB, Failed, Limits
from app.db import db, end_read, transaction
from app.media import MediaType
from app.papers.models import KeptFile
from app.reading import cache
from app.reading.converting import fetch, scratch
from app.similarity.models import FileText, Outcome, TextBucket

READING = Limits(seconds=120, memory=1536 * MIB)
READ_AS = {
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
    MediaType.PPTX: "pptx",
    MediaType.OFD: "ofd",
    MediaType.TEXT: "text",
}
CONVERTED_FIRST = {MediaType.DOC, MediaType.XLS, MediaType.PPT}
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


def read_in(file: KeptFile) -> None:
    """Read the words of a file into the library; what has none is noted as such.

    Unavailable where the store is away: then it is tried again another time.
    """
    keep(file.sha256, _told_of(file))


def keep(sha256: str, told: Mapping[str, Any]) -> None:
    """Take into the library what was read of these bytes."""
    text = str(told.get("text", "")).strip().replace("\x00", "")
    outcome = Outcome.READ if len(text) >= LEAST else Outcome.WORDLESS
    if "error" in told:
        outcome = Outcome.UNREADABLE
    with transaction():
        if known(sha256):
            return
        kept = zlib.compress(text.encode()) if outcome is Outcome.READ else b""
        row = {"sha256": sha256, "outcome": outcome, "characters": len(text), "packed": kept}
        db.session.execute(insert(FileText).values(**row, read_at=clock.now()))
        if outcome is Outcome.READ:
            _keep_buckets(sha256, told["buckets"])


def _keep_buckets(sha256: str, buckets: Sequence[int]) -> None:
    rows = [{"bucket": bucket, "sha256": sha256} for bucket in buckets]
    if rows:
        db.session.execute(insert(TextBucket), rows)


def _told_of(file: KeptFile) -> Mapping[str, Any]:
    media = office.media_of(file.media_type)
    if media not in READ_AS and media not in CONVERTED_FIRST:
        return {}
    if file.size > int(current_app.config["PREVIEW_MAX_BYTES"]):
        return {"error": "too large"}
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = Path(name)
        source = folder / "source"
        mime, sha256 = file.media_type, file.sha256
        fetch(file, source)
        end_read()
        try:
            if media in CONVERTED_FIRST:
                source, kind = _converted(source, mime, sha256, folder), "pdf"
            else:
                kind = READ_AS[media or MediaType.TEXT]
            return read_caged(source, kind, folder)
        except Failed as error:
            return {"error": str(error)}


def _converted(source: Path, mime: str, sha256: str, folder: Path) -> Path:
    """Old Office documents are read through their conversion, which previews can use too."""
    if cache.progress_of(sha256) is not cache.Progress.READY:
        cache.keep(sha256, office.to_pdf(source, mime, folder))
    return cache.place(sha256)


def read_caged(source: Path, kind: str, folder: Path) -> Mapping[str, Any]:
    """Read one document in a process of its own; Failed where that ends badly."""
    made, listed = folder / "words.json", folder / "list.json"
    told = [{"kind": kind, "source": str(source), "made": str(made)}]
    listed.write_text(json.dumps(told), encoding="utf-8")
    cage.run_script("texts.py", folder, listed, limits=READING)
    found: Mapping[str, Any] = json.loads(made.read_text(encoding="ascii"))
    return found


def forget(sha256: str) -> None:
    """Remove the words of bytes that nobody may read any more, inside a transaction."""
    db.session.execute(delete(TextBucket).where(TextBucket.sha256 == sha256))
    found = db.session.get(FileText, sha256)
    if found is not None:
        found.packed, found.outcome, found.characters = b"", Outcome.UNREADABLE, 0
