from hmac import compare_digest

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from app.errors import Missing
from app.operations import doctor
from app.operations.findings import State

bp = Blueprint("operations", __name__)


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether a balancer may send people here: the database in this release's form, the store."""
    lacking = [found.part for found in doctor.needed() if found.state is State.BAD]
    return {"ok": not lacking, "lacking": lacking}, 503 if lacking else 200


@bp.get("/metrics")
def metrics_page() -> ResponseReturnValue:
    token = str(current_app.config["METRICS_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(token.encode(), given.encode()):
        raise Missing
    from app.operations import metrics

    return Response(metrics.page(), mimetype="text/plain; version=0.0.4; charset=utf-8")
