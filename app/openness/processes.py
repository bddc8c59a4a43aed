"""The contracts that are public, gathered for open contracting data. Changes nothing.

However many contracts a year has, the number of statements is the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.engagements.models import Engagement
from app.procurement.models import Award, Lot
from app.reviews.models import Dimension, Review, ReviewRound, ReviewScore

FEWEST_RATINGS = 3
HALF = 2


@dataclass(frozen=True)
class Rated:
    """The stars of one dimension over at least three ratings: the half-star band of their mean.

    A band, for the mean itself would tell every single star where all are alike.
    """

    code: str
    name: str
    ratings: int
    low: float

    @property
    def band(self) -> str:
        """From low to half a star more; the highest band ends at five."""
        return f"{self.low:g}-{self.low + 1 / HALF:g}"


@dataclass(frozen=True)
class Process:
    """One contract from its need to its end."""

    engagement: Engagement
    award: Award | None = None
    rated: Sequence[Rated] = field(default_factory=list)


def years() -> Sequence[int]:
    """The years of which there are contracts, the newest first."""
    query = select(Engagement.year).distinct().order_by(Engagement.year.desc())
    return db.session.scalars(query).all()


def processes(year: int) -> list[Process]:
    """All contracts of a year with their stages, awards and the stars that may be told."""
    found = db.session.scalars(_contracts(year)).all()
    awards, rated = _awards(year), _rated(year)
    return [Process(one, awards.get(one.id), rated.get(one.id, [])) for one in found]


def _contracts(year: int) -> Select[Engagement]:
    return (
        select(Engagement)
        .where(Engagement.year == year)
        .options(
            joinedload(Engagement.agency),
            joinedload(Engagement.client),
            joinedload(Engagement.service_type),
            selectinload(Engagement.stages),
        )
        .order_by(Engagement.id)
    )


def _awards(year: int) -> Mapping[int, Award]:
    query = (
        select(Award)
        .join(Award.engagement)
        .where(Engagement.year == year, Award.withdrawn_at.is_(None))
        .options(joinedload(Award.lot).joinedload(Lot.need))
        .options(joinedload(Award.lot).selectinload(Lot.offers))
    )
    return {one.engagement_id: one for one in db.session.scalars(query) if one.engagement_id}


def _rated(year: int) -> Mapping[int, list[Rated]]:
    """The first ratings of opened rounds: corrected ones would tell by their difference."""
    count, mean = func.count(ReviewScore.stars), func.avg(ReviewScore.stars)
    query = (
        select(ReviewRound.engagement_id, Dimension.code, Dimension.name, count, mean)
        .join(Review, Review.round_id == ReviewRound.id)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .join(Dimension, Dimension.id == ReviewScore.dimension_id)
        .join(Engagement, Engagement.id == ReviewRound.engagement_id)
        .where(Engagement.year == year, ReviewRound.unsealed_at.is_not(None), Review.version == 1)
        .group_by(ReviewRound.engagement_id, Dimension.id, Dimension.code, Dimension.name)
        .having(count >= FEWEST_RATINGS)
        .order_by(Dimension.id)
    )
    told: dict[int, list[Rated]] = defaultdict(list)
    for engagement_id, code, name, ratings, stars in db.session.execute(query):
        told[engagement_id].append(Rated(code, name, ratings, low_of(float(stars))))
    return told


def low_of(mean: float) -> float:
    """The lower end of the band of a mean; five stars belong to the band below them."""
    return min(floor(mean * HALF) / HALF, 5 - 1 / HALF)
