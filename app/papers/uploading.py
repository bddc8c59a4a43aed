"""The way of a file into the store: spool, judgement by content, store. The row comes after it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from flask_babel import lazy_gettext as _
from werkzeug.exceptions import ClientDisconnected

from app import media
from app.archives import BrokenArchive, ZipBomb
from app.errors import Invalid, PortalError, TooLarge, Unavailable, Words
from app.papers.files import StoredFile
from storage import ObjectStore, StoreError
from storage import spool as spools

log = logging.getLogger(__name__)


class CutShort(Invalid):
    """Fewer bytes than were announced."""

    status = 400
    message = _("The file did not arrive whole. Check the connection and send it again")


# How the log names a refusal, most special first.
REASONS: tuple[tuple[type[PortalError], str], ...] = (
    (media.ForeignType, "foreign_type"),
    (media.NameMismatch, "name_mismatch"),
    (media.BadName, "bad_name"),
    (media.EmptyFile, "empty"),
    (ZipBomb, "zip_bomb"),
    (BrokenArchive, "broken_archive"),
    (CutShort, "cut_short"),
    (TooLarge, "too_large"),
    (Unavailable, "store_away"),
)


@dataclass(frozen=True)
class Arrival:
    """A file on its way in: where its bytes come from, how it is called, how long it says it is."""

    stream: IO[bytes]
    name: str
    length: int | None
    limit: int
    is_unclassified: bool


def reason_of(error: PortalError) -> str:
    """The word in the log for a refusal."""
    return next((word for kind, word in REASONS if isinstance(error, kind)), "other")


def keep(store: ObjectStore, arrival: Arrival) -> StoredFile:
    """Receive, judge and store a file, holding at most a few mebibytes of it in memory.

    When this returns the bytes are on the disk or in the bucket, so no row is ever without its
    bytes; when it raises, nothing of them is left in the spool.
    """
    media.clean_name(arrival.name)  # before the bytes, which may be many
    try:
        with store.spool(limit=arrival.limit) as spool:
            received = spool.receive(arrival.stream, expected=arrival.length)
            accepted = media.accept(spool.path, arrival.name, received.size)
            stored = store.put(spool)
    except (spools.UploadRefused, ClientDisconnected, StoreError) as error:
        raise _in_words(error, arrival) from error
    return StoredFile(
        name=accepted.name,
        media_type=accepted.media.mime,
        size=stored.size,
        sha256=stored.sha256,
        key=stored.key,
        is_unclassified=arrival.is_unclassified,
    )


def _in_words(error: Exception, arrival: Arrival) -> PortalError:
    """Say what the spool or the store refused in the portal's words."""
    told: dict[type[Exception], Callable[[], PortalError]] = {
        spools.TooLarge: lambda: TooLarge(over(arrival.limit)),
        spools.EmptyUpload: media.EmptyFile,
        spools.CutShort: CutShort,
        ClientDisconnected: CutShort,
    }
    if isinstance(error, StoreError):
        log.error("the store refused an upload: %s", error)
    return told.get(type(error), Unavailable)()


def over(limit: int) -> Words:
    """Say what the limit is."""
    return _("The file is larger than the limit of %(n)s MB", n=limit // (1 << 20) or 1)
