from flask import Response, request
from flask.typing import ResponseReturnValue

from app.db import transaction
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission
from app.rankings import files, packing, queries, services, showing
from app.rankings.blueprint import bp
from app.rankings.forms import BundleForm
from app.rankings.models import RankingSnapshot
from app.rankings.reading import read
from app.web import actor, load, spend

ZIP = "application/zip"


def sent(content: bytes, mime: str, name: str) -> Response:
    """A file to be saved under its name."""
    answer = Response(content, mimetype=mime)
    answer.headers["Content-Disposition"] = content_disposition(name)
    return answer


@bp.get("/<int:snapshot_id>/files/<string:form>")
def export(snapshot_id: int, form: str) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    if form not in files.MIMES:
        raise Missing
    reading = read(snapshot)
    made = files.make(reading, reading.lines(queries.rows_of(snapshot)), form)
    with transaction():
        services.record_export(actor(), snapshot, form)
    return sent(made, files.MIMES[form], files.name_of(reading, form))


@bp.get("/<int:snapshot_id>/bundle")
def public_bundle(snapshot_id: int) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    if not snapshot.statement:
        raise Missing
    with transaction():
        services.record_export(actor(), snapshot, "bundle")
    return sent(packing.public_bundle(snapshot), ZIP, f"{snapshot.code}-public.zip")


@bp.post("/<int:snapshot_id>/bundle")
def full_bundle(snapshot_id: int) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_BUNDLE_READ)
    form = BundleForm()
    if not form.validate_on_submit() or snapshot.inputs is None:
        return showing.page(snapshot, bundling=form), 422
    with transaction():
        spend(request.form.get("once"))
        made = services.hand_over_bundle(actor(), snapshot, form.recipient.data)
    return sent(made, ZIP, f"{snapshot.code}-full.zip")
