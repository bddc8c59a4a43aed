"""Questions about reviews. Nothing here changes anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement, Party
from app.policy import AGENCY_ROLES, ROLES_OF_PARTY, Permission, Person, can, sees_whole_district
from app.reviews.models import Dimension, Review, ReviewInvitation, ReviewRound
from app.reviews.summary import Answer, Summary, summarise

AGENCY_OF_ROUND = joinedload(ReviewRound.engagement).joinedload(Engagement.agency)


@dataclass(frozen=True)
class Invitations:
    """What one rater finds: to be rated, and rated or past."""

    awaited: Sequence[ReviewInvitation]
    settled: Sequence[ReviewInvitation]


def all_dimensions() -> Select[Dimension]:
    """What is or was rated, in order: an old review speaks of retired dimensions too."""
    return select(Dimension).order_by(Dimension.position, Dimension.id)


def dimensions() -> Sequence[Dimension]:
    """What is rated now, in order."""
    return db.session.scalars(all_dimensions().where(Dimension.retired_at.is_(None))).all()


def buyers_of(engagement: Engagement) -> Iterator[tuple[Party, int]]:
    """The parties that the template names, with the organisation that rates for each.

    The unit's place goes to every evaluated unit; where a department commissioned the work, it
    goes to that department. The performance section's goes to the one that opened the engagement.
    """
    units = engagement.unit_ids if engagement.client_is_bureau else {engagement.client_id}
    opener = select(User.organisation_id).where(User.id == engagement.opened_by_id)
    for party in map(Party, engagement.template.rating_parties):
        if party is Party.PERFORMANCE:
            yield party, db.session.scalars(opener).one()
        else:
            places = units if party is Party.UNIT else engagement.section_ids
            yield from ((party, place) for place in sorted(places))


def round_of(engagement: Engagement) -> ReviewRound | None:
    """The rating of this engagement, once it is over."""
    query = select(ReviewRound).where(ReviewRound.engagement_id == engagement.id)
    return db.session.scalar(query)


def invitations_of(user: Person) -> Select[ReviewInvitation]:
    """Exactly the invitations that this person's organisation may answer in this person's role."""
    parties = [party for party, roles in ROLES_OF_PARTY.items() if user.role in roles]
    return (
        select(ReviewInvitation)
        .join(ReviewInvitation.round)
        .where(
            ReviewInvitation.organisation_id == user.organisation_id,
            ReviewInvitation.party.in_(parties),
        )
        .options(joinedload(ReviewInvitation.round).options(AGENCY_OF_ROUND))
        .options(joinedload(ReviewInvitation.review))
        .order_by(ReviewRound.closes_on, ReviewInvitation.id)
    )


def invitations_for(user: Person, *, settled_at_most: int = 30) -> Invitations:
    """What this person may rate now, the earliest end first, and what is behind them."""
    waiting = and_(
        ReviewInvitation.submitted_at.is_(None),
        ReviewRound.unsealed_at.is_(None),
        ReviewRound.closes_on >= clock.today(),
    )
    found = invitations_of(user)
    past = found.where(~waiting).order_by(None).order_by(ReviewRound.closes_on.desc())
    return Invitations(
        db.session.scalars(found.where(waiting)).all(),
        db.session.scalars(past.limit(settled_at_most)).all(),
    )


def invitation_for(user: Person, found: ReviewRound) -> ReviewInvitation | None:
    """The place of this person's organisation in a round, if it has one."""
    return db.session.scalar(
        invitations_of(user).where(ReviewInvitation.round_id == found.id).limit(1)
    )


def rounds_visible_to(user: Person) -> Select[ReviewRound]:
    """The rounds that this person may list: overseers all, an agency its own once unsealed.

    The caller orders and pages them.
    """
    query = (
        select(ReviewRound)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .options(selectinload(ReviewRound.invitations), AGENCY_OF_ROUND)
    )
    if sees_whole_district(user, None):
        return query
    if user.role in AGENCY_ROLES:
        own = Engagement.agency_id == user.organisation_id
        return query.where(own, ReviewRound.unsealed_at.is_not(None))
    return query.where(false())


def rounds_due(today: date) -> Select[ReviewRound]:
    """The sealed rounds whose window is past, or for which nobody is awaited any more."""
    awaited = select(ReviewInvitation.id).where(
        ReviewInvitation.round_id == ReviewRound.id, ReviewInvitation.submitted_at.is_(None)
    )
    return (
        select(ReviewRound)
        .where(ReviewRound.unsealed_at.is_(None))
        .where(or_(ReviewRound.closes_on < today, ~awaited.exists()))
        .order_by(ReviewRound.id)
    )


def is_waiting(found: ReviewRound) -> bool:
    """Whether anybody of the round has not yet rated."""
    awaited = select(ReviewInvitation.id).where(
        ReviewInvitation.round_id == found.id, ReviewInvitation.submitted_at.is_(None)
    )
    return db.session.scalar(awaited.limit(1)) is not None


def reviews_of(found: ReviewRound) -> Sequence[Review]:
    """All reviews of a round with their writers, for those who may read them."""
    return db.session.scalars(
        select(Review)
        .join(Review.invitation)
        .where(Review.round_id == found.id)
        .options(joinedload(Review.invitation), joinedload(Review.author))
        .order_by(ReviewInvitation.id)
    ).all()


def summary_of(user: Person, found: ReviewRound) -> Summary | None:
    """What an agency may know: nothing before unsealing, and nothing of fewer than three."""
    if not can(user, Permission.REVIEW_SUMMARY_READ, found):
        return None
    query = select(Review).where(Review.round_id == found.id)
    answers = [Answer(each.stars, each.words) for each in db.session.scalars(query)]
    rated = {key for answer in answers for key in answer.stars}
    return summarise(found.id, answers, sorted(rated))
