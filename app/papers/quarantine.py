"""Quarantine: what is gathered here is judged and scanned, and only then given to the store."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

from flask import current_app
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import ClientDisconnected

from app import media
from app.accounts.models import User
from app.db import db, end_read, lock, transaction
from app.engagements.models import Engagement
from app.errors import CutShort, Invalid, Missing, PortalError, Unavailable
from app.papers import services, uploading, uploads
from app.papers.arriving import MOST_FILES
from app.papers.files import RefusedUpload, StoredFile
from app.papers.gathering import Gathering
from app.papers.models import Upload
from app.papers.scanning import Scanner
from app.papers.tus import Part
from app.papers.uploading import Arrival
from app.papers.uploads import NewUpload
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


def kept(
    source: Source, engagement: Engagement, author: User | None = None, *, beside: int = 0
) -> StoredFile:
    """Keep a file in the store; a refusal is in the log before anybody hears of it.

    The author is whoever asks, or who sent an archive that the background takes apart. `beside`
    are the bytes of the same form that were kept before it.
    """
    if isinstance(source, Upload):
        return released(source, engagement)
    try:
        uploads.check_quota(engagement, beside + length_told(source), limits())
        end_read()
        return uploading.keep(object_store(), source)
    except PortalError as error:
        refused = RefusedUpload(source.name, source.length, uploading.reason_of(error))
        with transaction():
            services.note_refused_upload(author or actor(), engagement, refused)
        raise


def all_kept(sources: Sequence[Source], engagement: Engagement) -> list[StoredFile]:
    """Keep the files of one version; the first that is refused ends it for all of them.

    What came in parts and passed then waits where many files at once are submitted.
    """
    if len(sources) > MOST_FILES:
        raise Invalid(_("A version has from 1 to %(n)s files", n=MOST_FILES))
    found: list[StoredFile] = []
    new = 0
    for source in sources:
        found.append(kept(source, engagement, beside=new))
        new += 0 if isinstance(source, Upload) else found[-1].size  # an upload is counted already
    return found


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
        uploads.end_upload(upload.author, upload)
    gathering.discard()


def taken_over(
    sources: Sequence[Source], engagement: Engagement, files: Sequence[StoredFile]
) -> None:
    """A paper takes the files: their uploads end in the same transaction.

    The room is asked for once more, for two who send at once saw the same.
    """
    lock(engagement)
    for source in sources:
        if isinstance(source, Upload):
            db.session.delete(source)
    uploads.check_quota(engagement, sum(file.size for file in files), limits())


def judged(upload: Upload) -> media.Accepted:
    """What was gathered is whole and of a known type; nothing is said of what it holds."""
    gathering = gathering_of(upload)
    if gathering.size != upload.length:
        raise CutShort
    return media.accept(gathering.path, upload.file_name, upload.length)


def scanned(upload: Upload) -> media.Accepted:
    """What was gathered is whole, of a known type, and clean."""
    accepted = judged(upload)
    if eye := scanner():
        eye.check(gathering_of(upload).path)
    return accepted


def all_here(sources: Sequence[Source], engagement: Engagement) -> list[Upload]:
    """Gather the files of one version in quarantine, each whole and of a known type.

    What isn't is refused at once; the scanner's word is not waited for.
    """
    if len(sources) > MOST_FILES:
        raise Invalid(_("A version has from 1 to %(n)s files", n=MOST_FILES))
    here = [_gathered(source, engagement) for source in sources]
    for upload in here:
        if upload.engagement_id != engagement.id:
            raise Missing
        if upload.released_at is None:
            with refusals_noted(upload):
                judged(upload)
    return here


@contextmanager
def waiting(sources: Sequence[Source], engagement: Engagement) -> Iterator[list[Upload]]:
    """The files of a form, here to wait for the scanner; gone again where the form is refused.

    What came in parts stays: it was sent by itself, and may be handed in another way.
    """
    here = all_here(sources, engagement)
    try:
        yield here
    except BaseException:
        for source, upload in zip(sources, here, strict=True):
            if not isinstance(source, Upload):
                drop(upload)
        raise


def _gathered(source: Source, engagement: Engagement) -> Upload:
    """A file of a form or a raw body, gathered like one that comes in parts."""
    if isinstance(source, Upload):
        return source
    stream, length = cast(IO[bytes], source.stream), length_told(source)
    new = NewUpload(source.name, length, source.is_unclassified)
    room = replace(limits(), file=min(source.limit, limits().file))
    try:
        with transaction():
            upload = uploads.begin_upload(actor(), engagement, new, room)
    except PortalError as error:
        refused = RefusedUpload(source.name, length, uploading.reason_of(error))
        with transaction():
            services.note_refused_upload(actor(), engagement, refused)
        raise
    key = upload.id
    end_read()
    try:
        gathering_of(upload).add(stream, Part(0, length))
    except ClientDisconnected as error:
        drop(db.session.get_one(Upload, key))
        raise CutShort from error
    return upload


def length_told(source: Arrival) -> int:
    """How many bytes a body says that it has, or a file of a form has."""
    if source.length is not None or isinstance(source.stream, Path):
        return source.length or 0
    return length_of(source.stream)


def length_of(stream: IO[bytes]) -> int:
    """How many bytes a file of a form has."""
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return length


@contextmanager
def refusals_noted(upload: Upload) -> Iterator[None]:
    """Log a refusal, and end the upload: but where something is only away, it waits."""
    try:
        yield
    except PortalError as error:
        refused = RefusedUpload(upload.file_name, upload.length, uploading.reason_of(error))
        with transaction():
            services.note_refused_upload(upload.author, upload.engagement, refused)
        if not isinstance(error, (Unavailable, CutShort)):
            drop(upload)
        raise


def _promoted(upload: Upload) -> StoredFile:
    """Judge, scan and store what was gathered."""
    gathering = gathering_of(upload)
    if gathering.size != upload.length:
        raise CutShort
    with refusals_noted(upload):
        return promoted(upload)


def promoted(upload: Upload) -> StoredFile:
    """Judge, scan and store what was gathered; the file here stays until its row says so."""
    with gathering_of(upload).lent(upload.length) as path:
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
