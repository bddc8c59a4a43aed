"""The method bayes/1: from stars to a fair score with its doubt. Pure; stars are 1 to 5.

One engagement is one piece of evidence: its stars are averaged over dimensions, over the reviews
of one party, and over parties, with weights that are re-scaled where a voice is missing. An
agency's score is the mean of its engagements, drawn towards the mean of all engagements by
n / (n + λ): the Bayesian average, the best linear prediction under y = μ + a + e with agencies
a ~ N(0, τ²), engagements e ~ N(0, σ²) and λ = σ²/τ² (Robinson, Statistical Science 6, 1991).
All sums are exactly rounded (math.fsum), so that no order of the data changes a digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist
from typing import Any

METHOD = "bayes/1"
COVERAGE = 0.9
Z = NormalDist().inv_cdf(0.5 + COVERAGE / 2)
FEWEST_AGENCIES, FEWEST_ENGAGEMENTS = 8, 20  # below these no variance between agencies is estimated
FEWEST_REVIEWS = 3  # a figure made of fewer would tell a single person's stars
WITHIN_UNKNOWN = 0.5  # stars², where no agency has two engagements to compare
WITHIN_FLOOR = 0.01  # stars²: identical stars are no proof of no doubt


@dataclass(frozen=True)
class Rating:
    """One review: whose engagement, from which kind of buyer, stars by dimension (None: 不适用)."""

    agency: int
    engagement: int | str
    party: str
    stars: Mapping[str, int | None]


@dataclass(frozen=True)
class Rules:
    """What the bureau has set: weights, the prior's weight k in engagements, what a place needs.

    Dimensions are weighed alike for all parties, or for each party by itself.
    """

    dimension_weights: Mapping[str, int] | Mapping[str, Mapping[str, int]]
    party_weights: Mapping[str, int]
    prior_weight: float = 3.0
    min_engagements: int = 3
    min_reliability: float = 0.6

    def weights_of(self, party: str) -> Mapping[str, int]:
        """How much each dimension counts in this party's stars."""
        told: Any = self.dimension_weights.get(party, self.dimension_weights)
        return told

    def star_of(self, party: str, stars: Mapping[str, int | None]) -> float | None:
        """One rating as one figure: its dimensions weighed; None where nothing of it counts."""
        if not self.party_weights.get(party, 0):
            return None
        return weighted_mean(stars, self.weights_of(party))


@dataclass(frozen=True)
class Job:
    """One rated engagement: its score in stars, that of each party, and how many rated."""

    agency: int
    engagement: int | str
    score: float
    parties: Mapping[str, float]
    reviews: Mapping[str, int]


@dataclass(frozen=True)
class Spread:
    """What all agencies share: overall mean, σ² within, τ² between, λ = σ²/τ², where λ is from.

    `source` is estimated, few-data (k stands in) or no-difference (none was found; k stands in).
    `overall_variance` is the squared error of the overall mean.
    """

    overall: float
    within: float
    between: float
    shrinkage: float
    source: str
    overall_variance: float


@dataclass(frozen=True)
class Estimate:
    """One agency: score = overall + reliability × (mean − overall), all in stars."""

    agency: int
    engagements: int
    reviews: int
    mean: float
    reliability: float
    score: float
    error: float  # standard error of the score
    parties: Mapping[str, float]
    party_reviews: Mapping[str, int]

    @property
    def low(self) -> float:
        """The lower end of the 90 % interval."""
        return self.score - Z * self.error

    @property
    def high(self) -> float:
        """The upper end of the 90 % interval."""
        return self.score + Z * self.error

    def has_place(self, rules: Rules) -> bool:
        """Whether there is evidence enough for a place in the ranking."""
        enough = self.engagements >= rules.min_engagements and self.reviews >= FEWEST_REVIEWS
        return enough and self.reliability >= rules.min_reliability


def weighted_mean(values: Mapping[str, float | None], weights: Mapping[str, int]) -> float | None:
    """Mean of the values that are there, their weights re-scaled; None where no weight is left."""
    there = [(weights.get(key, 0), value) for key, value in values.items() if value is not None]
    total = sum(weight for weight, _ in there)
    return fsum(weight * value for weight, value in there) / total if total else None


def mean(values: Sequence[float]) -> float:
    """The plain mean of one or more values."""
    return fsum(values) / len(values)


