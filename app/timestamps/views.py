from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue

from app.db import db
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission, can
from app.timestamps import queries
from app.timestamps.models import TimeStamp
from app.web import actor, load

bp = Blueprint("timestamps", __name__, url_prefix="/time-stamps")


@bp.get("/<int:stamp_id>/token")
def token(stamp_id: int) -> ResponseReturnValue:
    stamp = db.session.get(TimeStamp, stamp_id)
    if stamp is None or not may_read(stamp):
        raise Missing
    return as_file(stamp.token, f"{stamp.about.replace(':', '-')}.tsr")


@bp.get("/<int:stamp_id>/checkpoint")
def checkpoint(stamp_id: int) -> ResponseReturnValue:
    stamp = load(TimeStamp, stamp_id, Permission.AUDIT_READ)
    if not stamp.about.startswith(queries.CHECKPOINT):
        raise Missing
    head = queries.checkpoint_of(stamp)
    if head is None:
        raise Missing
    return as_file(head.note.encode(), f"{stamp.about.replace(':', '-')}.txt")


def may_read(stamp: TimeStamp) -> bool:
    """A report's stamp is for those who read the report, the log's for those who read the log."""
    if stamp.about.startswith(queries.CHECKPOINT):
        return can(actor(), Permission.AUDIT_READ, None)
    report = queries.report_of(stamp)
    return report is not None and can(actor(), Permission.PAPER_READ, report.version.paper)


def as_file(data: bytes, name: str) -> Response:
    """A download of these bytes, as they are."""
    reply = make_response(data)
    reply.mimetype = "application/octet-stream"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply
