"""What a new ranking is computed on, out of the database. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from app import clock
from app.db import db
from app.engagements.models import Engagement, ServiceType
from app.rankings.facts import facts_of
from app.rankings.inputs import Entry, Inputs, key_of
from app.rankings.queries import Period, agencies_listed
from app.rankings.veiling import Round, counting
from app.reviews.models import Dimension, Review, ReviewInvitation, ReviewRound, ReviewScore
from app.reviews.queries import in_force


def inputs_of(period: Period, as_of: date, salt: str) -> Inputs:
    """Every rating that counts in the period under keys made of the salt, and the plain facts.

    Rounds too small to show wait until they are enough together (`veiling`).
    """
    rounds: dict[tuple[int, Any], list[Row[Any]]] = defaultdict(list)
    for row in _reviews(period):
        rounds[row.round_id, row.unsealed_at].append(row)
    stars = _stars(period)
    told = _counting(rounds, stars)
    apart = _waiting(rounds, stars, told)
    entries = [
        _entry(row, stars.get(row.id, {}), as_of, salt, apart.get(number, ()))
        for (number, _opened), rows in rounds.items()
        if number in told
        for row in rows
    ]
    return Inputs(tuple(agencies_listed(period)), tuple(entries), facts_of(period))


def _of_period(query: Any, period: Period) -> Any:
    found = query.where(ReviewRound.unsealed_at < period.until, in_force(period.until))
    if period.since is not None:
        found = found.where(ReviewRound.unsealed_at >= clock.start_of(period.since))
    return found


def _reviews(period: Period) -> Sequence[Row[Any]]:
    query = (
        select(
            Review.id,
            Review.author_id,
            Review.author_name,
            Review.round_id,
            ReviewRound.unsealed_at,
            ReviewRound.engagement_id,
            Engagement.agency_id,
            ServiceType.code,
            ReviewInvitation.party,
            ReviewInvitation.organisation_id,
        )
        .join(ReviewRound, Review.round_id == ReviewRound.id)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .join(ServiceType, Engagement.service_type_id == ServiceType.id)
        .join(ReviewInvitation, Review.invitation_id == ReviewInvitation.id)
        .order_by(Review.id)
    )
    return db.session.execute(_of_period(query, period)).all()


def _stars(period: Period) -> dict[int, dict[str, int | None]]:
    query = (
        select(ReviewScore.review_id, Dimension.code, ReviewScore.stars)
        .join(Dimension, ReviewScore.dimension_id == Dimension.id)
        .join(Review, ReviewScore.review_id == Review.id)
        .join(ReviewRound, Review.round_id == ReviewRound.id)
    )
    found: dict[int, dict[str, int | None]] = defaultdict(dict)
    for review, code, stars in db.session.execute(_of_period(query, period)):
        found[review][code] = stars
    return found


Rounds = Mapping[tuple[int, Any], Sequence[Row[Any]]]
Stars = Mapping[int, Mapping[str, int | None]]


def _counting(rounds: Rounds, stars: Stars, code: str = "") -> set[int]:
    """The rounds that count, by all their stars or by those of one dimension."""

    def counts(row: Row[Any]) -> bool:
        own = stars.get(row.id, {})
        return bool(own.get(code) if code else any(own.values()))

    return counting(
        Round(number, rows[0].agency_id, opened, sum(map(counts, rows)))
        for (number, opened), rows in rounds.items()
    )


def _waiting(rounds: Rounds, stars: Stars, told: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each round that counts the dimensions of which too few of it answered as yet."""
    codes = sorted({code for own in stars.values() for code in own})
    counts = {code: _counting(rounds, stars, code) for code in codes}
    return {n: tuple(code for code in codes if n not in counts[code]) for n in told}


def _entry(
    row: Row[Any], stars: Mapping[str, int | None], as_of: date, salt: str, apart: tuple[str, ...]
) -> Entry:
    """A rating under its keys; who has no account is known by name and organisation."""
    rater = row.author_id or f"{row.organisation_id}:{row.author_name}"
    return Entry(
        key=key_of(salt, "review", row.id),
        agency=row.agency_id,
        engagement=key_of(salt, "engagement", row.engagement_id),
        rater=key_of(salt, "rater", rater),
        organisation=key_of(salt, "organisation", row.organisation_id),
        party=str(row.party),
        service=row.code,
        days=max(0, (as_of - clock.day_of(row.unsealed_at)).days),
        stars=dict(stars),
        apart=apart,
    )
