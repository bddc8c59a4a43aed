"""The pages of rectification; the modules of views beside this one add them."""

from flask import Blueprint, Response, request

from app import clock
from app.papers import receiving
from app.rectifications import labels
from app.rectifications.queries import OWED

bp = Blueprint("rectifications", __name__)
bp.context_processor(lambda: {"labels": labels, "today": clock.today(), "owed": OWED})
RAW_UPLOADS = frozenset({"rectifications.receive_evidence"})


@bp.url_value_preprocessor
def before_anything_is_read(endpoint: str | None, _values: object) -> None:
    """Runs before the form guard, which would refuse a body over the limit of forms."""
    if endpoint in RAW_UPLOADS:
        receiving.lift_limit()


@bp.after_request
def hear_them_out(response: Response) -> Response:
    """Answer a refused upload when its bytes have passed."""
    return receiving.read_to_the_end(response) if request.endpoint in RAW_UPLOADS else response