def jobs_of(ratings: Iterable[Rating], rules: Rules) -> list[Job]:
    """Score every engagement that has at least one star, by engagement.

    A review is the weighted mean of its dimensions; several reviews of one party (a contract over
    many units) are averaged within the party before the parties are weighed.
    """
    found: dict[tuple[Any, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for rating in ratings:
        score = rules.star_of(rating.party, rating.stars)
        if score is not None:
            found[rating.engagement, rating.agency][rating.party].append(score)
    jobs = []
    for (engagement, agency), parties in sorted(found.items()):
        means = {party: mean(scores) for party, scores in sorted(parties.items())}
        score = weighted_mean(means, rules.party_weights)
        if score is not None:
            counts = {party: len(scores) for party, scores in sorted(parties.items())}
            jobs.append(Job(agency, engagement, score, means, counts))
    return jobs


def counted(jobs: Sequence[Job]) -> list[Job]:
    """The engagements of agencies with three reviews or more: the rest isn't shown at all.

    Were they in the overall mean, one agency's hidden stars could be worked out from it.
    """
    groups = by_agency(jobs).values()
    return [job for own in groups for job in own if reviews_in(own) >= FEWEST_REVIEWS]


def reviews_in(jobs: Iterable[Job]) -> int:
    """How many reviews stand behind these engagements."""
    return sum(sum(job.reviews.values()) for job in jobs)


def spread_of(jobs: Sequence[Job], prior_weight: float) -> Spread | None:
    """Estimate what all agencies share, or None where nothing is rated.

    σ² and τ² by the method of moments for unequal groups (Searle, Casella & McCulloch, Variance
    Components, 1992, 3.6): τ² = (MSB − MSW) / n₀ with n₀ = (N − Σn²/N) / (J − 1). With too few
    agencies or engagements, or where τ² comes out at zero or below, λ is the given k.
    """
    if not jobs:
        return None
    groups = [[job.score for job in each] for each in by_agency(jobs).values()]
    sizes, total = [len(group) for group in groups], len(jobs)
    overall = mean([job.score for job in jobs])
    centres = [mean(group) for group in groups]
    inside = fsum(
        (y - centre) ** 2 for group, centre in zip(groups, centres, strict=True) for y in group
    )
    spare = total - len(groups)
    within = max(WITHIN_FLOOR, inside / spare) if spare else WITHIN_UNKNOWN
    between, source = 0.0, "few-data"
    if spare and len(groups) >= FEWEST_AGENCIES and total >= FEWEST_ENGAGEMENTS:
        outside = fsum(n * (c - overall) ** 2 for n, c in zip(sizes, centres, strict=True))
        typical = (total - sum(n * n for n in sizes) / total) / (len(groups) - 1)
        between = (outside / (len(groups) - 1) - within) / typical
        source = "estimated" if between > 0 else "no-difference"
    if source != "estimated":
        between = within / prior_weight if prior_weight else within
    doubt = fsum((n / total) ** 2 * (between + within / n) for n in sizes)
    shrinkage = within / between if source == "estimated" else prior_weight
    return Spread(overall, within, between, shrinkage, source, doubt)


def by_agency(jobs: Iterable[Job]) -> dict[int, list[Job]]:
    """The engagements of each agency, agencies by id."""
    groups: dict[int, list[Job]] = defaultdict(list)
    for job in jobs:
        groups[job.agency].append(job)
    return dict(sorted(groups.items()))


def estimate(agency: int, jobs: Sequence[Job], spread: Spread) -> Estimate:
    """One agency's score: its mean, drawn towards the overall mean as far as evidence lacks.

    The squared error is σ²/(n + λ) of the agency's own, and that of the overall mean as far as
    the score leans on it.
    """
    n, raw = len(jobs), mean([job.score for job in jobs])
    reliability = n / (n + spread.shrinkage)
    leaning = 1 - reliability
    own = spread.within / (n + spread.shrinkage)
    parties = sorted({party for job in jobs for party in job.parties})
    return Estimate(
        agency=agency,
        engagements=n,
        reviews=reviews_in(jobs),
        mean=raw,
        reliability=reliability,
        score=spread.overall + reliability * (raw - spread.overall),
        error=sqrt(own + leaning**2 * spread.overall_variance),
        parties={p: mean([job.parties[p] for job in jobs if p in job.parties]) for p in parties},
        party_reviews={p: sum(job.reviews.get(p, 0) for job in jobs) for p in parties},
    )
