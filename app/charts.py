"""Charts as SVG made here: figures in, Markup out; one picture for page, paper and PDF.

Everything is an attribute (a strict policy forbids inline style), every chart says its title and
its figures in words, every name is escaped. Lengths are pixels; values in the caller's own unit.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin
from typing import NamedTuple

from markupsafe import Markup

from app import svg
from app.svg import Point, Scale

NAVY, BLUE, PALE, RED, GOLD = "#12386b", "#1d4f91", "#8fb0da", "#c8102e", "#c79a3a"
SOFT, GRID, TRACK, LATE = "#55627a", "#e6ebf2", "#edf1f7", "#b3202c"
SERIES = ((NAVY, "none"), (RED, "6 3"), (GOLD, "2 3"))
STAGE_FILLS = {"done": PALE, "now": BLUE, "late": LATE, "ahead": "#e3e8f0"}
TONES = {"navy": NAVY, "blue": "#5f86bd", "gold": GOLD, "late": LATE}


class Interval(NamedTuple):
    """One row of a caterpillar plot: an estimate, its interval, and the raw mean if known."""

    label: str
    value: float
    low: float
    high: float
    raw: float | None = None


def stage_strip(stages: Sequence[tuple[str, str]], *, width: float = 156) -> Markup:
    """The stages, one cell each: done pale, now blue and late red both taller, ahead grey."""
    here = next((label for label, state in stages if state in ("now", "late")), "")
    done = sum(state == "done" for _, state in stages)
    step = (width + 2) / max(1, len(stages))
    cells = [
        svg.element(
            "rect",
            svg.element("title", label),
            x=index * step,
            y=0 if state in ("late", "now") else 2,
            width=step - 2,
            height=14 if state in ("late", "now") else 10,
            fill=STAGE_FILLS[state],
        )
        for index, (label, state) in enumerate(stages)
    ]
    return svg.mark(Point(width, 14), f"{here} {done}/{len(stages)}".strip(), *cells)


def _star(left: float, size: float) -> list[Point]:
    """The ten corners of a star in a square of this size."""
    corners = []
    for turn in range(10):
        reach = size / 2 * (1.0 if turn % 2 == 0 else 0.42)
        angle = -pi / 2 + turn * pi / 5
        corners.append(Point(left + size / 2 + reach * cos(angle), size / 2 + reach * sin(angle)))
    return corners


def _left_of(corners: Sequence[Point], edge: float) -> list[Point]:
    """The part of a shape left of an upright line (Sutherland and Hodgman, 1974)."""
    kept: list[Point] = []
    for before, after in zip([corners[-1], *corners[:-1]], corners, strict=True):
        if (before.x <= edge) != (after.x <= edge):
            share = (edge - before.x) / (after.x - before.x)
            kept.append(Point(edge, before.y + share * (after.y - before.y)))
        if after.x <= edge:
            kept.append(after)
    return kept


@lru_cache(maxsize=1024)
def stars(value: float, *, size: float = 15) -> Markup:
    """Five stars filled to the value (0 to 5): the last one only as far as it is earned."""
    shapes: list[Markup] = []
    for index in range(5):
        corners = _star(index * size, size)
        shapes.append(svg.element("polygon", points=svg.points(corners), fill="#d5dce6"))
        earned = min(1.0, max(0.0, value - index))
        lit = _left_of(corners, (index + earned) * size)
        if earned > 0 and lit:
            shapes.append(svg.element("polygon", points=svg.points(lit), fill="#b87900"))
    return svg.mark(Point(5 * size, size), f"{value:.2f} / 5", *shapes)


def bar(share: float, *, label: str, tone: str = "navy", width: float = 46) -> Markup:
    """One small bar for a table's cell: a share of one, on its track."""
    filled = min(1.0, max(0.0, share)) * width
    filling = svg.rect(Point(0, 0), filled, 12, TONES[tone])
    return svg.mark(Point(width, 12), label, svg.rect(Point(0, 0), width, 12, TRACK), filling)


def _room_for(labels: Sequence[str], width: float) -> float:
    """What the longest label takes at the left of a chart: from a quarter to nearly a half."""
    longest = max(map(svg.length_of, labels), default=0.0) + 12
    return min(max(longest, width * 0.28), width * 0.46)


