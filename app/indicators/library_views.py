"""The indicator library: the common indicators, and how many engagements use each."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.indicators import uses
from app.indicators.blueprint import bp
from app.policy import Permission
from app.web import gate


@bp.get("/indicator-library")
def library() -> ResponseReturnValue:
    gate(Permission.POST_LIST)
    counted = uses.library_uses()
    return render_template(
        "indicators/library.html",
        rows=uses.in_order(counted.rows, request.args.get("sort", uses.MOST_USED)),
        engagements=counted.engagements,
        default=uses.MOST_USED,
    )
