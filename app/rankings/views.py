from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.engagements.labels import PARTIES
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission, can
from app.rankings import files, queries, services
from app.rankings.forms import PublishForm, SnapshotForm
from app.rankings.labels import BANDS, SOURCES
from app.rankings.models import RankingSnapshot
from app.rankings.reading import Reading, explain, read
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("rankings", __name__, url_prefix="/rankings")
WORDS: dict[str, Any] = {"bands": BANDS, "sources": SOURCES, "parties": PARTIES}


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.RANKING_LIST)
    page = page_of(queries.snapshots_visible_to(actor()), RankingSnapshot.id)
    return render_template("rankings/index.html", page=page, newest=queries.newest_published())


@bp.get("/new")
def new() -> ResponseReturnValue:
    gate(Permission.RANKING_COMPUTE)
    return render_template("rankings/new.html", form=SnapshotForm())


@bp.post("")
def compute() -> ResponseReturnValue:
    gate(Permission.RANKING_COMPUTE)
    form, made = SnapshotForm(), None
    if form.validate_on_submit():
        with told_in(form, "as_of"), transaction():
            spend(request.form.get("once"))
            days = {"as_of": form.as_of.data, "since": form.since.data}
            made = services.compute_snapshot(actor(), form.title.data, needs=needs(), **days)
    if made is None:
        return render_template("rankings/new.html", form=form), 422
    flash(_("The ranking is computed. It is a draft until somebody publishes it"))
    return redirect(url_for(".show", snapshot_id=made.id))


def needs() -> services.Needs:
    """What the settings ask of a place."""
    asked = current_app.config
    return services.Needs(
        asked["RANKING_PRIOR_WEIGHT"],
        asked["RANKING_MIN_ENGAGEMENTS"],
        asked["RANKING_MIN_RELIABILITY"],
    )


def reading_of(snapshot_id: int) -> Reading:
    """A snapshot that this person may read, with all that is shown of it."""
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    return read(snapshot, queries.rows_of(snapshot))


def shown(reading: Reading, form: PublishForm) -> str:
    """The page of one snapshot."""
    people = queries.signers_of(reading.snapshot)
    facts: dict[str, Any] = {"reading": reading, "snapshot": reading.snapshot, "people": people}
    return render_template("rankings/show.html", form=form, **facts, **WORDS)


@bp.get("/<int:snapshot_id>")
def show(snapshot_id: int) -> ResponseReturnValue:
    return shown(reading_of(snapshot_id), PublishForm())


@bp.post("/<int:snapshot_id>/publication")
def publish(snapshot_id: int) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    form = PublishForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(request.form.get("once"))
            services.publish_snapshot(actor(), snapshot, form.reason.data)
    if form.errors:
        return shown(reading_of(snapshot_id), form), 422
    flash(_("The ranking is published"))
    return redirect(url_for(".show", snapshot_id=snapshot_id))


@bp.get("/<int:snapshot_id>/agencies/<int:agency_id>")
def explanation(snapshot_id: int, agency_id: int) -> ResponseReturnValue:
    reading = reading_of(snapshot_id)
    row = next((each for each in files.reading_rows(reading) if each.agency_id == agency_id), None)
    if row is None:
        raise Missing
    jobs = []
    if can(actor(), Permission.RANKING_LEDGER_READ, reading.snapshot):
        jobs = queries.jobs_behind(reading.snapshot, agency_id)
    facts: dict[str, Any] = {"reading": reading, "snapshot": reading.snapshot, "row": row}
    terms = explain(reading, agency_id)
    return render_template("rankings/agency.html", terms=terms, jobs=jobs, **facts, **WORDS)


@bp.get("/method")
def method() -> ResponseReturnValue:
    gate(Permission.RANKING_LIST)
    newest = queries.newest_published()
    reading = read(newest, queries.rows_of(newest)) if newest else None
    return render_template("rankings/method.html", reading=reading, needs=needs(), **WORDS)


@bp.get("/<int:snapshot_id>/files/<string:form>")
def export(snapshot_id: int, form: str) -> ResponseReturnValue:
    reading = reading_of(snapshot_id)
    if form not in files.MIMES:
        raise Missing
    made = files.make(reading, form)
    name = files.name_of(reading, form)
    with transaction():
        services.record_export(actor(), reading.snapshot, form)
    answer = Response(made, mimetype=files.MIMES[form])
    answer.headers["Content-Disposition"] = content_disposition(name)
    return answer
