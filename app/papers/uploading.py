"""The way of a file into the store: spool, judgement by content, store. The row comes after it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _
from werkzeug.exceptions import ClientDisconnected

from app import media
from app.archives import BrokenArchive, ZipBomb
from app.errors import CutShort, Invalid, PortalError, TooLarge, Unavailable, Words
from app.papers.files import StoredFile
from app.papers.scanning import Infected, Scanner, ScannerAway, TooLargeToScan
from storage import ObjectStore, StoreError, Withheld
from storage import spool as spools
from storage.digests import Received

log = logging.getLogger(__name__)


class OverQuota(TooLarge):
    """The engagement holds as much as it may."""

    message = _("The files of this engagement together would be over their limit")


class MustNotBeHere(Invalid):
    """These very bytes were reported, and are withheld or destroyed."""

    message = _(
        "This file is on the list of those that must not be kept here."
        " Ask the performance section before you send anything in its place"
    )


# How the log names a refusal, most special first.
REASONS: tuple[tuple[type[PortalError], str], ...] = (
    (media.ForeignType, "foreign_type"),
    (media.NameMismatch, "name_mismatch"),
    (media.BadName, "bad_name"),
    (media.EmptyFile, "empty"),
    (ZipBomb, "zip_bomb"),
    (BrokenArchive, "broken_archive"),
    (CutShort, "cut_short"),
    (Infected, "malware"),
    (OverQuota, "over_quota"),
    (MustNotBeHere, "must_not_be_here"),
    (TooLarge, "too_large"),
    (TooLargeToScan, "scanner_limit"),
    (ScannerAway, "scanner_away"),
    (Unavailable, "store_away"),
)


@dataclass(frozen=True)
class Arrival:
    """A file on its way in: where its bytes come from, how it is called, how long it says it is.

    A path is a file that was gathered already, and is the spool's from then on.
    """

    stream: IO[bytes] | Path
    name: str
    length: int | None
    limit: int
    is_unclassified: bool
    scanner: Scanner | None = None


def reason_of(error: PortalError) -> str:
    """The word in the log for a refusal."""
    return next((word for kind, word in REASONS if isinstance(error, kind)), "other")


def keep(store: ObjectStore, arrival: Arrival) -> StoredFile:
    """Receive, judge, scan and store a file, holding at most a few mebibytes of it in memory.

    Until it passed it lies in the spool and nowhere else, for the store never gives anything up.
    When this returns the bytes are on the disk or in the bucket, so no row is ever without its
    bytes; when it raises, nothing of them is left in the spool.
    """
    media.clean_name(arrival.name)  # before the bytes, which may be many
    try:
        with store.spool(limit=arrival.limit) as spool:
            received = _taken(spool, arrival)
            accepted = media.accept(spool.path, arrival.name, received.size)
            if arrival.scanner:
                arrival.scanner.check(spool.path)
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


def _taken(spool: spools.Spool, arrival: Arrival) -> Received:
    """Bring the bytes into the spool."""
    if isinstance(arrival.stream, Path):
        return spool.adopt(arrival.stream, expected=arrival.length)
    return spool.receive(arrival.stream, expected=arrival.length)


def _in_words(error: Exception, arrival: Arrival) -> PortalError:
    """Say what the spool or the store refused in the portal's words."""
    told: dict[type[Exception], Callable[[], PortalError]] = {
        spools.TooLarge: lambda: TooLarge(over(arrival.limit)),
        spools.EmptyUpload: media.EmptyFile,
        spools.CutShort: CutShort,
        ClientDisconnected: CutShort,
        Withheld: MustNotBeHere,
    }
    if isinstance(error, StoreError) and not isinstance(error, Withheld):
        log.error("the store refused an upload: %s", error)
    return told.get(type(error), Unavailable)()


def over(limit: int) -> Words:
    """Say what the limit is."""
    return _("The file is larger than the limit of %(n)s MB", n=limit // (1 << 20) or 1)
