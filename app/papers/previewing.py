"""A file shown in the page: in a frame of its own, under rules of its own, never as a page of ours.

Chromium shows no PDF in a sandboxed frame, so a PDF has no sandbox; its viewer runs nothing of the
document in our origin. Pictures and text keep the sandbox. Types that could be active (web pages,
SVG) are refused at the upload, and the type is always the one that the content was judged to be.
"""

from itertools import chain

from flask import Response

from app.exporting import content_disposition
from app.headers import POLICY
from app.papers.models import PaperVersion
from storage.reader import Reader

PDF, TEXT = "application/pdf", "text/plain"
PICTURES = frozenset({"image/jpeg", "image/png"})
VIEWABLE = PICTURES | {PDF, TEXT}
ONLY_US = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
FRAME_PDF = f"default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; {ONLY_US}"
FRAME_PLAIN = f"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; {ONLY_US}"
PAGE = "; ".join(f"{name} {value}" for name, value in {**POLICY, "frame-src": "'self'"}.items())
TASTED = 1 << 16


def is_viewable(version: PaperVersion) -> bool:
    """Whether browsers show this type by themselves."""
    return version.media_type in VIEWABLE


def page_with_frame(html: str) -> Response:
    """A page of ours that may hold a frame of ours, and nothing else's."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = PAGE
    return response


def as_view(version: PaperVersion, reader: Reader) -> Response:
    """The bytes for the frame, streamed; the reader is closed however it ends."""
    first = reader.read(min(version.size, TASTED)) if version.media_type == TEXT else b""
    response = Response(chain([first], reader) if first else reader, mimetype=version.media_type)
    response.call_on_close(reader.close)
    response.content_length = version.size
    if version.media_type == TEXT:
        response.content_type = f"text/plain; charset={charset_of(first)}"
    rules = FRAME_PDF if version.media_type == PDF else FRAME_PLAIN
    response.headers["Content-Security-Policy"] = rules
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Disposition"] = content_disposition(version.file_name, "inline")
    return response


def charset_of(beginning: bytes) -> str:
    """UTF-8 where the text's beginning is that, else GB 18030, which old exports use."""
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.end == len(beginning) and error.start > error.end - 4 else "gb18030"
    return "utf-8"
