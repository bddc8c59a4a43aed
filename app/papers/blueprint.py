"""The pages of working papers; the modules beside this one add them."""

from flask import Blueprint, Response, request

from app.engagements.labels import stage_label
from app.papers import receiving

bp = Blueprint("papers", __name__)
bp.add_app_template_global(stage_label)
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
