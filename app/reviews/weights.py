"""How much each kind of buyer and each dimension counts, in one version. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True)
class Weights:
    """One version: weights by party, and by party and dimension (None: it isn't asked there)."""

    number: int
    parties: Mapping[str, int]
    cells: Mapping[str, Mapping[str, int | None]]

    def asked(self, party: str) -> set[str]:
        """The codes of the dimensions that this party is asked for."""
        return {code for code, weight in self.cells.get(party, {}).items() if weight is not None}

    def review_score(self, party: str, stars: Mapping[str, int | None]) -> float | None:
        """The weighted mean of one review in stars, or None where no weight is left.

        A dimension that was answered 不适用, or isn't asked of this party, is left out, and the
        weights of the others are re-scaled: nothing is filled in.
        """
        own = self.cells.get(party, {})
        there = [(own.get(code) or 0, star) for code, star in stars.items() if star is not None]
        total = sum(weight for weight, _star in there)
        return fsum(weight * star for weight, star in there) / total if total else None
