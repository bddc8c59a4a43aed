"""What an agency may know of its reviews: means of at least three, words without their writers."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import fsum

FEWEST = 3  # fewer ratings than this would show a single person's


@dataclass(frozen=True)
class Answer:
    """One review, without its writer."""

    stars: dict[int, int | None]
    words: str


@dataclass(frozen=True)
class Summary:
    """Means by dimension (None: too few answered) and the words, in an order that tells nothing."""

    reviews: int
    means: dict[int, float | None]
    words: Sequence[str]


def summarise(
    round_id: int, answers: Sequence[Answer], dimensions: Iterable[int]
) -> Summary | None:
    """Return what may be shown of a round, or None where fewer than three parties rated.

    A mean is in stars, to one decimal, and needs three stars of its own: 不适用 is not one. The
    words come in the order of their hashes with the round, so neither time nor party orders them.
    """
    if len(answers) < FEWEST:
        return None
    means = {key: _mean([answer.stars.get(key) for answer in answers]) for key in dimensions}
    words = [answer.words for answer in answers if answer.words]
    return Summary(len(answers), means, sorted(words, key=partial(_place, round_id)))


def _mean(stars: Sequence[int | None]) -> float | None:
    given = [each for each in stars if each is not None]
    return round(fsum(given) / len(given), 1) if len(given) >= FEWEST else None


def _place(round_id: int, words: str) -> str:
    return hashlib.sha256(f"{round_id}\n{words}".encode()).hexdigest()
