"""The coverage map as a small picture: a cell an indicator, with how many papers bear it out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask_babel import gettext as _
from markupsafe import Markup

from app import svg
from app.indicators.models import Indicator, IndicatorSystem
from app.svg import Point

WIDE, HIGH, GAP, LABEL = 48, 34, 4, 46
IN_A_ROW = 8
BARE, RETURNED, COVERED, UNSCORED = "#b3261e", "#8a5a00", "#1e6b3a", "#5b6675"
FILLS = {BARE: "#fdecea", RETURNED: "#fff3d6", COVERED: "#e4f3e9", UNSCORED: "#eef1f5"}


def coverage_picture(system: IndicatorSystem) -> Markup:
    """First-level indicators as rows, their rows as cells: borne out, bare, or not yet scored."""
    cells: list[Markup] = []
    top = 0
    for level, rows in groupby(system.indicators, key=lambda row: row.level1):
        found = list(rows)
        cells.append(svg.text(Point(0, top + 21), level, font_size=13, font_weight="bold"))
        cells += _cells(found, top)
        top += -(-len(found) // IN_A_ROW) * (HIGH + GAP)
    size = Point(LABEL + IN_A_ROW * (WIDE + GAP), max(top - GAP, HIGH))
    covered = sum(row.is_covered for row in system.indicators)
    told = _(
        "%(covered)s of %(rows)s indicators borne out", covered=covered, rows=len(system.indicators)
    )
    bare = [row.code for row in system.indicators if not row.is_covered]
    words = _("Without evidence: %(codes)s", codes=" ".join(bare)) if bare else told
    return svg.picture(size, told, words, *cells)


def _cells(rows: Sequence[Indicator], top: float) -> Iterator[Markup]:
    for number, row in enumerate(rows):
        left = LABEL + number % IN_A_ROW * (WIDE + GAP)
        yield _cell(row, Point(left, top + number // IN_A_ROW * (HIGH + GAP)))


def _cell(row: Indicator, at: Point) -> Markup:
    ink = _ink(row)
    count = len(row.evidence)
    papers = " ".join(paper.index_no for paper in row.evidence)
    middle = {"text_anchor": "middle", "fill": ink}
    return svg.element(
        "g",
        svg.element("title", f"{row.code} {row.check_point or row.name}: {papers or '—'}"),
        svg.element(
            "rect", x=at.x, y=at.y, width=WIDE, height=HIGH, rx=3, fill=FILLS[ink], stroke=ink,
            stroke_width=2 if ink == BARE else 0.6,
        ),
        svg.text(Point(at.x + WIDE / 2, at.y + 14), row.code, font_size=12, **middle),
        svg.text(Point(at.x + WIDE / 2, at.y + 28), _said(row, count), font_size=11, **middle),
    )  # fmt: skip


def _ink(row: Indicator) -> str:
    if row.is_covered:
        return COVERED
    if row.evidence:
        return RETURNED
    return BARE if row.is_scored else UNSCORED


def _said(row: Indicator, count: int) -> str:
    if count:
        return _("papers: %(count)s", count=count)
    return _("bare") if row.is_scored else "—"
