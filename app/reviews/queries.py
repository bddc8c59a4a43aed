"""Questions about reviews. Nothing here changes anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement, Party
from app.policy import AGENCY_ROLES, ROLES_OF_PARTY, Permission, Person, can, sees_whole_district
from app.reviews.models import (
    Dimension,
    DimensionAnchor,
    ProblemKind,
    Review,
    ReviewInvitation,
    ReviewRound,
    ReviewRuling,
    RulingKind,
)
from app.reviews.summary import Answer, Summary, summarise
from app.reviews.weight_models import WeightVersion
from app.reviews.weights import Weights

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


def weight_versions() -> Select[WeightVersion]:
    """Every version of the weights, the newest first."""
    return select(WeightVersion).order_by(WeightVersion.number.desc())


def version_on(day: date) -> WeightVersion:
    """The version of the weights that holds on a day."""
    held = weight_versions().where(WeightVersion.holds_from <= day)
    first = weight_versions().order_by(None).order_by(WeightVersion.number)
    found = db.session.scalars(held.limit(1)).first()
    return found or db.session.scalars(first.limit(1)).one()


def weights_on(day: date) -> Weights:
    """The weights that hold on a day, by the codes of parties and dimensions."""
    return weights_of(version_on(day))


def weights_of(version: WeightVersion) -> Weights:
    """One version, by the codes of parties and dimensions."""
    codes = {each.id: each.code for each in db.session.scalars(all_dimensions())}
    cells: dict[str, dict[str, int | None]] = {str(each.party): {} for each in version.parties}
    for cell in version.cells:
        cells.setdefault(str(cell.party), {})[codes[cell.dimension_id]] = cell.weight
    shares = {str(each.party): each.weight for each in version.parties}
    return Weights(version.number, shares, cells)


def dimensions_for(invitation: ReviewInvitation) -> Sequence[Dimension]:
    """What this party is asked: the cells that were on when the round was opened, in order."""
    version = version_on(clock.day_of(invitation.round.opened_at))
    asked = {
        cell.dimension_id
        for cell in version.cells
        if cell.party == invitation.party and cell.weight is not None
    }
    return db.session.scalars(all_dimensions().where(Dimension.id.in_(asked))).all()


def anchors_of(dimensions: Sequence[Dimension]) -> dict[int, dict[int, str]]:
    """The bureau's own words for the stars of these dimensions; what isn't set is left out."""
    keys = [each.id for each in dimensions]
    query = select(DimensionAnchor).where(DimensionAnchor.dimension_id.in_(keys))
    found: dict[int, dict[int, str]] = {key: {} for key in keys}
    for row in db.session.scalars(query.order_by(DimensionAnchor.id)):
        found[row.dimension_id][row.stars] = row.words
    return found


def problem_kinds() -> Sequence[ProblemKind]:
    """The checklist of now, in order."""
    now = select(ProblemKind).where(ProblemKind.retired_at.is_(None))
    return db.session.scalars(now.order_by(ProblemKind.position, ProblemKind.id)).all()


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
        .options(selectinload(ReviewInvitation.reviews))
        .order_by(ReviewRound.closes_on, ReviewInvitation.id)
    )


def is_awaited() -> ColumnElement[bool]:
    """That a party may still rate: it hasn't, and the window is open."""
    return and_(
        ReviewInvitation.submitted_at.is_(None),
        ReviewRound.unsealed_at.is_(None),
        ReviewRound.closes_on >= clock.today(),
    )


def invitations_for(user: Person, *, settled_at_most: int = 30) -> Invitations:
    """What this person may rate now, the earliest end first, and what is behind them.

    The latest round first: of a house that was asked fifty thousand times, few are read.
    """
    found = invitations_of(user)
    past = found.where(~is_awaited()).order_by(None).order_by(ReviewRound.id.desc())
    return Invitations(
        db.session.scalars(found.where(is_awaited())).all(),
        db.session.scalars(past.limit(settled_at_most)).all(),
    )


def reviews_returned() -> Select[Review]:
    """The reviews that an appeal returned to their writers, whose days for it aren't over."""
    later = aliased(Review)
    newer = select(later.id).where(
        later.invitation_id == Review.invitation_id, later.version > Review.version
    )
    return (
        select(Review)
        .join(Review.ruling)
        .where(ReviewRuling.kind == RulingKind.RETURNED, ~newer.exists())
        .where(ReviewRuling.closes_on >= clock.today())
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


def awaited_until(day: date, *, reminders: int) -> Select[ReviewInvitation]:
    """Who hasn't rated in a window that ends by this day, and was reminded less often than so."""
    return (
        select(ReviewInvitation)
        .join(ReviewInvitation.round)
        .where(ReviewRound.unsealed_at.is_(None))
        .where(ReviewRound.closes_on.between(clock.today(), day))
        .where(ReviewInvitation.submitted_at.is_(None), ReviewInvitation.reminders < reminders)
        .order_by(ReviewInvitation.id)
    )


def is_waiting(found: ReviewRound) -> bool:
    """Whether anybody of the round has not yet rated."""
    awaited = select(ReviewInvitation.id).where(
        ReviewInvitation.round_id == found.id, ReviewInvitation.submitted_at.is_(None)
    )
    return db.session.scalar(awaited.limit(1)) is not None


def in_force(at: datetime | None = None) -> ColumnElement[bool]:
    """That a review counts: the newest version of its party, and not voided on appeal.

    With a moment: as it stood then, so that a ranking of that day can be computed again.
    """
    later = aliased(Review)
    newer = select(later.id).where(
        later.invitation_id == Review.invitation_id, later.version > Review.version
    )
    voided = select(ReviewRuling.id).where(
        ReviewRuling.review_id == Review.id, ReviewRuling.kind == RulingKind.VOIDED
    )
    written: ColumnElement[bool] = true()
    if at is not None:
        newer = newer.where(later.submitted_at < at)
        voided = voided.where(ReviewRuling.ruled_at < at)
        written = Review.submitted_at < at
    return and_(written, ~newer.exists(), ~voided.exists())


def reviews_of(found: ReviewRound) -> Sequence[Review]:
    """All reviews of a round with their writers, every version, for those who may read them."""
    return db.session.scalars(
        select(Review)
        .join(Review.invitation)
        .where(Review.round_id == found.id)
        .options(joinedload(Review.invitation).selectinload(ReviewInvitation.reviews))
        .options(joinedload(Review.author))
        .order_by(ReviewInvitation.id, Review.version)
    ).all()


def summary_of(user: Person, found: ReviewRound) -> Summary | None:
    """What an agency may know: nothing before unsealing, and nothing of fewer than three.

    The means are those of the opening, for good: were they shown anew after an appeal, two means
    compared would tell one person's stars.
    """
    if not can(user, Permission.REVIEW_SUMMARY_READ, found):
        return None
    answers = _answers(found, Review.version == 1)
    rated = {key for answer in answers for key in answer.stars}
    told = summarise(found.id, answers, sorted(rated))
    return told.with_later(_answers(found, Review.version > 1)) if told else None


def standing_of(found: ReviewRound) -> Summary | None:
    """The means of the reviews that count now, for those who read every review anyway."""
    answers = _answers(found, in_force())
    rated = {key for answer in answers for key in answer.stars}
    return summarise(found.id, answers, sorted(rated), fewest=1)


def _answers(found: ReviewRound, which: ColumnElement[bool]) -> list[Answer]:
    query = select(Review).where(Review.round_id == found.id, which)
    return [
        Answer(each.stars, each.words, is_voided=each.is_voided)
        for each in db.session.scalars(query)
    ]
