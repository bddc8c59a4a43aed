"""The contracts that are public, gathered for open contracting data. Changes nothing.

However many contracts a year has, the number of statements is the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.db import db
from app.engagements.models import Engagement
from app.procurement.models import Award, Lot, Need
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
    """One process from its need to the end of its contract, as far as it has come."""

    engagement: Engagement | None = None
    award: Award | None = None
    rated: Sequence[Rated] = field(default_factory=list)
    placing: Lot | None = None  # a lot that has no contract yet

    @property
    def lot(self) -> Lot | None:
        """The lot that was placed, where the portal knows it."""
        return self.award.lot if self.award is not None else self.placing

    @property
    def code(self) -> str:
        """Its number here: the lot's from the call to the end, else the contract's."""
        if self.lot is not None:
            return f"{self.lot.need.code}-{self.lot.number:02d}"
        return self.engagement.code if self.engagement is not None else ""


def years() -> Sequence[int]:
    """The years of which there are contracts or calls, the newest first."""
    found = set(db.session.scalars(select(Engagement.year).distinct()))
    calls = select(func.min(Need.announced_at), func.max(Need.announced_at))
    first, last = db.session.execute(calls).one()
    if first is not None and last is not None:
        found |= set(_called_years(clock.day_of(first).year, clock.day_of(last).year))
    return sorted(found, reverse=True)


def _called_years(first: int, last: int) -> list[int]:
    return [year for year in range(first, last + 1) if _has_calls(year)]


def _has_calls(year: int) -> bool:
    return db.session.scalar(_open_lots(year).with_only_columns(Lot.id).limit(1)) is not None


def processes(year: int) -> list[Process]:
    """All contracts of a year with stages, awards and the stars that may be told; then its calls.

    A call becomes a contract under the number that it had.
    """
    found = db.session.scalars(_contracts(year)).all()
    awards, rated = _awards(year), _rated(year)
    told = [Process(one, awards.get(one.id), rated.get(one.id, [])) for one in found]
    return told + [of_lot(lot) for lot in db.session.scalars(_open_lots(year)).all()]


def of_lot(lot: Lot) -> Process:
    """The process of a lot, with its contract where there is one, and no stars."""
    award = lot.award
    return Process(award.engagement if award else None, award, placing=lot)


def _open_lots(year: int) -> Select[Lot]:
    """Lots that were announced in a year, or awarded, and have no contract."""
    contracted = Lot.awards.any(Award.engagement_id.is_not(None))
    first, next_first = (clock.start_of(date(each, 1, 1)) for each in (year, year + 1))
    return (
        select(Lot)
        .join(Lot.need)
        .where(Need.announced_at >= first, Need.announced_at < next_first, ~contracted)
        .options(
            joinedload(Lot.need).joinedload(Need.client),
            joinedload(Lot.need).joinedload(Need.template),
            selectinload(Lot.tasks),
            selectinload(Lot.offers),
            selectinload(Lot.awards).joinedload(Award.agency),
        )
        .order_by(Lot.id)
    )


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
        .options(joinedload(Award.lot).joinedload(Lot.need).joinedload(Need.client))
        .options(joinedload(Award.lot).joinedload(Lot.need).joinedload(Need.template))
        .options(joinedload(Award.lot).selectinload(Lot.offers))
        .options(joinedload(Award.lot).selectinload(Lot.tasks))
        .options(joinedload(Award.lot).selectinload(Lot.awards).joinedload(Award.agency))
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
