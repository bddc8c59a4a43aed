"""Suggestions for a name that is being typed: only names that the reader may see."""

import time
from typing import Any

from flask import jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import Select

from app.accounts.blueprint import bp
from app.accounts.lookups import MOST, Asked, asked, fitting, lookups
from app.accounts.pacing import Pace
from app.errors import Missing, answer
from app.intake import whole
from app.web import actor, gate

LONGEST = 80  # characters of a name's part
A_MINUTE = 240  # questions of one person: faster than anybody types
TOO_MANY = _("Too many names were asked for. Try again in a minute")
_pace = Pace()


def typed(name: str, findable: Select[Any]) -> Asked:
    """What this page's address asks a filter of names for: ?name= a number, ?name_name= words."""
    words = request.args.get(f"{name}_name", "")[:LONGEST]
    return asked(findable, request.args.get(name, type=whole), words)


@bp.get("/names/<string:names>")
def suggest_names(names: str) -> ResponseReturnValue:
    if (lookup := lookups.get(names)) is None:
        raise Missing
    gate(lookup.permission)
    if _pace.is_over(str(actor().id), A_MINUTE, time.time()):
        reply = make_response(answer(TOO_MANY, 429))
        reply.headers["Retry-After"] = "60"
        return reply
    words = request.args.get("q", "").strip()[:LONGEST]
    found = fitting(lookup.findable(actor()), words, MOST) if words else []
    return jsonify(names=[{"name": one.name, "code": one.code or ""} for one in found])
