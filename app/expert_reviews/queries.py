"""Questions about expert reviews. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, case, cast, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import IS_OPEN
from app.expert_reviews.models import ExpertOpinion, ExpertReview, ExpertSeat
from app.papers.models import IndexClass, PaperVersion, WorkingPaper
from app.papers.queries import readable_engagements
from app.policy import Person, Role


@dataclass(frozen=True)
class ReviewFacts:
    """How the expert reviews of one engagement stand."""

    held: int = 0
    concluded: int = 0
    opinions: int = 0
    unanswered: int = 0


def readable_reviews(user: Person) -> ColumnElement[bool]:
    """Hold for exactly those for which can(user, EXPERT_REVIEW_READ, …) holds."""
    lines = [ExpertReview.engagement.has(readable_engagements(user))]
    if user.role is Role.EXPERT:
        lines.append(ExpertReview.seats.any(ExpertSeat.expert_id == user.id))
    return or_(false(), *lines)


def reviews_visible_to(user: Person) -> Select[ExpertReview]:
    """Exactly the expert reviews that this person may read."""
    return select(ExpertReview).where(readable_reviews(user))


def reviews_of(engagement: Engagement) -> Sequence[ExpertReview]:
    """The reviews of an engagement, in a fixed number of statements."""
    query = select(ExpertReview).where(ExpertReview.engagement_id == engagement.id)
    return db.session.scalars(_whole(query).order_by(ExpertReview.number)).all()


def whole_review(review_id: int) -> ExpertReview | None:
    """One with everything that its page shows."""
    return db.session.scalar(_whole(select(ExpertReview).where(ExpertReview.id == review_id)))


def _whole(query: Select[ExpertReview]) -> Select[ExpertReview]:
    return query.options(
        joinedload(ExpertReview.version).joinedload(PaperVersion.paper),
        selectinload(ExpertReview.seats).joinedload(ExpertSeat.expert),
        selectinload(ExpertReview.opinions).joinedload(ExpertOpinion.seat),
    )


def seats_waiting(user: Person) -> Select[ExpertSeat]:
    """Seats of this expert whose sheet is still to be sent, the next meeting on top."""
    return (
        select(ExpertSeat)
        .join(ExpertSeat.review)
        .join(ExpertReview.engagement)
        .where(ExpertSeat.expert_id == user.id, ExpertSeat.submitted_at.is_(None))
        .where(ExpertReview.concluded_at.is_(None), IS_OPEN, ~_recused())
        .order_by(ExpertReview.held_on, ExpertSeat.id)
        .options(joinedload(ExpertSeat.review).joinedload(ExpertReview.engagement))
    )


def _recused() -> ColumnElement[bool]:
    """The expert stands aside: grounds are kept as a list, and an empty one is no ground."""
    return func.length(cast(ExpertSeat.grounds, String)) > len("[]")


def experts() -> Sequence[User]:
    """Who may be invited."""
    query = select(User).where(User.role == Role.EXPERT, User.closed_at.is_(None))
    return db.session.scalars(query.order_by(User.name, User.id)).all()


def papers_for_review(engagement: Engagement) -> Sequence[PaperVersion]:
    """The newest versions of plans and reports (classes B and H)."""
    query = (
        select(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id, WorkingPaper.withdrawn_at.is_(None))
        .where(WorkingPaper.index_class.in_([IndexClass.B, IndexClass.H]))
        .where(PaperVersion.number == WorkingPaper.current_version)
        .options(joinedload(PaperVersion.paper))
        .order_by(WorkingPaper.id.desc())
    )
    return db.session.scalars(query).all()


def next_number(engagement: Engagement) -> int:
    """The number of the next one; the caller holds the engagement's row."""
    highest = select(func.max(ExpertReview.number))
    found = db.session.scalar(highest.where(ExpertReview.engagement_id == engagement.id))
    return (found or 0) + 1


def facts_of(engagement_ids: Collection[int]) -> dict[int, ReviewFacts]:
    """How the reviews of many engagements stand, in one statement; each id has an answer."""
    told = {key: ReviewFacts() for key in engagement_ids}
    if not told:
        return told
    opinions = (
        select(
            ExpertOpinion.review_id,
            func.count().label("opinions"),
            func.sum(case((ExpertOpinion.answered_at.is_(None), 1), else_=0)).label("unanswered"),
        )
        .group_by(ExpertOpinion.review_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            ExpertReview.engagement_id,
            func.count(),
            func.sum(case((ExpertReview.concluded_at.is_not(None), 1), else_=0)),
            func.coalesce(func.sum(opinions.c.opinions), 0),
            func.coalesce(func.sum(opinions.c.unanswered), 0),
        )
        .outerjoin(opinions, opinions.c.review_id == ExpertReview.id)
        .where(ExpertReview.engagement_id.in_(told))
        .group_by(ExpertReview.engagement_id)
    )
    return told | {key: ReviewFacts(*map(int, numbers)) for key, *numbers in rows}
