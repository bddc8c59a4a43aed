from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.agencies.labels import TYPES
from app.agencies.models import AgencyType
from app.errors import Missing
from app.exporting import content_disposition
from app.intake import whole
from app.openness import call_views as call_views
from app.openness import contracting_views as contracting_views
from app.openness import dataset, profiles, queries
from app.openness.blueprint import bp as bp
from app.rankings import lists, packing, showing
from app.rankings.files import as_json
from app.rankings.labels import WORDS
from app.rankings.models import RankingSnapshot
from app.rankings.queries import newest_published, rows_of
from app.rankings.reading import Reading, read, scale_of, terms_of
from app.web import here, page_of

SIZE, FIRST = 50, 10
FILES = {
    "csv": ("text/csv; charset=utf-8", "{code}-" + dataset.CSV),
    "package": ("application/json", "{code}-" + dataset.PACKAGE),
    "json": ("application/json", "{code}-public.json"),
    "bundle": ("application/zip", "{code}-public.zip"),
}


@bp.get("")
def index() -> ResponseReturnValue:
    newest, facts = newest_published(), {"figures": queries.figures()}
    told: dict[str, Any] = {**facts, "snapshot": newest, "lines": [], "reading": None}
    if newest is not None:
        reading = read(newest)
        lines = reading.lines(lists.rows_page(newest, "ranked", size=FIRST).items)
        told |= {"reading": reading, "lines": lines, "scale": scale_of(lines)}
    return render_template("openness/index.html", **told, **WORDS)


@bp.get("/agencies")
def register() -> ResponseReturnValue:
    words, after = request.args.get("q", "")[:80], request.args.get("after", type=whole) or 0
    kind = next((kind for kind in AgencyType if kind.value == request.args.get("type")), None)
    found = queries.register_page(queries.register(words, kind), after, SIZE)
    rows = found[:SIZE]
    next_url = here(after=rows[-1].id) if len(found) > SIZE else None
    first_url = here(after=None) if after else None
    told = {"rows": rows, "next_url": next_url, "first_url": first_url, "types": TYPES}
    return render_template("openness/register.html", q=words, kind=kind, **told)


@bp.get("/agencies/<int:agency_id>")
def profile(agency_id: int) -> ResponseReturnValue:
    row = profiles.profile(agency_id)
    if row is None:
        raise Missing
    return render_template("openness/profile.html", row=row, types=TYPES)


@bp.get("/rankings")
def rankings() -> ResponseReturnValue:
    page = page_of(queries.published(), RankingSnapshot.id, size=20)
    return render_template("openness/rankings.html", page=page)


def found(snapshot_id: int) -> RankingSnapshot:
    """A published ranking; any other one isn't there."""
    snapshot = queries.published_ranking(snapshot_id)
    if snapshot is None:
        raise Missing
    return snapshot


@bp.get("/rankings/<int:snapshot_id>")
def ranking(snapshot_id: int) -> ResponseReturnValue:
    snapshot, state = found(snapshot_id), request.args.get("state", "")
    state = state if state in lists.STATES else "ranked"
    rows = lists.rows_page(snapshot, state, after=request.args.get("after", type=whole) or 0)
    reading = read(snapshot)
    lines = reading.lines(rows.items)
    told: dict[str, Any] = {"snapshot": snapshot, "reading": reading, "page": rows}
    told |= {"lines": lines, "scale": scale_of(lines), "state": state}
    told |= {"counts": lists.counts_of(snapshot)}
    told |= {"unproven": lists.unproven_in(lines) if state == "ranked" else None}
    return render_template("openness/ranking.html", **told, **WORDS)


@bp.get("/rankings/<int:snapshot_id>/files/<string:form>")
def file(snapshot_id: int, form: str) -> ResponseReturnValue:
    snapshot = found(snapshot_id)
    if form not in FILES or (form == "bundle" and not snapshot.statement):
        raise Missing
    mime, name = FILES[form]
    answer = Response(made(read(snapshot), form), mimetype=mime)
    answer.headers["Content-Disposition"] = content_disposition(name.format(code=snapshot.code))
    answer.add_etag()
    return answer.make_conditional(request)


def made(reading: Reading, form: str) -> bytes:
    """The bytes of one of the files."""
    if form == "bundle":
        return packing.public_bundle(reading.snapshot)
    if form == "json" and reading.snapshot.public:
        return reading.snapshot.public.encode()
    lines = reading.lines(rows_of(reading.snapshot))
    if form == "package":
        return dataset.package(reading, lines, current_app.config)
    return dataset.as_csv(lines) if form == "csv" else as_json(reading, lines)


@bp.get("/method")
def method() -> ResponseReturnValue:
    newest = newest_published()
    told: dict[str, Any] = {"reading": None, "terms": None, "needs": showing.needs()}
    if newest is not None:
        reading = read(newest)
        lines = reading.lines(lists.rows_page(newest, "ranked", size=1).items)
        told |= {"reading": reading, "line": lines[0] if lines else None}
        told |= {"terms": terms_of(reading, lines[0]) if lines else None}
    return render_template("openness/method.html", **told, **WORDS)
