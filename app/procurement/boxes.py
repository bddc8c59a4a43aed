"""Plans' files on their way: encrypted into the store, and after the opening out of it.

The bytes go first, in no transaction; the rows that name them come after.
"""

import io
from typing import Any, cast

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage

from app.db import end_read
from app.errors import PortalError, Unavailable
from app.papers import quarantine, uploading
from app.procurement import bidding, opening, sealing
from app.procurement.models import Lot
from app.procurement.opening import OpenedFile, StoredBox
from app.store import object_store
from storage import StoreError
from storage.spool import UploadRefused


def kept_box(sent: Any) -> StoredBox | None:
    """Keep an encrypted file as it is: nobody can look into it, so nobody judges it yet."""
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    end_read()
    try:
        with object_store().spool(limit=sealing.MOST_FILE + sealing.TAG) as spool:
            spool.receive(cast(Any, sent.stream), expected=None)
            stored = object_store().put(spool)
    except UploadRefused:
        return None  # too large, or nothing: it won't be the file that the envelope names
    except StoreError as error:
        raise Unavailable from error
    return StoredBox(stored.sha256, stored.size, stored.key)


def opened_files(lot: Lot, slips: tuple[str, str]) -> dict[int, OpenedFile]:
    """The plans' files of a lot whose time is over, decrypted, judged, scanned and in the store.

    Where one can't be opened the words say why; its bid is void.
    """
    found, secrets = bidding.expect_closed(lot), bidding.joined(lot.need, slips)
    code, asked = opening.lot_code(lot), []
    for bid in found:
        if (box := opening.box_of(bid)) is not None:
            asked.append((bid.id, bid.envelope, box.store_key))
    end_read()
    return {key: _opened(envelope, at, (secrets, code)) for key, envelope, at in asked}


def _opened(envelope: str, at: str, told: tuple[tuple[bytes, bytes], str]) -> OpenedFile:
    secrets, code = told
    try:
        file = sealing.unseal(envelope, secrets, code).file
        if file is None:
            return _("The envelope names no file")
        return _judged(file, code, sealing.unseal_file(file, _bytes_of(at), code))
    except sealing.BadSeal:
        return _("The plan's file was changed, or isn't the one that was sealed")


def _bytes_of(at: str) -> bytes:
    try:
        with object_store().open(at) as reader:
            return b"".join(reader)
    except StoreError as error:
        raise Unavailable from error


def _judged(file: sealing.PlanFile, code: str, data: bytes) -> OpenedFile:
    if not data.startswith(b"%PDF-"):
        return _("The plan's file isn't a PDF")
    arrival = uploading.Arrival(
        stream=io.BytesIO(data),
        name=f"{code}-{file.sha256[:8]}.pdf",  # its own name may tell whose it is
        length=len(data),
        limit=sealing.MOST_FILE,
        is_unclassified=True,
        scanner=quarantine.scanner(),
    )
    try:
        return uploading.keep(object_store(), arrival)
    except Unavailable:
        raise
    except PortalError as error:
        return error.message
