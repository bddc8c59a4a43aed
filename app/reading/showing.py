"""How a file can be shown in the page: as it is, converted, or not at all, and why."""

from dataclasses import dataclass
from enum import Enum

from flask import current_app
from flask_babel import lazy_gettext as _

from app import office, pdf
from app.errors import Words
from app.papers.models import KeptFile
from app.reading import cache
from app.reading.cache import Failure, Progress

PDF, TEXT = "application/pdf", "text/plain"
PICTURES = frozenset({"image/jpeg", "image/png"})

FAILURES = {
    Failure.LATE: _("The conversion took too long and was ended"),
    Failure.UNREADABLE: _("The document can't be converted: it is damaged, or a password locks it"),
    Failure.AWAY: _("The file store could not be reached for the conversion"),
}


class Way(Enum):
    """How a file is shown."""

    TEXT = "text"
    PICTURE = "picture"
    PDF = "pdf"
    WAITING = "waiting"  # it is being converted
    NONE = "none"


@dataclass(frozen=True)
class Showing:
    """How a file is shown, or why it isn't."""

    way: Way
    why: Words = ""

    @property
    def has_frame(self) -> bool:
        """Whether there is something to look at now."""
        return self.way in {Way.TEXT, Way.PICTURE, Way.PDF}


def is_showable(file: KeptFile) -> bool:
    """Whether this type is ever shown in the page, so that the button is worth pressing."""
    mime = file.media_type
    return mime in PICTURES | {PDF, TEXT} or office.is_convertible(mime)


def how(file: KeptFile) -> Showing:
    """How this version is shown on this machine, now."""
    if not is_showable(file):
        return Showing(Way.NONE, _("Files of this type are only downloaded"))
    if file.media_type == TEXT:
        return Showing(Way.TEXT)
    if why := _hindrance(file):
        return Showing(Way.NONE, why)
    if file.media_type in PICTURES:
        return Showing(Way.PICTURE)
    return Showing(Way.PDF) if file.media_type == PDF else _converted(file)


def _hindrance(file: KeptFile) -> Words | None:
    if file.size > int(current_app.config["PREVIEW_MAX_BYTES"]):
        return _("The file is too large to be shown in the page")
    if pdf.font_file() is None:
        return _("No Chinese font is installed, so no watermark can be drawn: %(command)s",
                 command=f"{pdf.INSTALL} fonts-noto-cjk")  # fmt: skip
    return None


def _converted(file: KeptFile) -> Showing:
    progress = cache.progress_of(file.sha256)
    if progress is Progress.READY:
        return Showing(Way.PDF)
    if lacking := office.lacking(file.media_type):
        return Showing(Way.NONE, lacking)
    if progress is Progress.FAILED:
        return Showing(Way.NONE, FAILURES[cache.why_failed(file.sha256)])
    return Showing(Way.WAITING)
