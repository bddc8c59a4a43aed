from collections.abc import Collection
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.intake import whole
from app.policy import Permission
from app.rankings import behind, lists, queries, showing, trying
from app.rankings.blueprint import bp
from app.rankings.labels import WORDS
from app.rankings.lists import names_ranked
from app.rankings.models import RankingSnapshot
from app.rankings.reading import Reading, read, terms_of
from app.web import gate, load

MOST = 1000


@bp.get("/<int:snapshot_id>/laboratory")
def laboratory(snapshot_id: int) -> ResponseReturnValue:
    snapshot = load(RankingSnapshot, snapshot_id, Permission.RANKING_LEDGER_READ)
    reading = read(snapshot)
    dimensions = behind.dimension_names()
    wish = wished(reading, dimensions)
    facts: dict[str, Any] = {"reading": reading, "snapshot": snapshot, "dimensions": dimensions}
    facts |= {"wish": wish or trying.weights_now(reading, dimensions)}
    facts |= {"trial": trying.trial_of(snapshot, wish), "names": dict(names_ranked(snapshot))}
    return render_template("rankings/laboratory.html", **facts, **WORDS)


def wished(reading: Reading, dimensions: Collection[str]) -> trying.Weights | None:
    """The weights in the address; None where none or no whole set was asked for."""
    asked = {
        name: request.args.get(name, type=whole)
        for name in (*trying.PARTIES, *(f"d-{code}" for code in dimensions))
    }
    given = {name: size for name, size in asked.items() if size is not None and size <= MOST}
    return given if len(given) == len(asked) and any(given.values()) else None


@bp.get("/method")
def method() -> ResponseReturnValue:
    gate(Permission.RANKING_LIST)
    newest = queries.newest_published()
    facts: dict[str, Any] = {"reading": None, "terms": None, "needs": showing.needs()}
    if newest is not None:
        reading = read(newest)
        lines = reading.lines(lists.rows_page(newest, "ranked", size=1).items)
        facts |= {"reading": reading, "line": lines[0] if lines else None}
        facts |= {"terms": terms_of(reading, lines[0]) if lines else None}
    return render_template("rankings/method.html", **facts, **WORDS)
