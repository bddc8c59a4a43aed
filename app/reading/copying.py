"""Reading copies: what somebody sees or takes away with their name and the time over it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import cage, clock, display, pdf
from app.accounts.models import User
from app.cage import MIB, Failed, Limits
from app.db import end_read
from app.errors import Conflict
from app.papers import sending
from app.papers.models import KeptFile
from app.reading import cache
from app.reading.charset import TASTED, charset_of
from app.reading.converting import fetch, scratch
from app.reading.showing import PICTURES, Showing, Way

MARKING = Limits(seconds=60, memory=1536 * MIB)
SHOWN_TEXT = 2 * MIB  # of a text that is shown in the page
PRINTED_TEXT = MIB // 8  # the longest text that becomes a PDF
PIECE = 1 << 18


class Unmarkable(Conflict):
    """A file over which no name can be put."""

    message = _(
        "No watermark can be put on this file: it is damaged, or a password locks it. Whoever gets"
        " originals can download it"
    )


@dataclass(frozen=True)
class Copy:
    """A finished copy: an open file that has no name any more."""

    stream: IO[bytes]
    size: int
    sha256: str
    media_type: str
    name: str

    @contextmanager
    def kept(self) -> Iterator["Copy"]:
        """Close the file where the reply that should send it could not be begun."""
        try:
            yield self
        except BaseException:
            self.stream.close()
            raise

    def chunks(self) -> Iterator[bytes]:
        """The bytes; the file is closed at their end."""
        with self.stream:
            while piece := self.stream.read(PIECE):
                yield piece


def watermark(user: User, file: KeptFile) -> list[str]:
    """Two lines: whose eyes it was made for, and when (Asia/Shanghai), with the index number."""
    at = display.local_time(clock.now())
    shown = gettext("reading copy")
    return [f"{user.organisation.name} {user.name}", f"{at} {file.version.paper.index_no} {shown}"]


def copy_of(user: User, file: KeptFile, showing: Showing) -> Copy:
    """Make a copy of a version with the reader's name on it; Unmarkable where that can't be.

    The original isn't touched: the copy is made of a copy.
    """
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = Path(name)
        source, made = _source(file, showing, folder), folder / "copy"
        words = [str(pdf.font_file()), *watermark(user, file)]
        end_read()
        try:
            cage.run_script("copies.py", folder, source, made, *words, limits=MARKING)
        except Failed as error:
            raise Unmarkable from error
        return _finished(made, file)


def _source(file: KeptFile, showing: Showing, folder: Path) -> Path:
    """What the name is put on: the file itself, its conversion, or its text in print."""
    source = folder / "source"
    if showing.way is Way.TEXT:
        text = text_of(file, PRINTED_TEXT)
        source.write_bytes(pdf.pdf_of("pdf/text.html", name=file.file_name, text=text.words))
    elif cache.place(file.sha256).exists():
        return cache.converted(file.sha256)
    else:
        fetch(file, source)
    return source


def _finished(made: Path, file: KeptFile) -> Copy:
    digest, stream = sha256(), made.open("rb")
    while piece := stream.read(PIECE):
        digest.update(piece)
    size = stream.tell()
    stream.seek(0)
    is_picture = file.media_type in PICTURES
    media = file.media_type if is_picture else "application/pdf"
    name = Path(file.file_name)
    told = f"{gettext('reading copy')} {name.stem}{name.suffix if is_picture else '.pdf'}"
    return Copy(stream, size, digest.hexdigest(), media, told)


@dataclass(frozen=True)
class Text:
    """The beginning of a text, and whether there is more."""

    words: str
    is_cut: bool


def text_of(file: KeptFile, most: int = SHOWN_TEXT) -> Text:
    """Read the beginning of a text file, as UTF-8 or GB 18030."""
    with sending.opened(file) as reader, sending.as_unavailable(file):
        data = reader.read(min(file.size, most))
    charset = charset_of(data[:TASTED])
    return Text(data.decode(charset, errors="replace").lstrip("\ufeff"), file.size > most)


def may_have_copy(file: KeptFile, showing: Showing) -> bool:
    """Whether a copy of this version can be made now; long texts are looked at in the page."""
    if showing.way is Way.TEXT:
        return file.size <= PRINTED_TEXT and not pdf.missing()
    return showing.has_frame
