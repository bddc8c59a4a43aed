from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.lookup_views import typed
from app.accounts.lookups import Asked, Lookup, lookups, short_list
from app.accounts.models import UNIT_KINDS
from app.accounts.queries import organisations
from app.conflicts import labels
from app.conflicts.rules import Case
from app.decisions import queries
from app.decisions.best import Wish
from app.decisions.labels import LEFT_OUT
from app.intake import whole
from app.policy import Permission
from app.web import gate

bp = Blueprint("decisions", __name__)
lookups["best-set-units"] = Lookup(
    Permission.BEST_SET_READ, lambda _user: organisations(*UNIT_KINDS)
)
MOST_LOAD = 1000
MOST_SHOWN = 100  # of each group, as long as nobody asks for all


def stars(name: str) -> float | None:
    """A number of stars in the address, in tenths; None where none or no such number is asked."""
    told = request.args.get(name, "")
    plain = told.replace(".", "", 1)
    is_number = plain.isascii() and plain.isdigit() and len(told) <= 4
    return float(told) if is_number and 1 <= float(told) <= 5 else None


def wish() -> Wish:
    """What the address asks for."""
    load = request.args.get("load", type=whole)
    return Wish(
        least_score=stars("score"),
        least_low=stars("low"),
        most_load=load if load is not None and 0 <= load <= MOST_LOAD else None,
        needs_field="experienced" in request.args,
        without_links="unlinked" in request.args,
    )


def case_of(unit: Asked, client: Asked) -> Case:
    """The work that the choice is for, as far as it is told; it has one client at most."""
    project = request.args.get("project", "").strip()[:200]
    units, projects = frozenset(one.key for one in unit.found), frozenset({project} - {""})
    return Case(clock.today(), units, client.only.key if client.only else None, projects)


def first_of(found: Sequence[Any]) -> Sequence[Any]:
    """What is shown of a group: a province's hundreds only to those who ask for all."""
    return found if "all" in request.args else found[:MOST_SHOWN]


def asked_for() -> dict[str, Any]:
    """The work's parties and the limits of the choice; with them the units, where they are few."""
    findable = organisations(*UNIT_KINDS)
    parties: dict[str, Any] = {name: typed(name, findable) for name in ("unit", "client")}
    return {**parties, "units": short_list(findable), "wish": wish()}


@bp.get("/best-set")
def best_set() -> ResponseReturnValue:
    gate(Permission.BEST_SET_READ)
    asked, fields = asked_for(), {one.id: one.name for one in queries.fields()}
    chosen = request.args.get("field", type=whole)
    field = chosen if chosen in fields else None
    reading, told = queries.reading_in_force(), {**asked, "fields": fields, "field": field}
    told |= {"reading": reading, "words_of": labels.words_of}
    case = case_of(asked["unit"], asked["client"])
    told["found"] = queries.sorted_out(reading, case, asked["wish"], field)
    told |= {"left_out": LEFT_OUT, "first_of": first_of}
    return render_template("decisions/best_set.html", **told)
