"""Whose turn it is (顺序轮候): follows from the members' places and the turns before. Pure.

Turns go round in the order of the places. After somebody's turn comes the next place, whatever
came of it; whoever left is passed over; nobody has two turns for one lot.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

VERSION = "xingping-rotation/1"


def next_place(places: Sequence[int], last: int | None, out: Collection[int]) -> int | None:
    """The place whose turn comes after `last` (nothing before the first turn).

    `out` are the places that left or had their turn for this lot; None where nobody is left.
    """
    order = sorted(places)
    begins = next((at for at, place in enumerate(order) if last is not None and place > last), 0)
    round_about = [*order[begins:], *order[:begins]]
    return next((place for place in round_about if place not in out), None)


def wrong_in(record: Mapping[str, Any]) -> list[str]:
    """What doesn't follow from the rule in an exported rotation; nothing where all of it does."""
    if record.get("v") != VERSION:
        return ["not a rotation of this form"]
    try:
        return _wrong(record["members"], record["turns"])
    except (KeyError, TypeError, ValueError) as error:
        return [f"the rotation can't be read: {error}"]


def _wrong(members: Sequence[Mapping[str, Any]], turns: Sequence[Mapping[str, Any]]) -> list[str]:
    found, last, taken = [], None, set[str]()
    places = [one["place"] for one in members]
    if len(set(places)) != len(places):
        found.append("two members share a place")
    for number, turn in enumerate(turns, start=1):
        left = {one["place"] for one in members if one["left_at"] and one["left_at"] <= turn["at"]}
        before = {one["place"] for one in turns[: number - 1] if one["lot"] == turn["lot"]}
        wanted = next_place(places, last, left | before)
        if turn["number"] != number or turn["place"] != wanted:
            found.append(f"turn {number} belonged to place {wanted}, not to {turn['place']}")
        if turn["lot"] in taken:
            found.append(f"turn {number}: {turn['lot']} was taken already")
        if turn["outcome"] == "taken":
            taken.add(turn["lot"])
        elif not turn["reason"].strip():
            found.append(f"turn {number} has no reason")
        last = turn["place"]
    return found
