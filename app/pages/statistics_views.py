"""Statistics by agency, section, unit and year; every number leads to the rows behind it."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import charts, clock
from app.audit.wording import show_fact
from app.db import transaction
from app.engagements.labels import stage_label
from app.engagements.queries import years
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.pages import statistics, statistics_file
from app.pages.blueprint import bp
from app.pages.counting import Narrowing, jobs_of
from app.pages.keeping import counted, is_large
from app.pages.labels import GRADES, GROUPINGS
from app.policy import Permission
from app.web import actor, gate, here

bp.record_once(lambda _state: show_fact("by", lambda name: str(GROUPINGS.get(name, name))))
MOST_BARS = 12
ROWS = 100
MOST_LINES = 100  # of a province the largest; the workbook holds all


def asked() -> Narrowing:
    """What this page's address asks for."""
    by = request.args.get("by", "agency")
    return Narrowing(
        by=by if by in statistics.BY else "agency",
        year=asked_year(by),
        agency=request.args.get("agency", type=whole),
        section=request.args.get("section", type=whole),
        unit=request.args.get("unit", type=whole),
        stage=request.args.get("stage", "")[:40],
    )


def asked_year(by: str) -> int | None:
    """The year in the address; of a large district this year, where none is named."""
    if "year" in request.args or by == "year" or not is_large(actor()):
        return request.args.get("year", type=whole)
    return clock.today().year


def rows_url(line: statistics.Line, by: str, **more: Any) -> str:
    """The address of the engagements behind a line."""
    return here("pages.statistics_rows", **{by: line.key, "by": by, **more})


@bp.get("/statistics", endpoint="statistics")
def statistics_page() -> ResponseReturnValue:
    gate(Permission.STATISTICS_READ)
    narrowing = asked()
    found = counted(actor(), narrowing)
    return render_template(
        "pages/statistics.html",
        asked=narrowing,
        found=found,
        lines=found.lines[:MOST_LINES],
        whole=found.whole,
        stages=found.stages,
        punctual=punctual(found.lines),
        most_bars=MOST_BARS,
        years=years(),
        **words(),
    )


def words() -> dict[str, Any]:
    """The words and addresses that the pages of statistics use."""
    return {
        "groupings": GROUPINGS,
        "grades": GRADES,
        "stage_label": stage_label,
        "rows_url": rows_url,
    }


def punctual(lines: list[statistics.Line]) -> Any:
    """The shares on time as bars, of the largest groups."""
    known = [line for line in lines if line.on_time is not None][:MOST_BARS]
    shares = [(line.name, round(100 * (line.on_time or 0), 1)) for line in known]
    return charts.bars(shares, title=_("Stages on time"), unit="%") if shares else None


@bp.get("/statistics/rows")
def statistics_rows() -> ResponseReturnValue:
    gate(Permission.STATISTICS_READ)
    narrowing, page = asked(), request.args.get("page", 0, type=whole)
    whole_line = counted(actor(), narrowing).whole
    first = ROWS * min(max(page, 0), 1000)
    jobs = jobs_of(actor(), narrowing, (first, ROWS))
    return render_template(
        "pages/statistics_rows.html",
        asked=narrowing,
        rows=[(job, statistics.together([job])) for job in jobs],
        previous_url=here(page=page - 1) if first else None,
        next_url=here(page=page + 1) if whole_line.jobs > first + ROWS else None,
        whole=whole_line,
        stage=jobs[0].stages[0] if narrowing.stage and jobs else None,
        **words(),
    )


@bp.get("/statistics/workbook")
def export_statistics() -> ResponseReturnValue:
    gate(Permission.STATISTICS_READ)
    with transaction():
        data = statistics_file.export(actor(), asked())
    reply: Response = make_response(data)
    reply.mimetype = XLSX_MIME
    title = _("Statistics of evaluations")  # by itself: the catalogue reads no f-string
    name = f"{title}-{clock.today():%Y%m%d}.xlsx"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply
