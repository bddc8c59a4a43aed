"""Questions about rankings. Nothing here changes anything."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Organisation
from app.accounts.queries import names_of
from app.agencies.models import Agency
from app.db import db
from app.engagements.models import Engagement
from app.policy import Person, is_business_person, sees_whole_district
from app.rankings.model import Job, Rating, Rules, jobs_of
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.record import Entry, Outcome, compute, rules_of
from app.rankings.veiling import Round, counting
from app.reviews.models import (
    Dimension,
    PartyWeight,
    Review,
    ReviewInvitation,
    ReviewRound,
    ReviewScore,
)


@dataclass(frozen=True)
class Period:
    """Which ratings count: unsealed from the first day on and not after a moment."""

    since: date | None
    until: datetime

    @classmethod
    def up_to(cls, since: date | None, as_of: date, at: datetime) -> "Period":
        """All of the day named, but nothing that came after the moment of computing."""
        just_after = at + timedelta(microseconds=1)
        return cls(since, min(clock.start_of(as_of + timedelta(days=1)), just_after))


def snapshots_visible_to(user: Person) -> Select[RankingSnapshot]:
    """Exactly the snapshots that this person may read: the published ones, overseers all.

    The caller orders and pages them.
    """
    query = select(RankingSnapshot)
    if sees_whole_district(user, None):
        return query
    if not is_business_person(user, None):
        return query.where(false())
    return query.where(RankingSnapshot.published_at.is_not(None))


def newest_published() -> RankingSnapshot | None:
    """The ranking in force."""
    query = select(RankingSnapshot).where(RankingSnapshot.published_at.is_not(None))
    newest = query.order_by(RankingSnapshot.published_at.desc(), RankingSnapshot.id.desc())
    return db.session.scalar(newest.limit(1))


def rows_of(snapshot: RankingSnapshot) -> Sequence[RankingRow]:
    """The rows in their order, with the agencies, in one statement."""
    query = select(RankingRow).where(RankingRow.snapshot_id == snapshot.id)
    named = joinedload(RankingRow.agency, innerjoin=True)
    return db.session.scalars(query.options(named).order_by(RankingRow.position)).all()


def signers_of(snapshot: RankingSnapshot) -> Mapping[int, str]:
    """Who computed and who published a snapshot, by id."""
    keys = {snapshot.computed_by_id, snapshot.published_by_id}
    return names_of({key for key in keys if key is not None})


def next_code(year: int) -> str:
    """The number of the next snapshot of a year: R2026-01."""
    query = select(func.count()).where(RankingSnapshot.code.like(f"R{year}-%"))
    return f"R{year}-{(db.session.scalar(query) or 0) + 1:02d}"


def rules(prior_weight: float, min_engagements: int, min_reliability: float) -> Rules:
    """The rules in force: the weights of the database and what the settings ask of a place."""
    dimensions = select(Dimension.code, Dimension.weight)
    parties = select(PartyWeight.party, PartyWeight.weight)
    return Rules(
        dict(db.session.execute(dimensions).all()),
        {str(party): weight for party, weight in db.session.execute(parties)},
        prior_weight,
        min_engagements,
        min_reliability,
    )


def agencies_listed(period: Period) -> list[int]:
    """The agencies that were registered and not closed at the end of the period."""
    until = period.until
    open_then = or_(Organisation.closed_at.is_(None), Organisation.closed_at >= until)
    query = select(Agency.id).join(Agency.organisation).where(Agency.registered_at < until)
    return list(db.session.scalars(query.where(open_then).order_by(Agency.id)))


def entries_of(period: Period) -> list[Entry]:
    """Every rating that was unsealed in the period, each under a key made from its secret.

    Rounds too small to show wait until they are enough together (`veiling`).
    """
    query = (
        select(
            Review.id,
            Review.nonce,
            ReviewRound.id,
            ReviewRound.unsealed_at,
            Engagement.id,
            Engagement.agency_id,
            ReviewInvitation.party,
            Dimension.code,
            ReviewScore.stars,
        )
        .join(ReviewRound, Review.round_id == ReviewRound.id)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .join(ReviewInvitation, Review.invitation_id == ReviewInvitation.id)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .join(Dimension, ReviewScore.dimension_id == Dimension.id)
        .where(ReviewRound.unsealed_at < period.until)
        .order_by(Review.id, Dimension.code)
    )
    if period.since is not None:
        query = query.where(ReviewRound.unsealed_at >= clock.start_of(period.since))
    found: dict[int, Entry] = {}
    rounds: dict[tuple[int, Any], list[Entry]] = defaultdict(list)
    for key, nonce, number, opened, job, agency, party, code, stars in db.session.execute(query):
        if key not in found:
            secret = hashlib.sha256(f"ranking:{nonce}".encode()).hexdigest()
            found[key] = Entry(secret, Rating(agency, job, str(party), {}))
            rounds[number, opened].append(found[key])
        found[key].rating.stars[code] = stars  # type: ignore[index] # filled here
    told = counting(_round(*key, entries) for key, entries in rounds.items())
    return [entry for (number, _at), own in rounds.items() if number in told for entry in own]


def _round(number: int, opened_at: datetime, entries: Sequence[Entry]) -> Round:
    starred = [any(stars for stars in entry.rating.stars.values()) for entry in entries]
    return Round(number, entries[0].rating.agency, opened_at, sum(starred))


def recomputed(snapshot: RankingSnapshot) -> Outcome:
    """The snapshot computed anew from the reviews, under its own parameters: it must be equal."""
    period = Period.up_to(snapshot.since, snapshot.as_of, snapshot.computed_at)
    known = rules_of(json.loads(snapshot.parameters))
    return compute(entries_of(period), agencies_listed(period), known)


def jobs_behind(snapshot: RankingSnapshot, agency_id: int) -> list[tuple[Engagement, Job]]:
    """The engagements behind one agency's mean with the score of each, for those who see all."""
    period = Period.up_to(snapshot.since, snapshot.as_of, snapshot.computed_at)
    ratings = [e.rating for e in entries_of(period) if e.rating.agency == agency_id]
    jobs = jobs_of(ratings, rules_of(json.loads(snapshot.parameters)))
    query = select(Engagement).where(Engagement.id.in_([job.engagement for job in jobs]))
    known = {each.id: each for each in db.session.scalars(query)}
    return [(known[job.engagement], job) for job in jobs]
