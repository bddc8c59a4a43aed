"""Files of records that wait for the virus scanner after their sender was answered (待检)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any, cast

from sqlalchemy import select
from werkzeug.exceptions import ClientDisconnected

from app import audit, clock
from app.accounts.models import User
from app.attachments import Keeper, keepers
from app.attachments.refusing import named_among, refusals_noted
from app.db import db, end_read, lock, transaction
from app.errors import CutShort
from app.papers import quarantine, uploads
from app.papers.models import Upload
from app.papers.submitting import PATIENCE
from app.papers.tus import Part
from app.papers.uploading import Arrival
from app.papers.uploads import Limits, NewUpload
from app.policy import require
from app.web import actor


@contextmanager
def gathered(keeper: Keeper, record: Any, sources: Sequence[Arrival]) -> Iterator[list[Upload]]:
    """The files of a form in quarantine, each whole and of a known type; gone where it is refused.

    Inside, one transaction asks for their check (`ask_check`).
    """
    here: list[Upload] = []
    try:
        for source in sources:
            with named_among(source.name, sources):
                here.append(_gathered(keeper, record, source))
        yield here
    except BaseException:
        for upload in here:
            drop(upload)
        raise


def begin(actor: User, keeper: Keeper, record: Any, new: NewUpload, limits: Limits) -> Upload:
    """Somebody sends a file for a record; it needs room in the engagement."""
    require(actor, keeper.send, record)
    lock(record.engagement)  # two at once must not take the same room
    uploads.check_room(record.engagement, new.length, limits)
    upload = uploads.announced_row(actor, record.engagement, new, limits)
    upload.record_kind, upload.record_id = keeper.kind, record.id
    db.session.add(upload)
    return upload


def ask_check(actor: User, keeper: Keeper, record: Any, files: Sequence[Upload]) -> None:
    """The form is accepted: from here on the background releases its files, or refuses them."""
    require(actor, keeper.send, record)
    for file in files:
        present = db.session.get_one(Upload, file.id)
        present.check_asked_at = present.finished_at = clock.now()
        present.expires_at = clock.now() + PATIENCE
    audit.record(
        actor,
        audit.Event.FILES_RECEIVED,
        record.engagement,
        scope=record.engagement,
        files=", ".join(file.file_name for file in files)[:500],
        index_no="",
    )


def drop(upload: Upload) -> None:
    """End an upload that became nothing, and remove its bytes."""
    gathering = quarantine.gathering_of(upload)
    with transaction():
        db.session.delete(db.session.get_one(Upload, upload.id))
    gathering.discard()


def files_of(keeper: Keeper, record_id: int) -> Sequence[Upload]:
    """What was sent for a record and is no file of it yet, or was refused lately."""
    query = select(Upload).where(
        Upload.record_kind == keeper.kind,
        Upload.record_id == record_id,
        Upload.check_asked_at.is_not(None),
        Upload.expires_at > clock.now(),
    )
    return db.session.scalars(query.order_by(Upload.created_at, Upload.id)).all()


def is_checking(kind: str, record_id: int) -> bool:
    """Whether a file that was sent for a record has still to pass."""
    query = select(Upload.id).where(
        Upload.record_kind == kind,
        Upload.record_id == record_id,
        Upload.check_asked_at.is_not(None),
        Upload.refused_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def prepared(upload: Upload) -> Callable[[Upload], None]:
    """Look at a file that passed; what is returned gives it to its record in a transaction."""
    keeper = keepers[upload.record_kind]
    take = keeper.taking(uploads.stored_file(upload))

    def given(present: Upload) -> None:
        record = db.session.get_one(keeper.record, present.record_id)
        take(present.author, record, uploads.stored_file(present))

    return given


def address_of(upload: Upload) -> str:
    """The page of the record for which a file was sent."""
    return keepers[upload.record_kind].address(upload.record_id or 0)


def _gathered(keeper: Keeper, record: Any, source: Arrival) -> Upload:
    """One file, received whole and looked at."""
    stream = cast(IO[bytes], source.stream)
    length = source.length if source.length is not None else quarantine.length_of(stream)
    room = replace(quarantine.limits(), file=min(source.limit, quarantine.limits().file))
    with refusals_noted(keeper.send, record, source.name, length):
        with transaction():
            new = NewUpload(source.name, length, source.is_unclassified)
            upload = begin(actor(), keeper, record, new, room)
        key, gathering = upload.id, quarantine.gathering_of(upload)
        end_read()
        try:
            gathering.add(stream, Part(0, length))
            quarantine.judged(db.session.get_one(Upload, key))
        except BaseException as error:
            drop(db.session.get_one(Upload, key))
            if isinstance(error, ClientDisconnected):
                raise CutShort from error
            raise
    return upload
