from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import transaction
from app.policy import Permission
from app.queueing import labels, queries, services
from app.queueing.models import QueuedJob
from app.web import actor, gate, load, page_of

bp = Blueprint("queueing", __name__, url_prefix="/system/jobs")
STATES = ("open", "failed", "done")


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    return render_template(
        "queueing/index.html",
        page=page_of(queries.jobs(state), QueuedJob.id, size=30),
        state=state,
        counts=queries.counts(),
        runs=queries.periodic_runs(),
        labels=labels,
        now=clock.now(),
    )


@bp.post("/<int:job_id>/retries")
def retry(job_id: int) -> ResponseReturnValue:
    job = load(QueuedJob, job_id, Permission.SYSTEM_READ)
    with transaction():
        services.retry_job(actor(), job)
    flash(_("The work is tried again"))
    return redirect(url_for(".index"))
