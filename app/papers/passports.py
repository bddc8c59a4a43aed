"""The passport of a version: where its arrival stands in the log, and whether that is sealed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit import Event, name_of
from app.audit.models import AuditEvent
from app.audit.proofs import NoProof, inclusion
from app.db import db
from app.papers.models import PaperVersion

ARRIVALS = (Event.PAPER_SUBMITTED.label, Event.VERSION_SUBMITTED.label)


@dataclass(frozen=True)
class Entry:
    """The entry of the log that tells of a version's arrival, and the seal over it, if any."""

    number: int
    at: datetime
    leaf: str
    sealed_size: int | None
    is_included: bool


def entry_of(version: PaperVersion) -> Entry | None:
    """The arrival of the n-th version is the n-th arrival that the log tells of its paper."""
    event = db.session.scalar(
        select(AuditEvent)
        .where(AuditEvent.subject == name_of(version.paper), AuditEvent.event.in_(ARRIVALS))
        .order_by(AuditEvent.id)
        .offset(version.number - 1)
        .limit(1)
    )
    if event is None:
        return None
    try:
        proof = inclusion(event.id)
    except NoProof:
        return Entry(event.id, event.at, event.leaf.hex(), None, is_included=False)
    return Entry(event.id, event.at, event.leaf.hex(), proof.size, proof.holds())
