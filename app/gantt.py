"""The timeline (甘特图) as SVG: a track an engagement, a bar a stage, a tick where it was due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext
from markupsafe import Markup

from app import svg
from app.charts import GRID, SOFT, STAGE_FILLS
from app.svg import Point

WIDTH, LEFT, HIGH, TOP = 1180.0, 96.0, 26.0, 28.0
NOTHING = timedelta(days=1)


@dataclass(frozen=True)
class Bar:
    """One stage: its words, whether it is done, now, late or ahead, its days, its due day."""

    label: str
    tone: str
    began_on: date
    ended_on: date
    due_on: date


@dataclass(frozen=True)
class Track:
    """One engagement."""

    code: str
    name: str
    bars: Sequence[Bar]


def draw(tracks: Sequence[Track], today: date) -> Markup:
    """All tracks under one axis of months, with a line at today."""
    days = [day for t in tracks for b in t.bars for day in (b.began_on, b.ended_on, b.due_on)]
    first, last = min([*days, today]), max([*days, today]) + NOTHING
    axis = _Axis(first, (last - first).days)
    foot = TOP + HIGH * len(tracks)
    shapes = [shape for month in axis.months(last) for shape in _month(axis, month, foot)]
    for place, track in enumerate(tracks):
        shapes += _track(track, axis, TOP + HIGH * place)
    now = Point(axis.at(today), TOP - 6), Point(axis.at(today), foot)
    shapes.append(svg.line(*now, stroke="#c8102e", stroke_width=1.5, stroke_dasharray="4 3"))
    title = gettext("Timeline")
    said = "; ".join(f"{track.code} {_now(track)}" for track in tracks)
    return svg.picture(Point(WIDTH, foot + 6), title, said, *shapes)


def _now(track: Track) -> str:
    at = next((bar for bar in track.bars if bar.tone in ("now", "late")), None)
    return f"{at.label} {at.due_on}" if at else ""


@dataclass(frozen=True)
class _Axis:
    """Days to pixels."""

    first: date
    days: int

    def at(self, day: date) -> float:
        return LEFT + (day - self.first).days / self.days * (WIDTH - LEFT - 8)

    def months(self, last: date) -> list[date]:
        """The first days of the months between, every so many that their words have room."""
        found, day = [], self.first.replace(day=1)
        while day < last:
            day = (day + timedelta(days=32)).replace(day=1)
            found.append(day)
        step = max(1, -(-len(found) // 16))
        return [each for each in found[::step] if each < last]


def _month(axis: _Axis, month: date, foot: float) -> list[Markup]:
    x = axis.at(month)
    words = svg.text(Point(x + 3, 16), f"{month:%Y-%m}", font_size=11, fill=SOFT)
    return [svg.line(Point(x, 20), Point(x, foot), stroke=GRID), words]


def _track(track: Track, axis: _Axis, top: float) -> list[Markup]:
    shapes = [svg.text(Point(2, top + 17), track.code, font_size=11)]
    for bar in track.bars:
        x, end = axis.at(bar.began_on), axis.at(max(bar.ended_on, bar.began_on) + NOTHING)
        told = f"{track.code} {bar.label}: {bar.began_on} – {bar.ended_on} ({bar.due_on})"
        look: dict[str, object] = {"fill": STAGE_FILLS[bar.tone], "rx": 2}
        wide = max(2.0, end - x - 1)
        box = svg.element(
            "rect", svg.element("title", told), x=x, y=top + 6, width=wide, height=14, **look
        )
        due = axis.at(bar.due_on + NOTHING)
        tick = svg.line(Point(due, top + 3), Point(due, top + 23), stroke="#33415c")
        shapes += [box, tick]
    return shapes
