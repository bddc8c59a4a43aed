"""What people do with process data. Each public function is one action of one person."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.attachments.exif import PhotoFacts
from app.attachments.models import columns_of
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.fieldwork.entries import (
    New,
    NewDays,
    NewInterview,
    NewQuestionnaire,
    NewVisit,
    check,
)
from app.fieldwork.models import (
    Activity,
    Interview,
    PersonDays,
    Questionnaire,
    SiteVisit,
    VisitPhoto,
)
from app.papers.files import StoredFile
from app.policy import Permission, require

MOST_PHOTOS = 60
Record = SiteVisit | Interview | Questionnaire | PersonDays


def record_entry(actor: User, engagement: Engagement, new: New) -> Record:
    """Somebody of the agency enters what was done; the day lies between contract and today."""
    lock(engagement)
    require(actor, Permission.FIELDWORK_RECORD, engagement)
    check(engagement, new)
    told = {name: getattr(new, name) for name in new.__dataclass_fields__}
    record = _KINDS[type(new)](
        **{name: _clean(value) for name, value in told.items()},
        engagement=engagement,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
    db.session.add(record)
    _record(actor, audit.Event.FIELDWORK_RECORDED, record)
    return record


def record_entries(actor: User, engagement: Engagement, entries: Sequence[New]) -> list[Record]:
    """Many at once, from a workbook: all of them or none."""
    return [record_entry(actor, engagement, new) for new in entries]


def void_entry(actor: User, record: Record, reason: str) -> None:
    """The lead voids a wrong entry with the reason; it stays readable and counts no more."""
    lock(record.engagement)
    require(actor, Permission.FIELDWORK_VOID, record)
    if not reason.strip():
        raise Invalid(_("Give the reason"))
    if record.voided_at is not None:
        raise Conflict(_("This entry was voided already"))
    record.voided_at, record.voided_by_id = clock.now(), actor.id
    record.void_reason = reason.strip()
    _record(actor, audit.Event.FIELDWORK_VOIDED, record, reason=record.void_reason)


def add_photo(actor: User, visit: SiteVisit, file: StoredFile, facts: PhotoFacts) -> VisitPhoto:
    """Somebody of the agency adds a photograph of a visit, with what its camera said."""
    lock(visit)
    require(actor, Permission.FIELDWORK_RECORD, visit)
    if file.media_type not in {"image/jpeg", "image/png"}:
        raise Invalid(_("A photograph is a JPG or PNG picture"), field="files")
    if visit.voided_at is not None:
        raise Conflict(_("This entry was voided already"))
    if any(photo.sha256 == file.sha256 for photo in visit.photos):
        raise Conflict(_("This photograph is there already"))
    if len(visit.photos) >= MOST_PHOTOS:
        raise Conflict(_("A visit has at most %(n)s photographs", n=MOST_PHOTOS))
    photo = VisitPhoto(visit=visit, **columns_of(actor, file), **asdict(facts))
    db.session.add(photo)
    told: dict[str, Any] = {"file": file.name, "sha256": file.sha256}
    told |= {"taken_at": facts.taken_at, "unclassified": file.is_unclassified}
    audit.record(actor, audit.Event.PHOTO_ADDED, visit, scope=visit.engagement, **told)
    return photo


def _clean(value: Any) -> Any:
    return value.strip() if isinstance(value, str) and not isinstance(value, Activity) else value


def _record(actor: User, event: audit.Event, record: Record, **facts: object) -> None:
    told = {"entry": record.__tablename__, "on": record.on.isoformat(), "words": _told(record)}
    audit.record(actor, event, record, scope=record.engagement, **told, **facts)


def _told(record: Record) -> str:
    """What the log says of an entry, without the names of those who were met."""
    if isinstance(record, SiteVisit):
        return record.place
    if isinstance(record, Interview):
        return record.topic
    if isinstance(record, Questionnaire):
        return f"{record.audience} {record.sent}/{record.returned}/{record.valid}"
    return f"{record.days}"


_KINDS: dict[type, Callable[..., Record]] = {
    NewVisit: SiteVisit,
    NewInterview: Interview,
    NewQuestionnaire: Questionnaire,
    NewDays: PersonDays,
}
