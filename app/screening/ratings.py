"""The table of ratings that all screens look at. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Ratings:
    """n ratings: who is rated (0..agencies-1), who rates (0..raters-1), stars 1 to 5, all (n,)."""

    agency: Codes
    rater: Codes
    stars: Codes

    @property
    def agencies(self) -> int:
        """How many are rated."""
        return int(self.agency.max()) + 1 if len(self.agency) else 0

    @property
    def raters(self) -> int:
        """How many rate."""
        return int(self.rater.max()) + 1 if len(self.rater) else 0

    def but(self, kept: NDArray[np.bool_]) -> "Ratings":
        """The ratings that are kept, everybody's number unchanged."""
        return Ratings(self.agency[kept], self.rater[kept], self.stars[kept])

    def with_stars(self, stars: Codes) -> "Ratings":
        """The same ratings with other stars."""
        return Ratings(self.agency, self.rater, stars)
