"""Quarantine: what is gathered here is judged and scanned, and only then given to the store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _

from app import media
from app.db import db, end_read, transaction
from app.engagements.models import Engagement
from app.errors import Invalid, Missing, PortalError, Unavailable
from app.papers import services, uploading, uploads
from app.papers.arriving import MOST_FILES
from app.papers.files import RefusedUpload, StoredFile
from app.papers.gathering import Gathering
from app.papers.models import Upload
from app.papers.scanning import Scanner
from app.papers.uploading import Arrival
from app.store import object_store, spool_folder
from app.web import actor

Source = Arrival | Upload


def limits() -> uploads.Limits:
    """What the settings allow of uploads in parts."""
    config = current_app.config
    return uploads.Limits(
        file=config["MAX_RESUMABLE_BYTES"],
        engagement=config["ENGAGEMENT_QUOTA_BYTES"],
        pause=timedelta(hours=config["UPLOAD_EXPIRES_HOURS"]),
    )


def scanner() -> Scanner | None:
    """The virus scanner of the settings, if there is one."""
    address = current_app.config["CLAMD_SOCKET"]
    return Scanner(address) if address else None


def gathering_of(upload: Upload) -> Gathering:
    """The bytes of an upload so far."""
    return Gathering(spool_folder() / "quarantine", upload.id)


def size_of(upload: Upload) -> int:
    """How far an upload is; one that was released is whole."""
    return upload.length if upload.released_at else gathering_of(upload).size


def kept(source: Source, engagement: Engagement) -> StoredFile:
    """Keep a file in the store; a refusal is in the log before anybody hears of it."""
    if isinstance(source, Upload):
        return released(source, engagement)
    try:
        uploads.check_quota(engagement, source.length or 0, limits())
        end_read()
        return uploading.keep(object_store(), source)
    except PortalError as error:
        refused = RefusedUpload(source.name, source.length, uploading.reason_of(error))
        with transaction():
            services.note_refused_upload(actor(), engagement, refused)
        raise


def all_kept(sources: Sequence[Source], engagement: Engagement) -> list[StoredFile]:
    """Keep the files of one version; the first that is refused ends it for all of them.

    What came in parts and passed then waits where many files at once are submitted.
    """
    if len(sources) > MOST_FILES:
        raise Invalid(_("A version has from 1 to %(n)s files", n=MOST_FILES))
    return [kept(source, engagement) for source in sources]


def released(upload: Upload, engagement: Engagement) -> StoredFile:
    """The file of an upload, promoted into the store the first time that it is asked for.

    While store or scanner is away it stays where it is; a file that is refused goes at once.
    """
    if upload.engagement_id != engagement.id:
        raise Missing
    if upload.released_at is None:
        file = _promoted(upload)
        with transaction():
            uploads.note_release(upload, file)
        gathering_of(upload).discard()
    return uploads.stored_file(upload)


def drop(upload: Upload) -> None:
    """End an upload and remove its bytes."""
    gathering = gathering_of(upload)
    with transaction():
        uploads.end_upload(actor(), upload)
    gathering.discard()


def taken_over(sources: Sequence[Source]) -> None:
    """A paper took the files: their uploads end in the same transaction."""
    for source in sources:
        if isinstance(source, Upload):
            db.session.delete(source)


def judged(upload: Upload) -> media.Accepted:
    """What was gathered is whole, of a known type, and clean."""
    gathering = gathering_of(upload)
    if gathering.size != upload.length:
        raise uploading.CutShort
    accepted = media.accept(gathering.path, upload.file_name, upload.length)
    if eye := scanner():
        eye.check(gathering.path)
    return accepted


@contextmanager
def refusals_noted(upload: Upload) -> Iterator[None]:
    """Log a refusal, and end the upload: but where something is only away, it waits."""
    try:
        yield
    except PortalError as error:
        refused = RefusedUpload(upload.file_name, upload.length, uploading.reason_of(error))
        with transaction():
            services.note_refused_upload(actor(), upload.engagement, refused)
        if not isinstance(error, (Unavailable, uploading.CutShort)):
            drop(upload)
        raise


def _promoted(upload: Upload) -> StoredFile:
    """Judge, scan and store what was gathered."""
    gathering = gathering_of(upload)
    if gathering.size != upload.length:
        raise uploading.CutShort
    with refusals_noted(upload), gathering.lent() as path:
        arrival = arrival_of(upload, path)
        end_read()
        return uploading.keep(object_store(), arrival)


def arrival_of(upload: Upload, path: Path) -> Arrival:
    """What was gathered, on its way to the store."""
    return Arrival(
        stream=path,
        name=upload.file_name,
        length=upload.length,
        limit=limits().file,
        is_unclassified=upload.is_unclassified,
        scanner=scanner(),
    )
