"""The pages of previews and reading copies; the modules beside this one add them."""

from typing import Any

from flask import Blueprint, url_for

from app.papers.blueprint import of_file
from app.papers.models import KeptFile
from app.reading import showing

bp = Blueprint("reading", __name__)


def address(endpoint: str, file: KeptFile) -> str:
    """The address of a page about one file."""
    version = file.version
    named: dict[str, Any] = {"paper_id": version.paper_id, "number": version.number}
    named |= of_file(file)
    return url_for(endpoint, **named)


@bp.app_template_global()
def preview_url(file: KeptFile) -> str:
    """Where a file is shown in the page; nothing for a type that never is."""
    if not showing.is_showable(file):
        return ""
    return address("reading.preview", file)
