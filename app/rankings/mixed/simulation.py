"""Made-up districts whose truth is known, to measure what the method promises."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.rankings.mixed.terms import Codes, Floats

KINDS = 3


@dataclass(frozen=True)
class World:
    """A district: its sizes, standard deviations in stars, and how raters are dealt."""

    agencies: int = 200
    engagements: int = 1200
    raters: int = 150
    quality: float = 0.30
    job: float = 0.15
    severity: float = 0.35
    noise: float = 0.75
    middle: float = 4.2
    answers: float = 0.683  # the chance that a party answers
    harshly: float = 0.0  # share of half the agencies' ratings that harsher raters give


@dataclass(frozen=True)
class Ratings:
    """n ratings and what made them."""

    stars: Floats  # whole stars, 1 to 5
    exact: Floats  # before they were rounded
    agency: Codes
    rater: Codes
    kind: Codes
    truth: Floats  # (agencies,)
    unlucky: Codes  # the agencies that were dealt the harsher raters


def drawn(world: World, *, seed: int) -> Ratings:
    """One district. Every agency and rater has at least one rating; others are left out."""
    chance = np.random.default_rng(seed)
    quality = world.quality * chance.standard_normal(world.agencies)
    severity = world.severity * chance.standard_normal(world.raters)
    kinds = np.arange(world.raters) % KINDS
    of_job = chance.permutation(np.arange(world.engagements) % world.agencies)
    job, kind = (part.ravel() for part in np.mgrid[0 : world.engagements, 0:KINDS])
    answered = chance.random(len(job)) < world.answers
    job, kind = job[answered], kind[answered]
    agency = of_job[job]
    unlucky = chance.permutation(world.agencies)[: world.agencies // 2]
    rater = _dealt(world, chance, (severity, kinds), kind, np.isin(agency, unlucky))
    offsets = np.array([0.0, 0.15, -0.15])
    difficulty = world.job * chance.standard_normal(world.engagements)
    exact = world.middle + quality[agency] + severity[rater] + offsets[kind] + difficulty[job]
    exact = exact + world.noise * chance.standard_normal(len(exact))
    stars = np.clip(np.rint(exact), 1, 5)
    rated, agency = np.unique(agency, return_inverse=True)
    rater = np.unique(rater, return_inverse=True)[1]
    marked = np.flatnonzero(np.isin(rated, unlucky))
    return Ratings(stars, exact, agency, rater, kind, quality[rated], marked)


def _dealt(
    world: World,
    chance: np.random.Generator,
    raters: tuple[Floats, Codes],
    kind: Codes,
    unlucky: NDArray[np.bool_],
) -> Codes:
    """Who rates: at random within the kind, or by severity where raters are dealt harshly."""
    severity, kinds = raters
    found = np.empty(len(kind), dtype=np.intp)
    for number in range(KINDS):
        ours = np.flatnonzero(kinds == number)
        by_severity = ours[np.argsort(severity[ours])]
        half = len(ours) // 2
        here = np.flatnonzero(kind == number)
        sorted_ = chance.random(len(here)) < world.harshly
        spot = chance.integers(0, half, len(here))
        even = chance.integers(0, len(ours), len(here))
        side = np.where(unlucky[here], spot, len(ours) - 1 - spot)
        found[here] = by_severity[np.where(sorted_, side, even)]
    return found
