"""Questions whose answers are for everybody. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.accounts.models import Organisation
from app.agencies.models import Agency, AgencyType, Evaluator
from app.db import db
from app.engagements.models import Engagement
from app.rankings.models import RankingSnapshot


@dataclass(frozen=True)
class Figures:
    """What the district's register and its work come to."""

    agencies: int
    signers: int
    engagements: int
    accepted: int


def figures() -> Figures:
    """The counts of the overview, in one statement."""
    registered = select(func.count()).select_from(_open_agencies().subquery())
    confirmed = Evaluator.confirmed_at.is_not(None), Evaluator.left_at.is_(None)
    signers = select(func.count()).select_from(Evaluator).where(*confirmed)
    opened = select(func.count()).select_from(Engagement)
    accepted = opened.where(Engagement.accepted_at.is_not(None))
    counts = [query.scalar_subquery() for query in (registered, signers, opened, accepted)]
    return Figures(*map(int, db.session.execute(select(*counts)).one()))


def _open_agencies() -> Select[Any]:
    return select(Agency.id).join(Agency.organisation).where(Organisation.closed_at.is_(None))


def register(words: str = "", kind: AgencyType | None = None) -> Select[Any]:
    """The agencies of the directory with what is public of each; the caller orders and pages."""
    signers = (
        select(func.count())
        .where(Evaluator.agency_id == Agency.id)
        .where(Evaluator.confirmed_at.is_not(None), Evaluator.left_at.is_(None))
        .scalar_subquery()
    )
    query = _open_agencies().with_only_columns(
        Agency.id,
        Organisation.name,
        Organisation.credit_code,
        Agency.agency_type,
        Agency.legal_representative,
        Agency.registered_at,
        Agency.platform_number,
        signers.label("signers"),
    )
    if kind is not None:
        query = query.where(Agency.agency_type == kind)
    if words := words.strip():
        like = (Organisation.name, Organisation.credit_code)
        query = query.where(or_(*(each.icontains(words, autoescape=True) for each in like)))
    return query


def register_page(query: Select[Any], after: int, size: int) -> Sequence[Any]:
    """So many agencies of the directory after a number, and one more where there is a next page."""
    ordered = query.where(Agency.id > after).order_by(Agency.id)
    return db.session.execute(ordered.limit(size + 1)).all()


def published() -> Select[RankingSnapshot]:
    """The rankings that were published; the caller orders and pages."""
    return select(RankingSnapshot).where(RankingSnapshot.published_at.is_not(None))


def published_ranking(snapshot_id: int) -> RankingSnapshot | None:
    """A ranking, if it was published."""
    return db.session.scalar(published().where(RankingSnapshot.id == snapshot_id))
