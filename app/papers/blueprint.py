"""The pages of working papers; the modules beside this one add them."""

from flask import Blueprint, Response, request

from app.engagements.labels import stage_label
from app.papers import receiving
from app.papers.models import KeptFile

bp = Blueprint("papers", __name__)
bp.add_app_template_global(stage_label)


@bp.app_template_global()
def of_file(file: KeptFile) -> dict[str, int]:
    """What an address says of one of several files; nothing of the first."""
    return {"file": file.position} if file.position > 1 else {}


RAW_UPLOADS = frozenset(
    f"papers.{name}"
    for name in ("receive_paper", "receive_version", "continue_upload", "override_method")
)


@bp.url_value_preprocessor
def before_anything_is_read(endpoint: str | None, _values: object) -> None:
    """Runs before the form guard, which would refuse a body over the limit of forms."""
    if endpoint in RAW_UPLOADS:
        receiving.lift_limit()


@bp.after_request
def hear_them_out(response: Response) -> Response:
    """Answer a refused upload when its bytes have passed."""
    if request.endpoint in RAW_UPLOADS:
        return receiving.read_to_the_end(response)
    return response
