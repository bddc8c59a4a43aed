"""The passport of a version: its digests, its place and proof in the log, and who opened it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select

from app.audit import Event, name_of
from app.audit.canonical import read
from app.audit.keys import known_keys
from app.audit.models import AuditEvent
from app.audit.proofs import NoProof, inclusion
from app.audit.timeline import events_about
from app.db import db
from app.papers.models import KeptFile, PaperVersion
from app.papers.review_models import FileDigest, LevelReview
from app.policy import Permission, Person, can
from app.verification import PROOF
from storage import Damaged

ARRIVALS = (Event.PAPER_SUBMITTED.label, Event.VERSION_SUBMITTED.label)
LOOKS = ("paper", "passport")  # kinds of events about a version: who looked, copied, printed
MOST_OPENINGS = 200  # the newest; the log has all of them
READY_AT_ONCE = 32 << 20  # bytes whose SM3 takes less than a tenth of a second


@dataclass(frozen=True)
class Entry:
    """The entry of the log that tells of a version's arrival, and the seal over it, if any."""

    number: int
    at: datetime
    leaf: str
    sealed_size: int | None
    is_included: bool
    proof: dict[str, Any] | None = None


def entry_of(file: KeptFile) -> Entry | None:
    """The arrival of the n-th version is the n-th arrival that the log tells of its paper."""
    event = _arrival_of(file.version) if file.position == 1 else _attachment_of(file)
    if event is None:
        return None
    told = event.id, event.at, event.leaf.hex()
    try:
        proof = inclusion(event.id)
    except NoProof:
        return Entry(*told, None, is_included=False)
    return Entry(*told, proof.size, is_included=proof.holds(), proof=proof.to_json())


def _arrival_of(version: PaperVersion) -> AuditEvent | None:
    return db.session.scalar(
        select(AuditEvent)
        .where(AuditEvent.subject == name_of(version.paper), AuditEvent.event.in_(ARRIVALS))
        .order_by(AuditEvent.id)
        .offset(version.number - 1)
        .limit(1)
    )


def _attachment_of(file: KeptFile) -> AuditEvent | None:
    """A further file has an entry of its own, which names version and place."""
    told = select(AuditEvent).where(
        AuditEvent.subject == name_of(file.version.paper),
        AuditEvent.event == Event.FILE_ATTACHED.label,
    )
    wanted = {"number": file.version.number, "position": file.position}
    for event in db.session.scalars(told.order_by(AuditEvent.id)):
        if wanted.items() <= read(event.canonical)["facts"].items():
            return event
    return None


def proof_of(file: KeptFile, entry: Entry) -> dict[str, Any]:
    """What an outsider needs to check that this file arrived as the log tells.

    The file's digest stands in the entry's text, the text leads to the root by its hashes, and
    the checkpoint signs the root. `xingping verify` takes it; so does any tool for such logs.
    """
    return {
        "format": PROOF,
        "v": 1,
        "file": {"name": file.file_name, "size": file.size, "sha256": file.sha256},
        "index_no": file.version.paper.index_no,
        "number": file.version.number,
        "entry": entry.proof,
        "keys": [key.words() for key in known_keys()],
    }


def has_sm3() -> bool:
    """Whether this machine's OpenSSL has SM3."""
    return "sm3" in hashlib.algorithms_available


def sm3_of(chunks: Iterable[bytes], sha256: str) -> str:
    """The SM3 of the content with this SHA-256, read once in little memory.

    Damaged where the bytes are others by now: their SM3 would vouch for what nobody sent in.
    """
    digest, known = hashlib.new("sm3"), hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        known.update(chunk)
    if known.hexdigest() != sha256:
        raise Damaged(sha256)
    return digest.hexdigest()


def known_sm3(file: KeptFile) -> str | None:
    """The SM3 of the file's bytes, where it was made before."""
    found = db.session.get(FileDigest, file.sha256)
    return found.sm3 if found else None


def reviews_of(version: PaperVersion) -> Sequence[LevelReview]:
    """What the agency's three levels found of exactly this version."""
    return db.session.scalars(
        select(LevelReview).where(LevelReview.version_id == version.id).order_by(LevelReview.level)
    ).all()


def openings(user: Person, version: PaperVersion) -> list[AuditEvent]:
    """Who downloaded, previewed or printed it, newest first, as far as this person may know.

    The bureau's overseers see everybody; anybody else only their own house, so that an agency
    never learns that a supervisor or an inspector looked.
    """
    told = events_about(version, kinds=LOOKS)
    if can(user, Permission.PAPER_TRACE, version):
        return list(db.session.scalars(told.limit(MOST_OPENINGS)))
    own, found = user.organisation_id, db.session.scalars(told)
    theirs = (event for event in found if read(event.canonical)["org"] == own)
    return list(islice(theirs, MOST_OPENINGS))  # counted after, or others' looks would show by it
