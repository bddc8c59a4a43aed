"""How the buyers of the demonstration rate: by the work's quality, each with their own temper."""

from collections.abc import Mapping
from random import Random

from app.demo import words
from app.engagements.models import Party
from app.reviews.rating import NewReview

LEVEL, SPAN = 3.7, 1.15  # stars of an average agency, and what full skill adds
MOOD = {Party.UNIT: 0.25, Party.PERFORMANCE: -0.15, Party.SECTION: 0.0}
SILENT = 0.04  # share of buyers who never answer


def quality(rng: Random, skill: float, fate: str) -> float:
    """How good the work of one engagement was, in stars."""
    trouble = {"rework": 0.35, "refused": 1.4, "terminated": 1.0}.get(fate, 0.0)
    return LEVEL + SPAN * skill + rng.gauss(0, 0.26) - trouble


def review(rng: Random, level: float, party: Party, dimensions: Mapping[int, str]) -> NewReview:
    """One buyer's stars and words: each dimension near the level, none given where none applies."""
    own = level + MOOD[party] + rng.gauss(0, 0.26)
    stars: dict[int, int | None] = {
        key: min(5, max(1, round(own + rng.gauss(0, 0.45)))) for key in dimensions
    }
    if party is Party.UNIT and rng.random() < 0.08:
        key = next(iter(dimensions))  # the quality of a report that a unit may not have seen
        stars[key] = None
    given = [star for star in stars.values() if star is not None]
    return NewReview(stars, _words(rng, given), words.FACT if 1 in given else "")


def _words(rng: Random, given: list[int]) -> str:
    if min(given) <= 2:
        return rng.choice(words.BLAME)
    if max(given) == 5:
        return rng.choice(words.PRAISE)
    return rng.choice(words.PLAIN) if rng.random() < 0.4 else ""
