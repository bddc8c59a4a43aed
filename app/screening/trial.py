"""How often the screens err and what they find, on real ratings with planted attacks. Pure.

What is raised on the untouched table is counted as false: it is an upper bound, for true oddities
are among it. Every attack changes only ratings that the attacker legitimately holds.
"""

from dataclasses import asdict, dataclass

import numpy as np

from app.rankings.mixed import design, effects, reml
from app.screening import bursts, disagreement, misfit, rasch, rings, straight
from app.screening.ratings import Codes, Floats, Ratings

TARGETS, RING, CONSTANT = 10, 0.10, 60
BURST, BURST_HOURS = 10, 24
SHIFT = 2  # stars by which one kind of buyer is lifted


@dataclass(frozen=True)
class Figures:
    """One screen: share raised on untouched data, share of planted attacks found, of how many."""

    false_alarms: float
    of: int
    power: float
    attacks: int
    places: float | None = None  # by how many a quarantined target still stands higher, at most


def measured(ratings: Ratings, *, seed: int = 1) -> dict[str, Figures]:
    """Measure every screen that has a threshold on a table of ratings."""
    chance = np.random.default_rng(seed)
    expected = rasch.fit(ratings)
    return {
        "straight": _straight(expected, chance),
        "misfit": _misfit(expected, chance),
        "ring": _ring(expected, chance),
        "burst": _burst(expected, chance),
        "disagreement": _disagreement(ratings, chance),
    }


def plain(found: dict[str, Figures]) -> dict[str, dict[str, object]]:
    """The figures as data, rounded as they are shown."""
    return {
        name: {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(each).items()}
        for name, each in found.items()
    }


def _straight(expected: rasch.Expected, chance: np.random.Generator) -> Figures:
    """Raters with enough ratings who give one number, two to four by lot, to everybody."""
    ratings = expected.ratings
    able = np.flatnonzero(np.bincount(ratings.rater) >= straight.FEWEST)
    raised = {each.rater for each in straight.screen(expected)}
    chosen = chance.choice(able, min(CONSTANT, len(able)), replace=False)
    stars = ratings.stars.copy()
    for rater in chosen:
        rows = ratings.rater == rater
        stars[rows] = chance.integers(2, 5)
    after = {e.rater for e in straight.screen(rasch.fit(ratings.with_stars(stars)))}
    return Figures(len(raised) / len(able), len(able), _share(after, chosen), len(chosen))


def _misfit(expected: rasch.Expected, chance: np.random.Generator) -> Figures:
    """The members of a ring, looked at one by one."""
    ratings = expected.ratings
    count = np.bincount(ratings.rater)
    raised = {each.rater for each in misfit.screen(expected)}
    found, members = 0, 0
    for target in targets(expected, chance):
        attacked, ring = planted(expected, target, chance)
        able = [rater for rater in ring if count[rater] >= misfit.FEWEST]
        after = {each.rater for each in misfit.screen(rasch.fit(attacked))}
        found, members = found + len(after & set(able)), members + len(able)
    able_now = int((count >= misfit.FEWEST).sum())
    return Figures(len(raised) / able_now, able_now, found / max(1, members), members)


def _ring(expected: rasch.Expected, chance: np.random.Generator) -> Figures:
    """A tenth of a target's raters give it five stars and the best others one; then quarantine."""
    raised, of = rings.screen(expected), rings.screened(expected)
    before, found, places = _ranks(expected.ratings), 0, []
    chosen = targets(expected, chance)
    for target in chosen:
        attacked, _ring_of = planted(expected, target, chance)
        flagged = rings.screen(rasch.fit(attacked))
        found += any(ring.agency == target for ring in flagged)
        mine = [ring for ring in flagged if ring.agency == target]
        after = _ranks(rings.without(attacked, mine))
        places.append(float(before[target] - after[target]))
    return Figures(len(raised) / of, of, found / len(chosen), len(chosen), float(np.mean(places)))


def targets(expected: rasch.Expected, chance: np.random.Generator) -> list[int]:
    """Agencies of the middle with 40 to 120 ratings: they'd gain most."""
    count = np.bincount(expected.ratings.agency)
    low, high = np.quantile(expected.agency, [0.4, 0.6])
    middle = (expected.agency >= low) & (expected.agency <= high) & (count >= 40) & (count <= 120)
    able = np.flatnonzero(middle)
    return [int(key) for key in chance.choice(able, min(TARGETS, len(able)), replace=False)]