def bars(
    rows: Sequence[tuple[str, float]], *, title: str, unit: str = "", width: float = 640
) -> Markup:
    """Bars lying down in the order given, the longest at full width, each with its figure."""
    left, right, high = _room_for([label for label, _ in rows], width), 90.0, 28.0
    top = max((value for _, value in rows), default=0) or 1
    shapes: list[Markup] = []
    for index, (label, value) in enumerate(rows):
        y = index * high
        length = max(0.0, value) / top * (width - left - right)
        shapes += [
            svg.text(Point(left - 8, y + 19), svg.fitting(label, left - 8), text_anchor="end"),
            svg.rect(Point(left, y + 6), length, 16, BLUE),
            svg.text(Point(left + length + 6, y + 19), f"{svg.plain(value)}{unit}", fill=SOFT),
        ]
    said = "; ".join(f"{label} {svg.plain(value)}{unit}" for label, value in rows)
    return svg.picture(Point(width, max(high, high * len(rows))), title, said, *shapes)


def _whisker(row: Interval, scale: Scale, at: Point, length: float) -> Markup:
    """The interval as a stroke, the estimate as a dot, the raw mean as a hollow ring."""
    x = {value: at.x + scale.at(value, length) for value in (row.low, row.high, row.value)}
    ends = Point(x[row.low], at.y), Point(x[row.high], at.y)
    stroke = svg.line(*ends, stroke=BLUE, stroke_width=3)
    dot = svg.element("circle", cx=x[row.value], cy=at.y, r=5, fill=NAVY)
    if row.raw is None:
        return stroke + dot
    place = at.x + scale.at(row.raw, length)
    look = {"fill": "#fff", "stroke": RED, "stroke_width": 1.6}
    return stroke + dot + svg.element("circle", cx=place, cy=at.y, r=3.2, **look)


def _said(row: Interval) -> str:
    raw = "" if row.raw is None else f" ({row.raw:.2f})"
    return f"{row.label} {row.value:.2f} [{row.low:.2f}, {row.high:.2f}]{raw}".strip()


def interval(
    row: Interval | tuple[str, float, float, float, float | None],
    *,
    scale: tuple[float, float, float] = (1, 5, 1),
    width: float = 224,
) -> Markup:
    """One row of the caterpillar plot, for a table's cell."""
    drawn, axis = Interval(*row), Scale(*scale)
    grid = [
        svg.line(Point(6 + x, 0), Point(6 + x, 24), stroke=GRID)
        for x in (axis.at(mark, width - 12) for mark in axis.marks())
    ]
    whisker = _whisker(drawn, axis, Point(6, 12), width - 12)
    return svg.mark(Point(width, 24), _said(drawn), *grid, whisker)


def intervals(
    rows: Sequence[Interval | tuple[str, float, float, float, float | None]],
    *,
    title: str,
    scale: tuple[float, float, float] = (1, 5, 1),
    width: float = 640,
) -> Markup:
    """The caterpillar plot whole: rows in the order given (best first), the axis below."""
    drawn, axis = [Interval(*row) for row in rows], Scale(*scale)
    left, high = _room_for([row.label for row in drawn], width), 26.0
    length, foot = width - left - 20, high * len(drawn)
    shapes: list[Markup] = []
    for mark in axis.marks():
        x = left + axis.at(mark, length)
        shapes.append(svg.line(Point(x, 0), Point(x, foot), stroke=GRID))
        words = f"{svg.plain(float(mark))}"
        shapes.append(svg.text(Point(x, foot + 18), words, text_anchor="middle", fill=SOFT))
    for index, row in enumerate(drawn):
        y = high * (index + 0.5)
        label = svg.fitting(row.label, left - 10)
        shapes.append(svg.text(Point(left - 10, y + 4.5), label, text_anchor="end"))
        shapes.append(_whisker(row, axis, Point(left, y), length))
    return svg.picture(Point(width, foot + 26), title, "; ".join(map(_said, drawn)), *shapes)


def _spokes(count: int, middle: Point, reach: float) -> list[Point]:
    turns = [-pi / 2 + 2 * pi * index / count for index in range(count)]
    return [Point(middle.x + reach * cos(turn), middle.y + reach * sin(turn)) for turn in turns]


def _legend(names: Sequence[str], at: Point) -> list[Markup]:
    """The names of the series, each beside a piece of its own line."""
    shapes: list[Markup] = []
    for index, name in enumerate(names):
        colour, dash = SERIES[index % len(SERIES)]
        x = at.x + 150 * index
        look = {"stroke": colour, "stroke_width": 2.5, "stroke_dasharray": dash}
        shapes.append(svg.line(Point(x, at.y - 4), Point(x + 22, at.y - 4), **look))
        shapes.append(svg.text(Point(x + 28, at.y), name))
    return shapes


