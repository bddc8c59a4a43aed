"""What a page shows of a file: a frame under rules of its own, never a page of ours.

Chromium shows no PDF in a sandboxed frame, so a PDF has no sandbox; its viewer runs nothing of the
document in our origin. Pictures and text keep the sandbox. Types that could be active (web pages,
SVG) are refused at the upload, and the type is always the one that the content was judged to be.
"""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response
from flask_babel import gettext
from markupsafe import escape

from app.exporting import content_disposition
from app.headers import POLICY
from app.reading.copying import Copy, Text

ONLY_US = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
FRAME_PDF = f"default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; {ONLY_US}"
FRAME_PLAIN = (
    f"default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox; {ONLY_US}"
)
PAGE = "; ".join(f"{name} {value}" for name, value in {**POLICY, "frame-src": "'self'"}.items())
ASK_AGAIN_SECONDS = 3
TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="240">'
    '<g transform="rotate(-24 210 120)" fill="#b02626" fill-opacity=".16"'
    ' font-family="sans-serif" font-size="17" text-anchor="middle">{lines}</g></svg>'
)
TEXT_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>{name}</title><style>
body {{ margin: 0; padding: 16px; background: #fff url("{tile}"); font-family: sans-serif; }}
h1 {{ font-size: 15px; }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px;
line-height: 1.6; font-family: inherit; }}
</style></head><body><h1>{name}</h1><pre>
{words}</pre>{more}</body></html>"""
LINE = '<text x="210" y="{y}">{words}</text>'


def page_with_frame(html: str, *, waits: bool = False) -> Response:
    """A page of ours that may hold a frame of ours, and nothing else's; it may look again."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = PAGE
    if waits:
        response.headers["Refresh"] = str(ASK_AGAIN_SECONDS)
    return response


def as_view(copy: Copy) -> Response:
    """A copy for the frame, streamed; its file is closed however it ends."""
    return _framed(_streamed(copy, "inline"), FRAME_PDF if "pdf" in copy.media_type else "")


def as_download(copy: Copy) -> Response:
    """A copy to be taken away."""
    response = _streamed(copy, "attachment")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def text_view(name: str, text: Text, lines: Sequence[str]) -> Response:
    """A text for the frame, with its reader's name behind the words."""
    more = f"<p>{escape(gettext('Only the beginning is shown here.'))}</p>" if text.is_cut else ""
    page = TEXT_PAGE.format(
        name=escape(name), tile=tile_address(lines), words=escape(text.words), more=more
    )
    return _framed(Response(page, mimetype="text/html"))


def refusal_view(words: str, status: int) -> Response:
    """Why there is nothing to see, in the frame."""
    return _framed(Response(words, status, mimetype="text/plain"))


def tile_address(lines: Sequence[str]) -> str:
    """The watermark of a text as a picture in the style sheet."""
    told = "".join(
        LINE.format(y=112 + 26 * n, words=escape(words)) for n, words in enumerate(lines)
    )
    return f"data:image/svg+xml,{quote(TILE.format(lines=told))}"


def _streamed(copy: Copy, how: str) -> Response:
    response = Response(copy.chunks(), mimetype=copy.media_type)
    response.call_on_close(copy.stream.close)
    response.content_length = copy.size
    disposition = content_disposition(copy.name, "inline" if how == "inline" else "attachment")
    response.headers["Content-Disposition"] = disposition
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _framed(response: Response, rules: str = "") -> Response:
    response.headers["Content-Security-Policy"] = rules or FRAME_PLAIN
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
