"""What happens to reviews. Each public function is one action of a person or of the portal."""

import secrets
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements import moves
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import recipients
from app.policy import AGENCY_ROLES, ROLES_OF_PARTY, Permission, require
from app.reviews import queries, rating
from app.reviews.models import Review, ReviewInvitation, ReviewRound, ReviewScore
from app.reviews.rating import NewReview


def open_round(actor: User, engagement: Engagement, *, window: int) -> ReviewRound:
    """Work is over: invite the parties that the template names, for so many working days.

    Nothing is preset for anybody; who stays silent is 未评. A template without parties, or an
    engagement without any of them, opens a round that has nothing to wait for.
    """
    require(actor, Permission.REVIEW_OPEN, engagement)
    opened = ReviewRound(
        engagement=engagement,
        opened_at=clock.now(),
        closes_on=clock.add_working_days(clock.today(), window),
    )
    for party, organisation_id in queries.buyers_of(engagement):
        invitation = ReviewInvitation(party=party, organisation_id=organisation_id)
        opened.invitations.append(invitation)
    db.session.add(opened)
    invited = len(opened.invitations)
    facts = {"closes_on": opened.closes_on, "invitations": invited}
    audit.record(actor, audit.Event.ROUND_OPENED, opened, scope=engagement, **facts)
    _invite(opened)
    if not invited:
        _unseal(opened, clock.now())
    return opened


def _invite(opened: ReviewRound) -> None:
    for each in opened.invitations:
        facts = {"engagement": opened.engagement.name, "closes": opened.closes_on.isoformat()}
        people = recipients({each.organisation_id}, ROLES_OF_PARTY[each.party])
        notifications.send(people, Kind.REVIEW_INVITED, facts, f"/reviews/{each.id}")


def submit_review(actor: User, invitation: ReviewInvitation, new: NewReview) -> Review:
    """A buyer rates once, for good. The log keeps a commitment to it and never a star.

    The review stays sealed until all parties are in or the window closes.
    """
    lock(invitation.round)  # of two last reviews, one sees the other and unseals
    lock(invitation)
    require(actor, Permission.REVIEW_WRITE, invitation)
    if wrong := rating.problems_of(new, [each.id for each in queries.dimensions()]).first:
        raise Invalid(wrong)
    _refuse_second(actor, invitation.round_id)
    review = _frozen(actor, invitation, new)
    invitation.review, invitation.submitted_at = review, review.submitted_at
    db.session.add(review)
    commitment = review.commitment
    audit.record(actor, audit.Event.REVIEW_SUBMITTED, invitation, commitment=commitment)
    if not queries.is_waiting(invitation.round):
        _unseal(invitation.round, review.submitted_at)
    return review


def _refuse_second(actor: User, round_id: int) -> None:
    """One person rates an engagement once, also after moving to another organisation."""
    own = select(Review.id).where(Review.round_id == round_id, Review.author_id == actor.id)
    if db.session.scalar(own):
        raise Conflict(_("You have rated this engagement already"))


def _frozen(actor: User, invitation: ReviewInvitation, new: NewReview) -> Review:
    nonce = secrets.token_hex(32)
    context: dict[str, int | str] = {
        "author": actor.id,
        "organisation": invitation.organisation_id,
        "party": invitation.party.value,
        "round": invitation.round_id,
    }
    return Review(
        round_id=invitation.round_id,
        author=actor,
        submitted_at=clock.now(),
        words=new.words.strip(),
        fact=new.fact.strip(),
        nonce=nonce,
        commitment=rating.commitment(nonce, rating.canonical_text(context, new)),
        scores=[ReviewScore(dimension_id=key, stars=stars) for key, stars in new.stars.items()],
    )


def unseal_due(now: datetime | None = None) -> int:
    """The portal unseals every round whose window is past; returns how many."""
    at = now or clock.now()
    today: date = at.astimezone(clock.SHANGHAI).date()
    due = db.session.scalars(queries.rounds_due(today)).all()
    for found in due:
        lock(found)
        if found.unsealed_at is None:
            _unseal(found, at)
    return len(due)


def _unseal(found: ReviewRound, at: datetime) -> None:
    """Open all reviews of a round at once, and let the engagement go on to its next stage."""
    found.unsealed_at = at
    audit.record(audit.PORTAL, audit.Event.ROUND_UNSEALED, found, scope=found.engagement)
    moves.end_rating(audit.PORTAL, found.engagement)
    people = recipients({found.engagement.agency_id}, AGENCY_ROLES)
    facts, link = (
        {"engagement": found.engagement.name},
        f"/engagements/{found.engagement_id}/reviews",
    )
    notifications.send(people, Kind.REVIEWS_OPENED, facts, link)