def _series_said(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]
) -> str:
    return "; ".join(
        f"{name}: "
        + ", ".join(
            f"{label} {'-' if value is None else svg.plain(float(value))}"
            for label, value in zip(labels, values, strict=True)
        )
        for name, values in series
    )


def _rings(count: int, middle: Point, reach: float) -> list[Markup]:
    look = {"fill": "none", "stroke": GRID}
    rims = [_spokes(count, middle, reach * ring / 5) for ring in range(1, 6)]
    return [svg.element("polygon", points=svg.points(rim), **look) for rim in rims]


def radar(
    axes: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    title: str,
    top: float = 5,
    size: float = 360,
) -> Markup:
    """Up to three series over three or more axes, each from 0 in the middle to top at the rim."""
    if len(axes) < 3:
        raise ValueError("a radar needs three axes or more")
    reach = size * 0.27
    middle = Point(size / 2, reach * 1.16 + 16)
    foot = middle.y + reach * 1.16 + 44
    shapes = _rings(len(axes), middle, reach)
    rim = Point(middle.x + 4, middle.y - reach + 12)
    shapes.append(svg.text(rim, svg.plain(float(top)), font_size=10, fill=SOFT))
    for label, end in zip(axes, _spokes(len(axes), middle, reach * 1.16), strict=True):
        side = "middle" if abs(end.x - middle.x) < 1 else ("start" if end.x > middle.x else "end")
        shapes.append(svg.text(Point(end.x, end.y + 4), label, text_anchor=side))
    for index, (_, values) in enumerate(series):
        colour, dash = SERIES[index % len(SERIES)]
        places = [
            _spokes(len(axes), middle, reach * value / top)[n] for n, value in enumerate(values)
        ]
        look = {"fill": colour, "fill_opacity": 0.1, "stroke": colour, "stroke_width": 2}
        points = svg.points(places)
        shapes.append(svg.element("polygon", points=points, stroke_dasharray=dash, **look))
    shapes += _legend([name for name, _ in series], Point(8, foot - 10))
    return svg.picture(Point(size, foot), title, _series_said(axes, series), *shapes)


def _runs(places: Sequence[Point | None]) -> list[list[Point]]:
    """The unbroken stretches of a series: a missing value is a gap, never a guess."""
    runs: list[list[Point]] = [[]]
    for place in places:
        if place is not None:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _levels(scale: Scale, left: float, length: float, high: float) -> list[Markup]:
    """The grid lines of a history and their figures, from the bottom up."""
    shapes: list[Markup] = []
    for mark in scale.marks():
        y = 10 + high - scale.at(mark, high)
        figure = f"{svg.plain(float(mark))}"
        shapes.append(svg.line(Point(left, y), Point(left + length, y), stroke=GRID))
        shapes.append(svg.text(Point(left - 8, y + 4), figure, text_anchor="end", fill=SOFT))
    return shapes


def line(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    title: str,
    scale: tuple[float, float, float] = (1, 5, 1),
    width: float = 640,
) -> Markup:
    """History: up to three series over the same labels, with gaps where there is no value."""
    axis, left, high = Scale(*scale), 40.0, 200.0
    length = width - left - 30
    across = [left + length * (n / max(1, len(labels) - 1)) for n in range(len(labels))]
    shapes = _levels(axis, left, length, high)
    for x, label in zip(across, labels, strict=True):
        shapes.append(svg.text(Point(x, high + 30), label, text_anchor="middle", fill=SOFT))
    for index, (_, values) in enumerate(series):
        colour, dash = SERIES[index % len(SERIES)]
        look = {"fill": "none", "stroke": colour, "stroke_width": 2.5, "stroke_dasharray": dash}
        places = [
            None if value is None else Point(x, 10 + high - axis.at(value, high))
            for x, value in zip(across, values, strict=True)
        ]
        for run in _runs(places):
            shapes.append(svg.element("polyline", points=svg.points(run), **look))
            shapes += [svg.element("circle", cx=x, cy=y, r=3.5, fill=colour) for x, y in run]
    shapes += _legend([name for name, _ in series], Point(left, high + 54))
    return svg.picture(Point(width, high + 64), title, _series_said(labels, series), *shapes)
