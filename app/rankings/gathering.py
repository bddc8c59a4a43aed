"""What a new ranking is computed on, out of the database. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from app import clock
from app.db import db
from app.engagements.models import Engagement, ServiceType
from app.rankings.facts import facts_of
from app.rankings.inputs import Entry, Inputs, key_of
from app.rankings.queries import Period, agencies_listed
from app.rankings.veiling import Change, Round, counting
from app.reviews.models import (
    Dimension,
    Review,
    ReviewInvitation,
    ReviewRound,
    ReviewRuling,
    ReviewScore,
    RulingKind,
)
from app.reviews.queries import in_force


def inputs_of(period: Period, as_of: date, salt: str) -> Inputs:
    """Every rating that counts in the period under keys made of the salt, and the plain facts.

    Rounds too small to show wait until they are enough together, and those that an appeal changed
    are set aside (`veiling`).
    """
    rounds: dict[tuple[int, Any], list[Row[Any]]] = defaultdict(list)
    for row in _reviews(period):
        rounds[row.round_id, row.unsealed_at].append(row)
    known = Known(rounds, _stars(period), _changes(period))
    told = known.counting()
    apart = known.waiting(told)
    entries = [
        _entry(row, known, as_of, salt, apart[number])
        for (number, _opened), rows in rounds.items()
        if number in told
        for row in rows
    ]
    return Inputs(tuple(agencies_listed(period)), tuple(entries), facts_of(period))


def rounds_aside(agency_id: int, period: Period) -> int:
    """How many engagements of an agency an appeal has set aside, until others are rated."""
    rounds: dict[tuple[int, Any], list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_counted(period).where(Engagement.agency_id == agency_id)):
        rounds[row.round_id, row.unsealed_at].append(row)
    changes = _changes(period)
    told = Known(rounds, _stars(period, agency_id), changes).counting()
    return sum(number in changes and number not in told for number, _opened in rounds)


def _of_period(query: Any, period: Period) -> Any:
    found = query.where(ReviewRound.unsealed_at < period.until, in_force(period.until))
    if period.since is not None:
        found = found.where(ReviewRound.unsealed_at >= clock.start_of(period.since))
    return found


def _reviews(period: Period) -> Sequence[Row[Any]]:
    return db.session.execute(_counted(period)).all()


def _counted(period: Period) -> Any:
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
    return _of_period(query, period)


def _stars(period: Period, agency_id: int | None = None) -> dict[int, dict[str, int | None]]:
    query = (
        select(ReviewScore.review_id, Dimension.code, ReviewScore.stars)
        .join(Dimension, ReviewScore.dimension_id == Dimension.id)
        .join(Review, ReviewScore.review_id == Review.id)
        .join(ReviewRound, Review.round_id == ReviewRound.id)
    )
    if agency_id is not None:
        own = query.join(Engagement, ReviewRound.engagement_id == Engagement.id)
        query = own.where(Engagement.agency_id == agency_id)
    found: dict[int, dict[str, int | None]] = defaultdict(dict)
    for review, code, stars in db.session.execute(_of_period(query, period)):
        found[review][code] = stars
    return found


@dataclass(frozen=True)
class Changed:
    """What an appeal changed in an opened round, and the stars of its first reviews."""

    changes: list[Change]
    first: dict[int, dict[str, int | None]]  # by review, by dimension


def _changes(period: Period) -> dict[int, Changed]:
    """The rounds of which a review was voided or written anew before the period's end."""
    author = (
        Review.round_id,
        Review.author_id,
        Review.author_name,
        ReviewInvitation.organisation_id,
    )
    whose = select(*author).join(Review.invitation)
    anew = whose.add_columns(Review.submitted_at.label("at")).where(
        Review.version > 1, Review.submitted_at < period.until
    )
    voided = (
        whose.add_columns(ReviewRuling.ruled_at.label("at"))
        .join(Review.ruling)
        .where(ReviewRuling.kind == RulingKind.VOIDED, ReviewRuling.ruled_at < period.until)
    )
    found: dict[int, Changed] = {}
    for query in (anew, voided):
        for row in db.session.execute(query):
            own = found.setdefault(row.round_id, Changed([], defaultdict(dict)))
            own.changes.append(Change(row.at, _person(row)))
    first = (
        select(Review.round_id, Review.id, Dimension.code, ReviewScore.stars)
        .join(Review.scores)
        .join(Dimension, ReviewScore.dimension_id == Dimension.id)
        .where(Review.round_id.in_(found), Review.version == 1)
    )
    for round_id, review, code, stars in db.session.execute(first):
        found[round_id].first[review][code] = stars
    return found


def _person(row: Row[Any]) -> Any:
    """Who rated; whoever has no account is known by name and organisation."""
    return row.author_id or f"{row.organisation_id}:{row.author_name}"


@dataclass(frozen=True)
class Known:
    """The opened rounds: the reviews that are in force, their stars, what appeals changed."""

    rounds: Mapping[tuple[int, Any], Sequence[Row[Any]]]
    stars: Mapping[int, Mapping[str, int | None]]
    changed: Mapping[int, Changed]

    @cached_property
    def agencies_changed(self) -> frozenset[int]:
        """The agencies of which an appeal changed a rating, set aside or not."""
        every = (rows[0] for rows in self.rounds.values())
        return frozenset(row.agency_id for row in every if row.round_id in self.changed)

    def counting(self, code: str = "") -> set[int]:
        """The rounds that count, by all their stars or by those of one dimension."""
        return counting(
            Round(number, rows[0].agency_id, opened, *self._size(number, rows, code))
            for (number, opened), rows in self.rounds.items()
        )

    def _size(
        self, number: int, rows: Sequence[Row[Any]], code: str
    ) -> tuple[int, tuple[Change, ...]]:
        own = self.changed.get(number)
        every = own.first.values() if own else (self.stars.get(row.id, {}) for row in rows)
        reviews = sum(bool(each.get(code) if code else any(each.values())) for each in every)
        return reviews, tuple(own.changes) if own else ()

    def waiting(self, told: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """For each round that counts the dimensions of which too few of it answered as yet."""
        codes = sorted({code for own in self.stars.values() for code in own})
        counts = {code: self.counting(code) for code in codes}
        return {n: tuple(code for code in codes if n not in counts[code]) for n in told}


def _entry(row: Row[Any], known: Known, as_of: date, salt: str, apart: tuple[str, ...]) -> Entry:
    """A rating under its keys."""
    return Entry(
        key=key_of(salt, "review", row.id),
        agency=row.agency_id,
        engagement=key_of(salt, "engagement", row.engagement_id),
        rater=key_of(salt, "rater", _person(row)),
        organisation=key_of(salt, "organisation", row.organisation_id),
        party=str(row.party),
        service=row.code,
        days=max(0, (as_of - clock.day_of(row.unsealed_at)).days),
        stars=dict(known.stars.get(row.id, {})),
        apart=apart,
        changed=row.agency_id in known.agencies_changed,
    )
