"""The buyers' stars as an input of the year: of opened reviews, never a single one's."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import fsum

from sqlalchemy import Select, select

from app import clock
from app.db import db
from app.engagements.models import Engagement, Party
from app.reviews import queries as reviews
from app.reviews.models import Review, ReviewInvitation, ReviewRound
from app.reviews.weight_models import WeightVersion
from app.reviews.weights import Weights

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class YearStars:
    """An agency's stars of a year, to one decimal, and of how many reviews."""

    stars: Decimal
    ratings: int


def weights_numbered(number: int) -> Weights:
    """The version of the reviews' weights with this number."""
    version = db.session.scalars(select(WeightVersion).where(WeightVersion.number == number)).one()
    return reviews.weights_of(version)


def stars_of_year(
    year: int, weights: Weights, *, opened_before: datetime, at: datetime
) -> dict[int, YearStars]:
    """The mean of each agency's jobs whose reviews were opened in a year, and before a moment.

    A job's stars are those of its parties by their weights; a party that stayed silent is left
    out and the weights of the others are re-scaled. Jobs count alike. Reviews that an appeal
    voided before `at` don't count. The caller shows nothing of fewer than three reviews.
    """
    jobs: dict[tuple[int, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for review, party, engagement, agency in db.session.execute(_counting(year, opened_before, at)):
        codes = {score.dimension.code: score.stars for score in review.scores}
        score = weights.review_score(str(party), codes)
        if score is not None:
            jobs[agency, engagement][str(party)].append(score)
    return _by_agency(jobs, weights)


def _counting(year: int, opened_before: datetime, at: datetime) -> Select[Review, Party, int, int]:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return (
        select(Review, ReviewInvitation.party, Engagement.id, Engagement.agency_id)
        .join(Review.invitation)
        .join(ReviewRound, ReviewRound.id == Review.round_id)
        .join(Engagement, Engagement.id == ReviewRound.engagement_id)
        .where(ReviewRound.unsealed_at >= clock.start_of(first))
        .where(ReviewRound.unsealed_at < min(clock.start_of(after), opened_before))
        .where(reviews.in_force(at))
        .order_by(Review.id)
    )


def _by_agency(
    jobs: Mapping[tuple[int, int], Mapping[str, list[float]]], weights: Weights
) -> dict[int, YearStars]:
    means: dict[int, list[float]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for (agency, _job), parties in jobs.items():
        told = [(weights.parties.get(p, 0), fsum(s) / len(s)) for p, s in parties.items()]
        whole = sum(weight for weight, _stars in told)
        if whole:
            means[agency].append(fsum(weight * stars for weight, stars in told) / whole)
            counts[agency] += sum(len(stars) for stars in parties.values())
    return {
        agency: YearStars(_tenth(fsum(found) / len(found)), counts[agency])
        for agency, found in means.items()
    }


def _tenth(stars: float) -> Decimal:
    """Rounded half up to one decimal; nine digits first, so that a float's dust decides nothing."""
    return Decimal(f"{stars:.9f}").quantize(TENTH, ROUND_HALF_UP)
