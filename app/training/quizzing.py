"""Which questions a quiz asks and how it is marked: the same seed asks the same. Pure."""

from collections.abc import Mapping, Sequence
from random import Random


def drawn(bank: Sequence[int], count: int, seed: int) -> list[int]:
    """Return `count` of the bank's questions, or all if it holds fewer, in the seed's order."""
    known = sorted(bank)
    return Random(seed).sample(known, min(count, len(known)))  # noqa: S311 - an order, no secret


def order_of(options: int, question: int, seed: int) -> list[int]:
    """Return the places of a question's options in the order in which this quiz shows them."""
    places = list(range(options))
    Random(f"{seed}:{question}").shuffle(places)  # noqa: S311 - an order, no secret
    return places


def percent_of(right: Mapping[int, Sequence[int]], answers: Mapping[str, Sequence[int]]) -> int:
    """Return the whole percent of questions answered exactly right, rounded down.

    `right` gives the right options by question, `answers` those that were ticked; what was left
    out is wrong, and a question with several right options wants all of them and no other.
    """
    if not right:
        return 0
    hits = sum(set(answers.get(str(key), ())) == set(wanted) for key, wanted in right.items())
    return 100 * hits // len(right)


def parsed(text: str) -> tuple[list[str], list[int]]:
    """Read a question's options, one a line, the right ones with a star before them."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    right = [place for place, line in enumerate(lines) if line.startswith(("*", "＊"))]
    return [line.lstrip("*＊ ").strip() for line in lines], right
