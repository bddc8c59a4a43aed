"""Spills: reported by one person, decided by another; from the report on nobody reads the file."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.blobs import destroying
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role, can, require
from app.spills import holding, queries
from app.spills.holding import Holder
from app.spills.models import Outcome, Spill, SpillKind

DECIDERS = (Role.SECURITY_ADMIN, Role.LEADER)
# Of a paper, and of another record's own file
REPORTED = audit.Event.SPILL_REPORTED, audit.Event.SPILL_FILE_REPORTED
DESTROYED = audit.Event.SPILL_DESTROYED, audit.Event.SPILL_FILE_DESTROYED
DISMISSED = audit.Event.SPILL_DISMISSED, audit.Event.SPILL_FILE_DISMISSED


@dataclass(frozen=True)
class Report:
    """What the first person says: which file of the paper or record, of what kind, and why."""

    sha256: str
    kind: SpillKind
    reason: str


def report_spill(actor: User, thing: Any, told: Report) -> Spill:
    """The performance section reports a file that must not be here.

    `thing` is a version of a paper, or the row of another record's own file. From the commit on
    nobody reads it: neither these bytes nor a preview or text of them, wherever they are. Another
    person decides whether they are destroyed.
    """
    require(actor, Permission.SPILL_REPORT, thing)
    holder = holding.holder_of(thing)
    file_name = holder.files.get(told.sha256)
    if file_name is None or not told.reason.strip():
        raise Invalid(_("Say which file it is, and what is wrong with it"), "reason")
    if queries.open_or_destroyed(told.sha256) is not None:
        raise Conflict(_("This file was reported already"))
    destroying.withhold(told.sha256)
    spill = _row(actor, told, file_name, **holder.columns)
    _tell(actor, spill, Kind.SPILL_REPORTED, holder)
    _record(actor, REPORTED, spill, spill.reason, spill_kind=str(spill.kind))
    return spill


def destroy_spill(actor: User, spill: Spill, words: str, *, backups_kept: timedelta) -> None:
    """Another person confirms: the file's key is overwritten, its bytes go where the store lets.

    Backups made before hold it until their own time has passed; that day is noted. What an old
    backup brings back is destroyed again.
    """
    _decide(actor, spill, words, Outcome.DESTROYED)
    spill.in_backups_until = clock.today() + backups_kept
    destroying.destroy(spill.sha256)
    _record(actor, DESTROYED, spill, spill.decision_words)


def dismiss_spill(actor: User, spill: Spill, words: str) -> None:
    """Another person finds nothing wrong: the file may be read again."""
    _decide(actor, spill, words, Outcome.DISMISSED)
    destroying.lift(spill.sha256)
    _record(actor, DISMISSED, spill, spill.decision_words)


def _decide(actor: User, spill: Spill, words: str, outcome: Outcome) -> None:
    require(actor, Permission.SPILL_DECIDE, spill)
    lock(spill)
    if spill.decided_at is not None:
        raise Conflict
    if not words.strip():
        raise Invalid(_("Give the reason"), "words")
    spill.outcome, spill.decision_words = outcome, words.strip()
    spill.decided_by_id, spill.decided_at = actor.id, clock.now()
    _tell(actor, spill, Kind.SPILL_DECIDED, holding.place_of(spill))


def _row(actor: User, told: Report, file_name: str, **place: Any) -> Spill:
    spill = Spill(
        sha256=told.sha256,
        file_name=file_name,
        kind=told.kind,
        reason=told.reason.strip(),
        reported_by_id=actor.id,
        reported_at=clock.now(),
        **place,
    )
    db.session.add(spill)
    return spill


def _record(
    actor: User, events: tuple[audit.Event, audit.Event], spill: Spill, words: str, **more: object
) -> None:
    """Tell it of everything that holds the bytes, each in the scope of its own engagement."""
    of_paper, of_file = events
    for holder in holding.holders_of(spill.sha256):
        audit.record(
            actor,
            of_file if holder.kind else of_paper,
            holder.subject,
            scope=holder.engagement,
            sha256=spill.sha256,
            words=words,
            **holder.logged,
            **more,
        )


def _tell(actor: User, spill: Spill, kind: Kind, holder: Holder) -> None:
    """Those who decide hear of the report, who reported hears of the decision; owners of theirs.

    Nobody is told of another organisation that holds the same bytes.
    """
    db.session.flush()
    bureau = {spill.reported_by_id, *people.holders_of(*DECIDERS)} - {actor.id}
    send(bureau, kind, holder.told, f"/spills/{spill.id}")
    for one in holding.holders_of(spill.sha256):
        send(_owners(one) - bureau - {actor.id}, kind, one.told, one.address)


def _owners(holder: Holder) -> set[int]:
    """The people of the agency, and of the organisation that sent the file, who may read it."""
    houses = {holder.engagement.agency_id} if holder.engagement else set()
    if sender := getattr(holder.thing, "sent_by", None):
        houses.add(sender.organisation_id)
    found = people.recipients(houses, AGENCY_ROLES | UNIT_ROLES)
    readers = db.session.scalars(select(User).where(User.id.in_(found)))
    return {one.id for one in readers if can(one, holder.read, holder.record)}
