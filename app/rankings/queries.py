"""Questions about rankings. Nothing here changes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Organisation
from app.accounts.queries import names_of
from app.agencies.models import Agency
from app.db import db
from app.policy import Person, is_business_person, sees_whole_district
from app.queueing.models import QueuedJob
from app.rankings.methods import MIXED
from app.rankings.model import Rules
from app.rankings.models import RankingRequest, RankingRow, RankingSnapshot
from app.reviews.weights import Weights

NEWEST = 5


@dataclass(frozen=True)
class Standing:
    """How far a ranking is that somebody asked for."""

    asked: RankingRequest
    job: QueuedJob | None

    @property
    def state(self) -> str:
        """done, failed, again (failed once, tried later), working or waiting."""
        if self.asked.snapshot_id is not None:
            return "done"
        if self.job is None or self.job.failed_at is not None:
            return "failed"
        if self.job.claimed_until is not None and self.job.claimed_until > clock.now():
            return "working"
        return "again" if self.job.error else "waiting"

    @property
    def is_over(self) -> bool:
        """Whether nobody works on it any more."""
        return self.state in {"done", "failed"}


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


def is_new_method(at: datetime, days: int) -> bool:
    """Whether the newest method ranks since less than so long, so that the one before is told."""
    query = select(func.min(RankingSnapshot.published_at)).where(RankingSnapshot.method == MIXED)
    first = db.session.scalar(query)
    return first is None or at - first < timedelta(days=days)


def rules(weights: Weights, needs: Mapping[str, float]) -> Rules:
    """The weights that hold, and what the settings ask of a place."""
    cells = {
        party: {code: weight or 0 for code, weight in own.items()}
        for party, own in weights.cells.items()
    }
    return Rules(cells, dict(weights.parties), **needs)  # type: ignore[arg-type] # by name


def agencies_listed(period: Period) -> list[int]:
    """The agencies that were registered and not closed at the end of the period."""
    until = period.until
    open_then = or_(Organisation.closed_at.is_(None), Organisation.closed_at >= until)
    query = select(Agency.id).join(Agency.organisation).where(Agency.registered_at < until)
    return list(db.session.scalars(query.where(open_then).order_by(Agency.id)))


def request_under_way(as_of: date) -> RankingRequest | None:
    """The ranking up to a day that was asked for and isn't computed, given up or not."""
    query = select(RankingRequest).where(RankingRequest.as_of == as_of)
    return db.session.scalar(query.where(RankingRequest.snapshot_id.is_(None)))


def standing_of(asked: RankingRequest) -> Standing:
    """How far one is."""
    return Standing(asked, db.session.get(QueuedJob, asked.job_id))


def standings() -> list[Standing]:
    """The newest rankings that were asked for and aren't computed, with who asked."""
    query = (
        select(RankingRequest, QueuedJob)
        .outerjoin(QueuedJob, QueuedJob.id == RankingRequest.job_id)
        .where(RankingRequest.snapshot_id.is_(None))
        .options(joinedload(RankingRequest.asked_by))
        .order_by(RankingRequest.asked_at.desc())
        .limit(NEWEST)
    )
    return [Standing(asked, job) for asked, job in db.session.execute(query)]
