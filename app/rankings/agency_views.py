from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Missing
from app.intake import whole
from app.policy import Permission, can
from app.rankings import behind, changes, gathering, lists, queries
from app.rankings.blueprint import bp
from app.rankings.labels import WORDS
from app.rankings.models import RankingSnapshot
from app.rankings.reading import (
    Line,
    Reading,
    exact_terms_of,
    is_proven,
    read,
    terms_of,
)
from app.web import actor, load


def line_in(reading: Reading, agency_id: int) -> Line:
    """One agency's line, or 404."""
    row = lists.line_row(reading.snapshot, agency_id)
    if row is None:
        raise Missing
    return reading.lines([row])[0]


@bp.get("/<int:snapshot_id>/agencies/<int:agency_id>")
def explanation(snapshot_id: int, agency_id: int) -> ResponseReturnValue:
    reading = read(load(RankingSnapshot, snapshot_id, Permission.RANKING_READ))
    line = line_in(reading, agency_id)
    facts: dict[str, Any] = {"reading": reading, "snapshot": reading.snapshot, "line": line}
    facts |= {"history": behind.history_of(agency_id), "names": behind.dimension_names()}
    facts |= {"terms": terms_of(reading, line), "jobs": [], "ledger": ledger(reading, line)}
    facts |= {"aside": aside(reading, line)}
    if can(actor(), Permission.RANKING_LEDGER_READ, reading.snapshot):
        facts["terms"] = exact_terms_of(reading, agency_id)
        facts["jobs"] = behind.jobs_behind(reading.snapshot, agency_id)
    return render_template("rankings/agency.html", **facts, **WORDS)


def aside(reading: Reading, line: Line) -> int:
    """How many of its engagements an appeal set aside: to the overseers and the agency itself."""
    if not can(actor(), Permission.RANKING_MOVES_READ, line.agency):
        return 0
    made = reading.snapshot
    period = queries.Period.up_to(made.since, made.as_of, made.computed_at)
    return gathering.rounds_aside(line.agency_id, period)


def ledger(reading: Reading, line: Line) -> changes.Ledger | None:
    """Why the score moved since the ranking before: to the overseers and the agency itself."""
    before = changes.before_of(reading.snapshot)
    if before is None or not can(actor(), Permission.RANKING_MOVES_READ, line.agency):
        return None
    row = lists.line_row(before, line.agency_id)
    if row is None:
        return None
    sees_all = can(actor(), Permission.RANKING_LEDGER_READ, reading.snapshot)
    digits = 4 if sees_all else reading.digits
    return changes.ledger_of(reading, before, (read(before).lines([row])[0], line), digits=digits)


@bp.get("/<int:snapshot_id>/comparison")
def comparison(snapshot_id: int) -> ResponseReturnValue:
    reading = read(load(RankingSnapshot, snapshot_id, Permission.RANKING_READ))
    asked = [request.args.get(name, type=whole) for name in ("first", "second")]
    found = [line_in(reading, key) if key else None for key in asked]
    facts: dict[str, Any] = {"reading": reading, "snapshot": reading.snapshot, "asked": asked}
    facts |= {"names": lists.names_ranked(reading.snapshot), "lines": found}
    first, second = found
    if first and second and first.agency_id != second.agency_id:
        facts["better"] = is_proven(reading, first, second)
        facts["worse"] = is_proven(reading, second, first)
    return render_template("rankings/comparison.html", **facts, **WORDS)
