"""The few elements of SVG that the charts are drawn from; every word and attribute is escaped."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple
from unicodedata import east_asian_width

from markupsafe import Markup, escape

# The PDF names its CJK font 'Xingping Sans'; a browser passes over it to the fonts of its system.
FONT = "'Xingping Sans','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
INK = "#1f2a3d"


class Point(NamedTuple):
    """A place on the picture."""

    x: float
    y: float


class Scale(NamedTuple):
    """The ends of an axis and the distance of its grid lines, in the unit of the values."""

    low: float = 1.0
    high: float = 5.0
    step: float = 1.0

    def at(self, value: float, length: float) -> float:
        """Where a value lies on an axis of this length; what lies outside is held at its end."""
        share = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share)) * length

    def marks(self) -> list[float]:
        """The values of the grid lines, from the first whole step inside the axis."""
        first = -(-self.low // self.step)
        count = int((self.high - first * self.step) / self.step + 1e-9) + 1
        return [round((first + each) * self.step, 6) for each in range(count)]


def plain(value: float) -> str:
    """Numbers lose their idle decimals: one chart is four kilobytes, not nine."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _written(value: object) -> str:
    return plain(value) if isinstance(value, int | float) else escape(value)


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """One element; what is inside and every attribute is escaped unless it is Markup already."""
    opened = [f' {_attribute(key)}="{_written(value)}"' for key, value in attributes.items()]
    body = [escape(each) for each in inside]
    written = f"<{name}{''.join(opened)}>{''.join(body)}</{name}>"
    return Markup(written)  # noqa: S704  # every part was escaped in the lines above


def text(at: Point, words: str, **attributes: object) -> Markup:
    """Words at a place, in the portal's font."""
    look: dict[str, object] = {"font_family": FONT, "font_size": 13, "fill": INK}
    return element("text", words, x=at.x, y=at.y, **(look | attributes))


def length_of(words: str) -> float:
    """How long words are at 13 units, about: an ideograph is a square, a letter 0.6 of it."""
    return sum(13 if east_asian_width(each) in "WFA" else 7.8 for each in words)


def fitting(words: str, length: float) -> str:
    """Words cut at their end until they have room."""
    if length_of(words) <= length:
        return words
    while words and length_of(words) > length - 13:
        words = words[:-1]
    return f"{words}…"


def line(start: Point, end: Point, **attributes: object) -> Markup:
    """A straight stroke."""
    return element("line", x1=start.x, y1=start.y, x2=end.x, y2=end.y, **attributes)


def rect(at: Point, width: float, height: float, fill: str) -> Markup:
    """A filled box."""
    return element("rect", x=at.x, y=at.y, width=width, height=height, fill=fill)


def points(points: Sequence[Point]) -> str:
    """Places as the points attribute wants them."""
    return " ".join(f"{plain(each.x)},{plain(each.y)}" for each in points)


def picture(size: Point, title: str, words: str, *inside: str) -> Markup:
    """A chart's frame: named for a screen reader without ids, so that a page holds any number."""
    return _frame("chart", size, title, element("desc", words), *inside)


def mark(size: Point, title: str, *inside: str) -> Markup:
    """The frame of a small picture that stands in a line of text or a cell."""
    return _frame("spark", size, title, *inside)


def _frame(kind: str, size: Point, title: str, *inside: str) -> Markup:
    width, height = plain(float(size.x)), plain(float(size.y))
    attributes: dict[str, object] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class_": kind,
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria_label": title,
    }
    return element("svg", element("title", title), *inside, **attributes)
