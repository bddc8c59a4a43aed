"""A file on its way out: the same bytes under the same name, streamed, and only as a download."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response

from app.errors import Unavailable
from app.exporting import content_disposition
from app.papers import pdf_reading
from app.papers.models import PaperVersion
from app.papers.pdf_reading import PdfFacts
from app.store import object_store, spool_folder
from storage import StoreError
from storage.reader import Reader

log = logging.getLogger(__name__)
# A file that was sent in is never a page of ours, whatever it holds.
SANDBOX = "default-src 'none'; sandbox"


def opened(version: PaperVersion) -> Reader:
    """The version's bytes; Unavailable where the store can't give them."""
    with as_unavailable(version):
        return object_store().open(version.store_key)


@contextmanager
def as_unavailable(version: PaperVersion) -> Iterator[None]:
    """Say what the store refuses in the portal's words."""
    try:
        yield
    except StoreError as error:
        log.error("version %s can't be read: %s", version.id, error)
        raise Unavailable from error


def as_download(version: PaperVersion, reader: Reader) -> Response:
    """A reply that streams the bytes in chunks and closes the reader, however it ends."""
    response = Response(reader, mimetype=version.media_type)
    response.content_length = version.size
    response.headers["Content-Disposition"] = content_disposition(version.file_name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(version.sha256)
    return response


def pdf_facts(version: PaperVersion, name: str) -> PdfFacts:
    """Read a stored PDF and look for a name in it; a copy on disk, never the whole in memory."""
    with opened(version) as reader, tempfile.TemporaryFile(dir=spool_folder()) as copy:
        for chunk in reader:
            copy.write(chunk)
        copy.seek(0)
        return pdf_reading.look(copy, name)
