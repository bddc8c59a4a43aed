"""The audit log's pages: read, checked and taken away by its own readers."""

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import transaction
from app.exporting import content_disposition
from app.pages import activity, log_reading, log_taking
from app.pages.blueprint import bp
from app.policy import Permission
from app.web import actor, gate


@bp.get("/log")
def log() -> ResponseReturnValue:
    gate(Permission.AUDIT_READ)
    return render_template("pages/log.html", **log_reading.log_page(actor()))


@bp.get("/log/verification")
def check_log() -> ResponseReturnValue:
    gate(Permission.AUDIT_READ)
    return render_template("pages/log_check.html", result=log_taking.checked(actor()))


@bp.get("/log/export")
def export_log() -> ResponseReturnValue:
    gate(Permission.AUDIT_EXPORT)
    with transaction():
        file = log_taking.take(actor())
    name = f"{_('Audit log')}-{clock.today():%Y%m%d}.jsonl.gz"
    reply = send_file(file, mimetype="application/gzip")
    reply.call_on_close(file.close)
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


@bp.get("/log/score-opinions")
def score_opinions() -> ResponseReturnValue:
    gate(Permission.AUDIT_READ)
    return render_template("pages/score_opinions.html", **activity.score_opinions(actor()))
