"""What a PDF says of itself: its pages, whether it names somebody, and which are only pictures."""

import logging
from dataclasses import dataclass
from typing import IO

from flask_babel import lazy_gettext as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from app.errors import Invalid

# What pypdf raises on damaged or hostile files, beside its own errors.
BROKEN = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
MOST_PAGES = 400  # looked at for a name: a long report with its annexes

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class PdfFacts:
    """Pages, those without any text among them (scans), and whether the name was found."""

    pages: int
    pictures: int
    names_signer: bool


def look(file: IO[bytes], name: str) -> PdfFacts:
    """Read a PDF until a page names the person; spaces inside a name don't count.

    Invalid where it can't be read, is locked by a password or has no page.
    """
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Invalid(_("The PDF is locked by a password"))
        if len(reader.pages) == 0:
            raise Invalid(_("The PDF has no page"))
        return _searched(reader, squeezed(name))
    except BROKEN as error:
        raise Invalid(_("The PDF is damaged and can't be read")) from error


def squeezed(text: str) -> str:
    """A text without any white space: PDF writers put spaces between Chinese characters."""
    return "".join(text.split())


def _searched(reader: PdfReader, name: str) -> PdfFacts:
    pictures, total = 0, len(reader.pages)
    for number in range(min(total, MOST_PAGES)):
        text = squeezed(reader.pages[number].extract_text())
        if name in text:
            return PdfFacts(total, pictures, names_signer=True)
        pictures += not text
    return PdfFacts(total, pictures, names_signer=False)
