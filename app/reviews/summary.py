"""What an agency may know of its reviews: means of at least three, words without their writers."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import fsum

FEWEST = 3  # fewer ratings than this would show a single person's


@dataclass(frozen=True)
class Answer:
    """One review, without its writer."""

    stars: dict[int, int | None]
    words: str
    is_voided: bool = False


@dataclass(frozen=True)
class Summary:
    """Means by dimension (None: too few answered) and the words, in an order that tells nothing.

    `voided` are the words among them that no longer count, `later` those written after an appeal.
    """

    round_id: int
    reviews: int
    means: dict[int, float | None]
    words: Sequence[str]
    voided: frozenset[str] = frozenset()
    later: Sequence[str] = ()

    def with_later(self, answers: Sequence[Answer]) -> "Summary":
        """The same with the words of further versions, which came after an appeal."""
        return replace(self, later=_shuffled(self.round_id, answers))


def summarise(
    round_id: int, answers: Sequence[Answer], dimensions: Iterable[int], *, fewest: int = FEWEST
) -> Summary | None:
    """Return what may be shown of a round, or None where fewer than three parties rated.

    A mean is in stars, to one decimal, and needs three stars of its own: 不适用 is not one. The
    words come in the order of their hashes with the round, so neither time nor party orders them.
    """
    if len(answers) < fewest:
        return None
    means = {
        key: _mean([answer.stars.get(key) for answer in answers], fewest) for key in dimensions
    }
    voided = frozenset(answer.words for answer in answers if answer.is_voided)
    return Summary(round_id, len(answers), means, _shuffled(round_id, answers), voided)


def _shuffled(round_id: int, answers: Sequence[Answer]) -> list[str]:
    words = [answer.words for answer in answers if answer.words]
    return sorted(words, key=partial(_place, round_id))


def _mean(stars: Sequence[int | None], fewest: int) -> float | None:
    given = [each for each in stars if each is not None]
    return round(fsum(given) / len(given), 1) if len(given) >= fewest else None


def _place(round_id: int, words: str) -> str:
    return hashlib.sha256(f"{round_id}\n{words}".encode()).hexdigest()
