"""Uploads in parts: how one is begun, goes on, is released from quarantine, and ends."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app import clock, media, papers
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, TooLarge
from app.papers.files import StoredFile
from app.papers.models import PaperVersion, Upload, VersionFile, WorkingPaper
from app.papers.uploading import OverQuota, over
from app.policy import Permission, require

SELDOM = 1 / 50  # of the pause: so much later an upload's end is written anew
MOST_WAITING = 500  # files of one person in one engagement


@dataclass(frozen=True)
class Limits:
    """How much may be sent, and how long an upload may pause."""

    file: int
    engagement: int
    pause: timedelta


@dataclass(frozen=True)
class NewUpload:
    """A file that is announced."""

    name: str
    length: int
    is_unclassified: bool
    unpacks: bool = False
    folder: str = ""


def begin_upload(actor: User, engagement: Engagement, new: NewUpload, limits: Limits) -> Upload:
    """Somebody of the agency announces a file; it needs the tick, a name and room for its bytes."""
    require(actor, Permission.PAPER_SUBMIT, engagement)
    if not new.is_unclassified:
        raise Invalid(_("Confirm first that the file holds no state secret"))
    lock(engagement)  # two announcements at once must not take the same room
    check_room(engagement, new.length, limits)
    if len(waiting_of(actor, engagement)) >= MOST_WAITING:
        raise Conflict(_("Too many files wait here already; submit or remove them first"))
    upload = announced_row(actor, engagement, new, limits)
    db.session.add(upload)
    return upload


def end_upload(actor: User, upload: Upload) -> None:
    """Its sender gives a file up before it became a paper; it goes as if it had never come."""
    require(actor, Permission.UPLOAD_CONTINUE, upload)
    db.session.delete(upload)


def is_news(upload: Upload, size: int, limits: Limits) -> bool:
    """Whether a part is worth a write: the last one, or the first in a while."""
    grown = clock.now() + limits.pause - upload.expires_at
    return size == upload.length or grown > limits.pause * SELDOM


def note_arrival(upload: Upload, size: int, limits: Limits) -> None:
    """A part arrived: the upload may pause anew, and is finished with its last byte."""
    upload.expires_at = clock.now() + limits.pause
    if size == upload.length and upload.finished_at is None:
        upload.finished_at = clock.now()


def note_release(upload: Upload, file: StoredFile) -> None:
    """The file passed and is in the store: from here on it may become a paper."""
    upload.file_name, upload.media_type = file.name, file.media_type
    upload.sha256, upload.store_key = file.sha256, file.key
    upload.finished_at = upload.finished_at or clock.now()
    upload.released_at, upload.finding = clock.now(), ""


def taken_out(archive: Upload, file: StoredFile, folder: str) -> Upload:
    """A file that came in an archive waits like one that was sent by itself."""
    upload = Upload(
        id=secrets.token_urlsafe(24),
        engagement_id=archive.engagement_id,
        author_id=archive.author_id,
        length=file.size,
        folder=shown(folder),
        is_unclassified=archive.is_unclassified,
        unpacks=False,
        created_at=archive.created_at,
        expires_at=archive.expires_at,
    )
    note_release(upload, file)
    return upload


def shown(folder: str) -> str:
    """The path of a folder without what can't be shown or kept."""
    return "".join(filter(str.isprintable, folder))[:500]


def stored_file(upload: Upload) -> StoredFile:
    """What a paper takes over of a released upload."""
    if upload.released_at is None:
        raise Conflict(_("The file is still being checked"))
    return StoredFile(
        name=upload.file_name,
        media_type=upload.media_type,
        size=upload.length,
        sha256=upload.sha256,
        key=upload.store_key,
        is_unclassified=upload.is_unclassified,
        received_at=_received_at(upload),
    )


def _received_at(upload: Upload) -> datetime | None:
    """When a file that had to wait was here; else the moment at which it is taken counts."""
    if upload.submission:
        return upload.submission.received_at
    return upload.created_at if upload.record_kind else None


def check_room(engagement: Engagement, length: int, limits: Limits) -> None:
    """A file has a smallest and a largest size, and all of an engagement together have one."""
    if length == 0:
        raise media.EmptyFile
    if length > limits.file:
        raise TooLarge(over(limits.file))
    check_quota(engagement, length, limits)


def check_quota(engagement: Engagement, length: int, limits: Limits) -> None:
    """The files of an engagement together stay under the setting's limit."""
    if bytes_of(engagement) + length > limits.engagement:
        raise OverQuota


def bytes_of(engagement: Engagement) -> int:
    """What an engagement holds: every version, every file that other features keep of it, and
    what was announced and is not yet any of these; in one statement.
    """
    kept = (
        select(func.sum(PaperVersion.size))
        .join(WorkingPaper, PaperVersion.paper_id == WorkingPaper.id)
        .where(WorkingPaper.engagement_id == engagement.id)
    )
    attached = (
        select(func.sum(VersionFile.size))
        .join(VersionFile.version)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
    )
    announced = select(func.sum(Upload.length)).where(
        Upload.engagement_id == engagement.id, Upload.refused_at.is_(None)
    )
    further = [one for feature in papers.further_bytes for one in feature(engagement)]
    sums = [one.scalar_subquery() for one in (kept, attached, announced, *further)]
    return sum(int(one or 0) for one in db.session.execute(select(*sums)).one())


def waiting_of(user: User, engagement: Engagement) -> Sequence[Upload]:
    """The person's own files in this engagement that no form has taken, as in a folder."""
    query = select(Upload).where(
        Upload.submission_id.is_(None),
        Upload.record_kind == "",
        Upload.engagement_id == engagement.id,
        Upload.author_id == user.id,
        Upload.expires_at > clock.now(),
    )
    return db.session.scalars(query.order_by(Upload.folder, Upload.file_name, Upload.id)).all()


def announced_row(author: User, engagement: Engagement, new: NewUpload, limits: Limits) -> Upload:
    """The row of a file that is announced; its bytes are still to come."""
    return Upload(
        id=secrets.token_urlsafe(24),
        engagement=engagement,
        author_id=author.id,
        length=new.length,
        file_name=media.clean_name(new.name),
        folder=shown(new.folder),
        is_unclassified=new.is_unclassified,
        unpacks=new.unpacks,
        created_at=clock.now(),
        expires_at=clock.now() + limits.pause,
    )
