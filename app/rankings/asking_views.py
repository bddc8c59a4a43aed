"""The list of rankings, asking for one, and how far it is."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, transaction
from app.errors import Missing
from app.policy import Permission, can
from app.rankings import asking, queries, showing
from app.rankings.blueprint import bp
from app.rankings.forms import SnapshotForm
from app.rankings.models import RankingRequest, RankingSnapshot
from app.web import actor, fragment, fresh_token, gate, page_of, spend, told_in

COMPUTE = Permission.RANKING_COMPUTE


def listed() -> dict[str, Any]:
    """The snapshots that this person may read; to who computes them also what is under way."""
    found = queries.standings() if can(current_user, COMPUTE, None) else []
    return {
        "page": page_of(queries.snapshots_visible_to(actor()), RankingSnapshot.id),
        "newest": queries.newest_published(),
        "standings": found,
        "under_way": [one for one in found if not one.is_over],
    }


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.RANKING_LIST)
    return render_template("rankings/index.html", **listed())


@bp.get("/live")
def live() -> ResponseReturnValue:
    gate(Permission.RANKING_LIST)
    return fragment("rankings/list.html", **listed())


@bp.get("/new")
def new() -> ResponseReturnValue:
    gate(COMPUTE)
    return render_template("rankings/new.html", form=SnapshotForm())


@bp.post("")
def compute() -> ResponseReturnValue:
    gate(COMPUTE)
    form, asked = SnapshotForm(), None
    if form.validate_on_submit():
        with told_in(form, "as_of"), transaction():
            spend(request.form.get("once"))
            days = {"as_of": form.as_of.data, "since": form.since.data}
            needs = showing.needs()
            asked = asking.ask_snapshot(actor(), form.title.data, needs=needs, **days)
    if asked is None:
        return render_template("rankings/new.html", form=form), 422
    return redirect(url_for(".show_request", ranking_request_id=asked.id))


@bp.get("/requests/<int:ranking_request_id>")
def show_request(ranking_request_id: int) -> ResponseReturnValue:
    standing = asked_for(ranking_request_id)
    if standing.state == "done":
        flash(_("The ranking is computed. It is a draft until somebody publishes it"))
        return redirect(url_for(".show", snapshot_id=standing.asked.snapshot_id))
    return render_template("rankings/request.html", one=standing, once=fresh_token())


@bp.get("/requests/<int:ranking_request_id>/live")
def live_request(ranking_request_id: int) -> ResponseReturnValue:
    return fragment("rankings/request_state.html", one=asked_for(ranking_request_id), once="")


def asked_for(ranking_request_id: int) -> queries.Standing:
    """A ranking that was asked for, to who may compute one."""
    gate(COMPUTE)
    found = db.session.get(RankingRequest, ranking_request_id)
    if found is None:
        raise Missing
    return queries.standing_of(found)
