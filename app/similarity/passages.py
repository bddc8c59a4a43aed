"""The stretches in which two texts agree, side by side as a reviewer reads them."""

from dataclasses import dataclass

from app.similarity import ignoring, texts
from app.similarity.models import LikenessAlarm

MOST = 20
AROUND = 40  # characters shown before and after


@dataclass(frozen=True)
class Side:
    """A passage in one of the texts with what stands around it."""

    before: str
    agrees: str
    after: str


@dataclass(frozen=True)
class Pair:
    """The same passage in both texts."""

    own: Side
    other: Side
    length: int


@dataclass(frozen=True)
class Comparison:
    """What two texts have in common, the longest passages first."""

    pairs: list[Pair]
    more: int  # passages that aren't shown
    agreeing: int  # characters in all of them


def compared(alarm: LikenessAlarm) -> Comparison:
    """Read both texts again and find where they agree now, without what doesn't count now."""
    from app.caged import shingles

    one, other = texts.text_of(alarm.sha256), texts.text_of(alarm.other_sha256)
    found = shingles.passages(shingles.shingled(one), shingles.shingled(other), ignoring.ignored())
    pairs = [
        Pair(
            _side(one, each.start, each.end),
            _side(other, each.other_start, each.other_end),
            each.length,
        )
        for each in found[:MOST]
    ]
    return Comparison(pairs, max(0, len(found) - MOST), sum(each.length for each in found))


def _side(text: str, start: int, end: int) -> Side:
    return Side(text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND])
