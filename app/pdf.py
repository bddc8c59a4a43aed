"""HTML into PDF with WeasyPrint, which here reaches only our own static files and one CJK font.

The libraries and the font are asked for before the first page: without them WeasyPrint crashes,
takes a minute or prints empty boxes in silence, and none of that helps a person.
"""

import ctypes
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from flask import current_app, render_template
from flask_babel import lazy_gettext as _

from app import cage
from app.caged import press
from app.errors import Unavailable

STATIC, SCHEME = press.STATIC, press.SCHEME
Refused = press.Refused
INSTALL = "apt-get install -y --no-install-recommends"
LIBRARIES = (
    ("Pango", "libpango-1.0-0 libpangoft2-1.0-0", "libpangoft2-1.0"),
    ("HarfBuzz Subset", "libharfbuzz-subset0", "libharfbuzz-subset"),
)
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
# What many documents in a row may use, in a program of their own; the address room isn't memory.
SECTION = cage.Limits(seconds=900, memory=3 << 30)
# One PDF at a time in a process: each takes a core and up to half a gigabyte.
_press = Lock()


class PdfUnavailable(Unavailable):
    """Something that PDFs are made with is not installed; the words name it and the remedy."""

    message = _("PDF files can't be made on this server yet")


def font_file() -> Path | None:
    """The CJK font: the one of the settings, else the first that a distribution installed."""
    chosen = current_app.config.get("PDF_FONT_FILE") if current_app else None
    candidates: Sequence[Path | str] = [chosen] if chosen else FONTS
    return next((Path(each) for each in candidates if Path(each).is_file()), None)


@cache
def _loads(name: str) -> bool:
    for ending in (".so.0", ".0.dylib", ".dylib", "-0.dll"):
        with suppress(OSError):
            ctypes.CDLL(name + ending)
            return True
    return False


def missing() -> list[str]:
    """What PDFs still need here, a line each with the command that installs it."""
    lines = [
        f"{what} is missing: {INSTALL} {packages}"
        for what, packages, library in LIBRARIES
        if not _loads(library)
    ]
    if font_file() is None:
        lines.append(f"a CJK font is missing: {INSTALL} fonts-noto-cjk, or set PDF_FONT_FILE")
    return lines


def writes_chinese() -> bool:
    """Whether the font has Chinese characters; another one prints empty boxes without a word."""
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped] # it has no types

    try:
        with TTFont(str(font_file()), fontNumber=0, lazy=True) as font:
            return ord("评") in (font.getBestCmap() or {})
    except (TTLibError, OSError):
        return False


def own_file(url: str) -> Path:
    """The file behind portal:static/… or portal:font/…; any other address is refused."""
    return press.own_file(url, font_file())


@cache
def _tools() -> tuple[Any, Any]:
    """WeasyPrint's fetcher and fonts, once per process: the font is read only once."""
    from weasyprint.text.fonts import FontConfiguration

    return press.fetcher_of(lambda url: own_file(url)), FontConfiguration()


def render_pdf(html: str, attached: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Print a document that extends templates/pdf/layout.html; files may travel inside the PDF."""
    if lacking := missing():
        raise PdfUnavailable(f"{PdfUnavailable.message}: {'; '.join(lacking)}")
    from weasyprint import HTML, Attachment

    with _press:
        fetcher, fonts = _tools()
        document = HTML(string=html, base_url=f"{SCHEME}static/", url_fetcher=fetcher)
        files = [Attachment(string=content, name=name) for name, content in attached.items()]
        return document.write_pdf(font_config=fonts, attachments=files)


def pdf_of(template: str, **context: object) -> bytes:
    """Fill a template of templates/pdf/ and print it."""
    return render_pdf(render_template(template, **context))


def print_folder(folder: Path) -> None:
    """Print each *.html of a folder beside it, in a program of its own, whose memory ends with it.

    For many documents in a row: what one print leaves behind would stay in a process that goes on.
    """
    if lacking := missing():
        raise PdfUnavailable(f"{PdfUnavailable.message}: {'; '.join(lacking)}")
    font = font_file()
    try:
        cage.run_script("press.py", folder, folder, *([font] if font else []), limits=SECTION)
    except cage.Failed as error:
        raise PdfUnavailable(f"{PdfUnavailable.message}: {error}") from error
