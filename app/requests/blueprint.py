"""The pages of document requests; the modules of views beside this one add them."""

from datetime import date

from flask import Blueprint, Response, request

from app import clock
from app.papers import receiving
from app.requests.lateness import late_days
from app.requests.models import DocumentRequest
from app.requests.queries import OWED

bp = Blueprint("requests", __name__)
RAW_UPLOADS = frozenset({"requests.receive_file"})


@bp.url_value_preprocessor
def before_anything_is_read(endpoint: str | None, _values: object) -> None:
    """Runs before the form guard, which would refuse a body over the limit of forms."""
    if endpoint in RAW_UPLOADS:
        receiving.lift_limit()


@bp.after_request
def hear_them_out(response: Response) -> Response:
    """Answer a refused upload when its bytes have passed."""
    return receiving.read_to_the_end(response) if request.endpoint in RAW_UPLOADS else response


@bp.app_template_global()
def late_now(due_on: date | None) -> int:
    """Working days by which a thing that is owed still is late today."""
    return late_days(due_on, clock.today())


@bp.app_template_global()
def late_total(request: DocumentRequest) -> int:
    """Working days by which the unit was or is late with a list, all its items together."""
    running = (late_now(one.due_on) for one in request.items if one.state in OWED)
    return sum(one.late_days for one in request.items) + sum(running)
