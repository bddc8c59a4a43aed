"""The buyers' stars as an input of the year: of opened reviews, never a single one's."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import fsum
from typing import Any

from sqlalchemy import ColumnElement, select

from app import clock
from app.db import db
from app.engagements.models import Engagement
from app.reviews import queries as reviews
from app.reviews.models import (
    Review,
    ReviewInvitation,
    ReviewRound,
    ReviewRuling,
    RulingKind,
)
from app.reviews.weight_models import WeightVersion
from app.reviews.weights import Weights

FEWEST_JOBS, FEWEST_PERSONS = 2, 3  # with fewer a tenth of a star beside a job's means tells one


@dataclass(frozen=True)
class YearStars:
    """An agency's stars of a year, to a tenth or a half, and of how many reviews."""

    stars: Decimal
    ratings: int


@dataclass
class _Year:
    """One agency's year as it is gathered: each job's ratings by party, and who gave them."""

    jobs: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    persons: set[object] = field(default_factory=set)
    is_changed: bool = False  # an appeal voided a review, or had it written anew

    def add(self, review: Review, invitation: ReviewInvitation, job: int, score: float) -> None:
        parties = self.jobs.setdefault(job, {})
        parties.setdefault(str(invitation.party), []).append(score)
        self.persons.add(review.author_id or (invitation.organisation_id, review.author_name))
        self.is_changed |= review.version > 1

    @property
    def is_fine(self) -> bool:
        """Whether a tenth of a star tells nobody's stars."""
        many = len(self.jobs) >= FEWEST_JOBS and len(self.persons) >= FEWEST_PERSONS
        return many and not self.is_changed


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

    To a tenth of a star; to the nearest half where there is one job, fewer than three persons, or
    a review that an appeal changed: the agency knows the sum of each job's first stars, and a
    finer figure beside it would tell one person's.
    """
    years: dict[int, _Year] = defaultdict(_Year)
    when = _opened(year, opened_before)
    query = _with_jobs(select(Review, ReviewInvitation, Engagement.id, Engagement.agency_id))
    for review, invitation, job, agency in db.session.execute(
        query.where(*when, reviews.in_force(at)).order_by(Review.id)
    ):
        codes = {score.dimension.code: score.stars for score in review.scores}
        score = weights.review_score(str(invitation.party), codes)
        if score is not None:
            years[agency].add(review, invitation, job, score)
    voided = _with_jobs(select(Engagement.agency_id)).join(Review.ruling)
    gone = (ReviewRuling.kind == RulingKind.VOIDED, ReviewRuling.ruled_at < at)
    for agency in db.session.scalars(voided.where(*when, *gone)):
        years[agency].is_changed = True
    told = ((agency, _told(own, weights)) for agency, own in years.items())
    return {agency: stars for agency, stars in told if stars is not None}


def _with_jobs(query: Any) -> Any:
    return (
        query.select_from(Review)
        .join(Review.invitation)
        .join(ReviewRound, ReviewRound.id == Review.round_id)
        .join(Engagement, Engagement.id == ReviewRound.engagement_id)
    )


def _opened(year: int, before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    first, after = clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))
    return ReviewRound.unsealed_at >= first, ReviewRound.unsealed_at < min(after, before)


def _told(own: _Year, weights: Weights) -> YearStars | None:
    """The mean of the jobs; None where no party that counts rated."""
    means, ratings = [], 0
    for parties in own.jobs.values():
        told = [(weights.parties.get(p, 0), fsum(s) / len(s)) for p, s in parties.items()]
        if whole := sum(weight for weight, _stars in told):
            means.append(fsum(weight * stars for weight, stars in told) / whole)
            ratings += sum(len(stars) for stars in parties.values())
    if not means:
        return None
    steps = 10 if own.is_fine else 2
    return YearStars(_rounded(fsum(means) / len(means), steps), ratings)


def _rounded(stars: float, steps: int) -> Decimal:
    """To so many steps a star, half up; to nine digits first, against a float's dust."""
    return Decimal(f"{stars * steps:.9f}").quantize(Decimal(1), ROUND_HALF_UP) / steps
