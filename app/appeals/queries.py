"""Questions about replies and appeals. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from app import clock
from app.appeals.models import AgencyReply, Appeal
from app.db import db
from app.engagements.models import Engagement
from app.policy import Person, Role, sees_whole_district
from app.reviews.models import Review, ReviewRound
from app.reviews.queries import reviews_of, summary_of

DECIDERS = (Role.LEADER, Role.PERFORMANCE_OFFICER)


def appeals_visible_to(user: Person) -> Select[Appeal]:
    """Exactly the appeals that this person may read: overseers all, an agency its own.

    The caller orders and pages them.
    """
    query = (
        select(Appeal)
        .join(Appeal.round)
        .options(
            joinedload(Appeal.round)
            .joinedload(ReviewRound.engagement)
            .joinedload(Engagement.agency)
        )
        .options(joinedload(Appeal.decided_by))
    )
    if not sees_whole_district(user, None):
        mine = Engagement.agency_id == user.organisation_id
        query = query.where(ReviewRound.engagement.has(mine))
    return query


def appeal_of(found: ReviewRound) -> Appeal | None:
    """The appeal against this rating, if there is one."""
    return db.session.scalar(select(Appeal).where(Appeal.round_id == found.id))


def replies_to(found: ReviewRound) -> Sequence[AgencyReply]:
    """What the agency said to this rating, the oldest first."""
    query = select(AgencyReply).where(AgencyReply.round_id == found.id)
    return db.session.scalars(query.order_by(AgencyReply.id)).all()


def last_day_of(found: ReviewRound, window: int) -> date | None:
    """The last day on which the agency may reply and appeal: so many working days from opening."""
    if found.unsealed_at is None:
        return None
    return clock.add_working_days(clock.day_of(found.unsealed_at), window)


def judged(appeal: Appeal) -> list[Review]:
    """The reviews that may be ruled on: the newest version of each party that has no ruling."""
    every = reviews_of(appeal.round)
    return [each for each in every if not each.is_superseded and each.ruling is None]


def words_of(found: ReviewRound, user: Person) -> list[str]:
    """The shuffled words that an appeal may be against: those that the agency itself reads."""
    told = summary_of(user, found)
    return list(told.words) if told else []


def appeals_to_decide(user: Person) -> Select[Appeal]:
    """Exactly the undecided appeals that this person, who rated nothing there, may decide."""
    rated = select(Review.id).where(Review.round_id == Appeal.round_id, Review.author_id == user.id)
    query = select(Appeal).where(Appeal.decided_at.is_(None), ~rated.exists())
    return query if user.role in DECIDERS else query.where(false())