def planted(
    expected: rasch.Expected, target: int, chance: np.random.Generator, share: float = RING
) -> tuple[Ratings, list[int]]:
    """The ratings after a ring did its work, and who is in it."""
    ratings = expected.ratings
    own = np.unique(ratings.rater[ratings.agency == target])
    ring = chance.choice(own, max(1, round(share * len(own))), replace=False)
    best = expected.agency >= np.quantile(expected.agency, 0.75)
    theirs = np.isin(ratings.rater, ring)
    stars = ratings.stars.copy()
    stars[theirs & best[ratings.agency]] = 1
    stars[theirs & (ratings.agency == target)] = 5
    return ratings.with_stars(stars), [int(key) for key in ring]


def _burst(expected: rasch.Expected, chance: np.random.Generator) -> Figures:
    """Ratings dealt evenly over the window; ten more with five stars come within a day."""
    agency, residuals = expected.ratings.agency, expected.residuals
    at = chance.uniform(0, bursts.DAYS, len(agency))
    able = np.flatnonzero(np.bincount(agency) >= bursts.FEWEST)
    raised = bursts.screen(agency, at, residuals)
    chosen, found = chance.choice(able, min(CONSTANT, len(able)), replace=False), 0
    for target in chosen:
        begun = chance.uniform(0, bursts.DAYS - 1)
        more = begun + chance.uniform(0, BURST_HOURS / 24, BURST)
        attacked = bursts.screen(
            np.concatenate([agency, np.full(BURST, target)]),
            np.concatenate([at, more]),
            np.concatenate([residuals, np.full(BURST, _best_residual(expected, int(target)))]),
        )
        found += any(each.agency == target for each in attacked)
    return Figures(len(raised) / len(able), len(able), found / len(chosen), len(chosen))


def _best_residual(expected: rasch.Expected, target: int) -> float:
    """How far five stars are from what this agency usually gets."""
    mean, variance, _fourth = expected.moments
    rows = expected.ratings.agency == target
    return float(((rasch.LEVELS - mean[rows]) / np.sqrt(variance[rows])).mean())


def _disagreement(ratings: Ratings, chance: np.random.Generator) -> Figures:
    """Raters dealt into three kinds of buyers by lot; one kind is lifted by two stars."""
    clean = _dealt(ratings, ratings.stars, chance)
    able = [agency for agency, own in clean.items() if len(own) >= disagreement.FEWEST]
    raised = disagreement.screen(clean)
    chosen = chance.choice(able, min(CONSTANT, len(able)), replace=False)
    lifted = {int(key): [each + SHIFT for each in clean[int(key)]] for key in chosen}
    after = {each.agency for each in disagreement.screen({**clean, **lifted})}
    return Figures(len(raised) / len(able), len(able), _share(after, chosen), len(chosen))


def _dealt(ratings: Ratings, stars: Codes, chance: np.random.Generator) -> dict[int, list[float]]:
    """Threes of one agency's ratings as if they were a job's: the first less the mean of two."""
    found: dict[int, list[float]] = {}
    for agency in range(ratings.agencies):
        rows = chance.permutation(np.flatnonzero(ratings.agency == agency))[:60]
        threes = stars[rows[: len(rows) // 3 * 3]].reshape(-1, 3)
        found[agency] = [float(a - (b + c) / 2) for a, b, c in threes]
    return found


def _ranks(ratings: Ratings) -> Codes:
    """The place of every agency by the mixed model, the best first; those without a rating last."""
    agencies, agency = np.unique(ratings.agency, return_inverse=True)
    _raters, rater = np.unique(ratings.rater, return_inverse=True)
    table = design.read(ratings.stars.astype(float), {"agency": agency, "rater": rater})
    scores: Floats = np.full(ratings.agencies, -np.inf)
    scores[agencies] = effects.effects(reml.fit(table), "agency")
    places = np.empty(ratings.agencies, dtype=np.intp)
    places[np.argsort(-scores, kind="stable")] = np.arange(ratings.agencies)
    return places


def _share(found: set[int], chosen: Codes) -> float:
    return len(found & {int(key) for key in chosen}) / max(1, len(chosen))
