"""The summary of what is wrong with a form has the order of the page below it."""

import re

from flask import Flask, Response

SUMMARY = re.compile(r'(<div class="error-summary".*?<ul>)(.*?)(</ul>)', re.DOTALL)
LINE = re.compile(r"<li>.*?</li>", re.DOTALL)
LEADS_TO = re.compile(r'<a href="#([^"]+)"')


def in_page_order(html: str) -> str:
    """The page with each summary's lines in the order of the fields that they lead to.

    A form lists its fields as its classes declare them, inherited ones first; the page shows them
    as its reader fills them in. Lines that lead to no field come last.
    """

    def place(line: str) -> int:
        named = LEADS_TO.search(line)
        at = html.find(f' id="{named[1]}"') if named else -1
        return len(html) if at < 0 else at

    def ordered(found: re.Match[str]) -> str:
        return f"{found[1]}{''.join(sorted(LINE.findall(found[2]), key=place))}{found[3]}"

    return SUMMARY.sub(ordered, html)


def init_app(app: Flask) -> None:
    """Put the summary of every form that is shown again in order, once for all of them."""

    @app.after_request
    def order(response: Response) -> Response:
        told = response.status_code >= 400 and response.mimetype == "text/html"
        if told and not response.is_streamed and b'class="error-summary"' in response.data:
            response.set_data(in_page_order(response.get_data(as_text=True)))
        return response
