"""The packs of a need: ask for one, see how far it is, take it away; the leader's approval."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.errors import Missing
from app.exporting import content_disposition
from app.packs import labels, queries, services
from app.packs.models import DecisionPack
from app.policy import Permission
from app.procurement import choosing
from app.procurement.models import Need
from app.store import object_store
from app.web import actor, fragment, fresh_token, gate, load, spend

bp = Blueprint("packs", __name__)
READ = Permission.PACK_READ


def told_of(need: Need) -> dict[str, Any]:
    """What the page and its live part show of a need's packs."""
    packs = queries.packs_of(need)
    return {"need": need, "packs": packs, "under_way": [one for one in packs if one.is_under_way]}


@bp.get("/procurement/<int:need_id>/decisions")
def index(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, READ)
    return render_template(
        "packs/index.html",
        choices=choosing.choices_of(need),
        standings=labels.STANDINGS,
        once=fresh_token(),
        **told_of(need),
    )


@bp.get("/procurement/<int:need_id>/decisions/live")
def live(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, READ)
    return fragment("packs/list.html", **told_of(need))


@bp.post("/procurement/<int:need_id>/packs")
def ask(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, READ)
    gate(Permission.PACK_BUILD, need)
    with transaction():
        spend(request.form.get("once"))
        services.ask_pack(actor(), need)
    flash(_("The decision pack is being made"))
    return redirect(url_for(".index", need_id=need_id))


@bp.post("/procurement/<int:need_id>/approval")
def approve(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, READ)
    gate(Permission.PROCUREMENT_APPROVE, need)
    with transaction():
        count = choosing.approve(actor(), need)
    flash(_("Awards approved: %(n)s", n=count))
    return redirect(url_for(".index", need_id=need_id))


@bp.get("/decision-packs/<int:decision_pack_id>")
def take(decision_pack_id: int) -> ResponseReturnValue:
    pack = load(DecisionPack, decision_pack_id, READ)
    if pack.store_key is None:
        raise Missing
    key, size, title = pack.store_key, pack.size, _("Decision pack")
    name = f"{pack.need.code} {title}.zip"
    with transaction():
        services.record_taken(actor(), pack)
    answer = Response(object_store().open_near(key), mimetype="application/zip")
    answer.headers["Content-Disposition"] = content_disposition(name)
    answer.content_length = size
    return answer
