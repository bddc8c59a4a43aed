"""What happens to reviews. Each public function is one action of a person or of the portal."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

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
from app.reviews.holder import LinkHolder
from app.reviews.models import (
    Review,
    ReviewInvitation,
    ReviewRound,
    ReviewRuling,
    ReviewScore,
    RulingKind,
)
from app.reviews.rating import NewReview

Rater = User | LinkHolder  # a person with an account, or somebody with a one-time key


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
        _tell(each, Kind.REVIEW_INVITED)


def _tell(invitation: ReviewInvitation, kind: Kind) -> None:
    """Put a line into the inbox of everybody who may answer this invitation."""
    found = invitation.round
    facts = {"engagement": found.engagement.name, "closes": found.closes_on.isoformat()}
    people = recipients({invitation.organisation_id}, ROLES_OF_PARTY[invitation.party])
    notifications.send(people, kind, facts, f"/reviews/{invitation.id}")


def submit_review(actor: Rater, invitation: ReviewInvitation, new: NewReview) -> Review:
    """A buyer rates once, for good. The log keeps a commitment to it and never a star.

    The review stays sealed until all parties are in or the window closes.
    """
    lock(invitation.round)  # of two last reviews, one sees the other and unseals
    lock(invitation)
    require(actor, Permission.REVIEW_WRITE, invitation)
    _check(invitation, new)
    _refuse_second(actor, invitation.round_id)
    review = _frozen(actor, invitation, new)
    invitation.reviews.append(review)
    invitation.submitted_at = review.submitted_at
    commitment = review.commitment
    audit.record(actor, audit.Event.REVIEW_SUBMITTED, invitation, commitment=commitment)
    if not queries.is_waiting(invitation.round):
        _unseal(invitation.round, review.submitted_at)
    return review


def rewrite_review(actor: Rater, review: Review, new: NewReview) -> Review:
    """The writer of a review that was returned on appeal confirms or changes it, for good.

    The version before stays readable and counts until this one is there.
    """
    lock(review.round)
    require(actor, Permission.REVIEW_REWRITE, review)
    _check(review.invitation, new)
    later = _frozen(actor, review.invitation, new)
    review.invitation.reviews.append(later)
    found = review.round
    told: dict[str, Any] = {"commitment": later.commitment, "version": later.version}
    audit.record(actor, audit.Event.REVIEW_REWRITTEN, review.invitation, **told)
    people = recipients({found.engagement.agency_id}, AGENCY_ROLES)
    link = f"/engagements/{found.engagement_id}/reviews"
    notifications.send(people, Kind.REVIEW_REWRITTEN, {"engagement": found.engagement.name}, link)
    return later


def rule(actor: User, review: Review, kind: RulingKind, reason: str, *, days: int = 0) -> None:
    """Whoever decides an appeal voids a review, or returns it to its writer for so many days.

    No star is entered: a voided review stays readable and counts no more, a returned one counts
    until its writer has written a further version.
    """
    require(actor, Permission.REVIEW_RULE, review)
    if review.ruling is not None or review.is_superseded:
        raise Conflict(_("This review was ruled on already"))
    closes_on = clock.add_working_days(clock.today(), days) if days else None
    review.ruling = ReviewRuling(
        kind=kind,
        reason=reason,
        ruled_at=clock.now(),
        ruled_by_id=actor.id,
        closes_on=closes_on if kind is RulingKind.RETURNED else None,
    )
    told = {"reason": reason, "ruling": str(kind)}
    audit.record(actor, audit.Event.REVIEW_RULED, review.invitation, **told)


def _check(invitation: ReviewInvitation, new: NewReview) -> None:
    asked = [each.id for each in queries.dimensions_for(invitation)]
    if wrong := rating.problems_of(new, asked).first:
        raise Invalid(wrong)


def _refuse_second(actor: Rater, round_id: int) -> None:
    """One person rates an engagement once, also after moving to another organisation."""
    own = select(Review.id).where(Review.round_id == round_id, Review.author_id == actor.id)
    if actor.id is not None and db.session.scalar(own.limit(1)):
        raise Conflict(_("You have rated this engagement already"))


def _frozen(actor: Rater, invitation: ReviewInvitation, new: NewReview) -> Review:
    nonce, version = secrets.token_hex(32), len(invitation.reviews) + 1
    context = _context(actor, invitation, version)
    return Review(
        round_id=invitation.round_id,
        version=version,
        author_id=actor.id,
        author_name="" if actor.id else actor.name,
        submitted_at=clock.now(),
        words=new.words.strip(),
        fact=new.fact.strip(),
        nonce=nonce,
        commitment=rating.commitment(nonce, rating.canonical_text(context, new)),
        scores=[ReviewScore(dimension_id=key, stars=stars) for key, stars in new.stars.items()],
        problems=[each for each in queries.problem_kinds() if each.id in new.problems],
    )


def _context(actor: Rater, invitation: ReviewInvitation, version: int) -> dict[str, int | str]:
    """What the commitment binds beside the answers: whose review of what it is."""
    told: dict[str, int | str] = {
        "author": actor.id or actor.name,
        "organisation": invitation.organisation_id,
        "party": invitation.party.value,
        "round": invitation.round_id,
    }
    return {**told, "version": version} if version > 1 else told


def remind_due(days: Sequence[int]) -> int:
    """The portal reminds whoever hasn't rated, so many working days before the last; once each."""
    sent = 0
    for number, ahead in enumerate(sorted(days, reverse=True), 1):
        until = clock.add_working_days(clock.today(), ahead)
        for each in db.session.scalars(queries.awaited_until(until, reminders=number)).all():
            each.reminders = number
            _tell(each, Kind.REVIEW_REMINDED)
            sent += 1
    return sent


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
