"""Calls and results of procurement, without sign-in: who may bid needs no account to read them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import Missing
from app.openness import calls as queries
from app.openness.blueprint import bp
from app.procurement import objecting
from app.procurement.labels import METHODS
from app.procurement.models import Need
from app.web import page_of


@bp.get("/procurement")
def calls() -> ResponseReturnValue:
    page = page_of(queries.announced(), Need.id, size=20)
    return render_template("openness/calls.html", page=page, methods=METHODS)


@bp.get("/procurement/<int:need_id>")
def call(need_id: int) -> ResponseReturnValue:
    need = queries.announced_need(need_id)
    if need is None:
        raise Missing
    return render_template(
        "openness/call.html",
        need=need,
        methods=METHODS,
        last_day=objecting.last_day,
        today=clock.today(),
    )
