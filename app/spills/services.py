"""Spills: reported by one person, decided by another; from the report on nobody reads the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.blobs import destroying
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.papers.models import PaperVersion
from app.papers.telling import named
from app.policy import AGENCY_ROLES, Permission, Role, require
from app.spills import queries
from app.spills.models import Outcome, Spill, SpillKind

DECIDERS = (Role.SECURITY_ADMIN, Role.LEADER)


@dataclass(frozen=True)
class Report:
    """What the first person says: which file of the version, of what kind, and why."""

    sha256: str
    kind: SpillKind
    reason: str


def report_spill(actor: User, version: PaperVersion, told: Report) -> Spill:
    """The performance section reports a file that must not be here.

    From the commit on nobody reads it: neither these bytes nor a preview or text of them, in
    whatever papers they are. Another person decides whether they are destroyed.
    """
    require(actor, Permission.SPILL_REPORT, version)
    file_name = queries.files_of(version).get(told.sha256)
    if file_name is None or not told.reason.strip():
        raise Invalid(_("Say which file it is, and what is wrong with it"), "reason")
    if queries.open_or_destroyed(told.sha256) is not None:
        raise Conflict(_("This file was reported already"))
    destroying.withhold(told.sha256)
    spill = Spill(
        version=version,
        sha256=told.sha256,
        file_name=file_name,
        kind=told.kind,
        reason=told.reason.strip(),
        reported_by_id=actor.id,
        reported_at=clock.now(),
    )
    db.session.add(spill)
    _tell(actor, spill, Kind.SPILL_REPORTED)
    _record(actor, audit.Event.SPILL_REPORTED, spill, spill.reason, spill_kind=str(spill.kind))
    return spill


def destroy_spill(actor: User, spill: Spill, words: str, *, backups_kept: timedelta) -> None:
    """Another person confirms: the file's key is overwritten, its bytes go where the store lets.

    Backups made before hold it until their own time has passed; that day is noted. What an old
    backup brings back is destroyed again.
    """
    _decide(actor, spill, words, Outcome.DESTROYED)
    spill.in_backups_until = clock.today() + backups_kept
    destroying.destroy(spill.sha256)
    _record(actor, audit.Event.SPILL_DESTROYED, spill, spill.decision_words)


def dismiss_spill(actor: User, spill: Spill, words: str) -> None:
    """Another person finds nothing wrong: the file may be read again."""
    _decide(actor, spill, words, Outcome.DISMISSED)
    destroying.lift(spill.sha256)
    _record(actor, audit.Event.SPILL_DISMISSED, spill, spill.decision_words)


def _decide(actor: User, spill: Spill, words: str, outcome: Outcome) -> None:
    require(actor, Permission.SPILL_DECIDE, spill)
    lock(spill)
    if spill.decided_at is not None:
        raise Conflict
    if not words.strip():
        raise Invalid(_("Give the reason"), "words")
    spill.outcome, spill.decision_words = outcome, words.strip()
    spill.decided_by_id, spill.decided_at = actor.id, clock.now()
    _tell(actor, spill, Kind.SPILL_DECIDED)


def _record(actor: User, event: audit.Event, spill: Spill, words: str, **more: object) -> None:
    """Tell it of every paper that holds the bytes, each in the scope of its own engagement."""
    for version in queries.holders_of(spill.sha256):
        audit.record(
            actor,
            event,
            version.paper,
            scope=version.engagement,
            index_no=version.paper.index_no,
            number=version.number,
            sha256=spill.sha256,
            words=words,
            **more,
        )


def _tell(actor: User, spill: Spill, kind: Kind) -> None:
    """Those who decide hear of the report, who reported hears of the decision; agencies of theirs.

    No agency is told of another that holds the same bytes.
    """
    db.session.flush()
    bureau = {spill.reported_by_id, *people.holders_of(*DECIDERS)} - {actor.id}
    _send(bureau, kind, spill.version, f"/spills/{spill.id}")
    for version in queries.holders_of(spill.sha256):
        theirs = people.recipients([version.engagement.agency_id], AGENCY_ROLES)
        _send(theirs, kind, version, f"/papers/{version.paper_id}")


def _send(told: Iterable[int], kind: Kind, version: PaperVersion, link: str) -> None:
    send(told, kind, named(version.paper), link)
