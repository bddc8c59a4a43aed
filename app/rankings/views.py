from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.policy import Permission
from app.rankings import agency_views, file_views, method_views, queries, services, showing
from app.rankings.blueprint import bp
from app.rankings.forms import PublishForm, SnapshotForm
from app.rankings.models import RankingSnapshot
from app.web import actor, gate, load, page_of, spend, told_in

__all__ = ["agency_views", "bp", "file_views", "method_views"]


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
            made = services.compute_snapshot(
                actor(), form.title.data, needs=showing.needs(), **days
            )
    if made is None:
        return render_template("rankings/new.html", form=form), 422
    flash(_("The ranking is computed. It is a draft until somebody publishes it"))
    return redirect(url_for(".show", snapshot_id=made.id))


@bp.get("/<int:snapshot_id>")
def show(snapshot_id: int) -> ResponseReturnValue:
    return showing.page(load(RankingSnapshot, snapshot_id, Permission.RANKING_READ))


@bp.post("/<int:snapshot_id>/publication")
def publish(snapshot_id: int) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_READ)
    form = PublishForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(request.form.get("once"))
            services.publish_snapshot(actor(), snapshot, form.reason.data)
    if form.errors:
        return showing.page(snapshot, publishing=form), 422
    flash(_("The ranking is published"))
    return redirect(url_for(".show", snapshot_id=snapshot_id))
