from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.policy import Permission
from app.rankings import (
    agency_views,
    asking_views,
    file_views,
    method_views,
    services,
    showing,
)
from app.rankings.blueprint import bp
from app.rankings.forms import PublishForm
from app.rankings.models import RankingSnapshot
from app.web import actor, load, spend, told_in

__all__ = ["agency_views", "asking_views", "bp", "file_views", "method_views"]


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
