"""Questions about one-time keys. Nothing here changes anything."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.accounts.models import Organisation
from app.db import db
from app.engagements.models import Engagement, Party
from app.reviews.models import Review, ReviewInvitation, ReviewRound
from app.reviews.queries import is_awaited, reviews_returned
from app.sheets.models import LinkAttempt, ReviewLink

MOST_ATTEMPTS = 10  # keys that open nothing, from one place, before it has to wait
WITHIN = timedelta(minutes=15)


def hash_of(token: str) -> str:
    """What is kept of a key: its SHA-256. A key has 256 random bits, so that is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def link_of(token: str) -> ReviewLink | None:
    """The record of a key, live or not."""
    query = select(ReviewLink).where(ReviewLink.token_hash == hash_of(token))
    return db.session.scalar(query)


def is_slowed(place: str) -> bool:
    """Whether a place has tried too many keys that open nothing, and has to wait."""
    since = clock.now() - WITHIN
    tried = select(func.count()).where(LinkAttempt.place == place, LinkAttempt.at > since)
    return (db.session.scalar(tried) or 0) >= MOST_ATTEMPTS


def units_wanted() -> Select[ReviewInvitation]:
    """The units that may still rate, or whose review was given by a key and returned on appeal.

    The caller orders and pages them.
    """
    returned = reviews_returned().where(Review.author_id.is_(None))
    again = returned.with_only_columns(Review.invitation_id)
    return _units().where(or_(is_awaited(), ReviewInvitation.id.in_(again)))


def _units() -> Select[ReviewInvitation]:
    return (
        select(ReviewInvitation)
        .join(ReviewInvitation.round)
        .where(ReviewInvitation.party == Party.UNIT)
        .options(selectinload(ReviewInvitation.reviews))
        .options(
            joinedload(ReviewInvitation.round)
            .joinedload(ReviewRound.engagement)
            .joinedload(Engagement.agency)
        )
    )


def awaited_of(unit: Organisation) -> Sequence[ReviewInvitation]:
    """What this unit may still rate, the earliest end first."""
    mine = _units().where(is_awaited(), ReviewInvitation.organisation_id == unit.id)
    return db.session.scalars(mine.order_by(ReviewRound.closes_on, ReviewInvitation.id)).all()


def live_links(invitations: Sequence[ReviewInvitation]) -> dict[int, ReviewLink]:
    """The newest key of each of these invitations that still opens its form."""
    keys = [each.id for each in invitations]
    query = (
        select(ReviewLink)
        .where(ReviewLink.invitation_id.in_(keys), ReviewLink.used_at.is_(None))
        .where(ReviewLink.withdrawn_at.is_(None), ReviewLink.expires_at > clock.now())
        .order_by(ReviewLink.id)
    )
    return {each.invitation_id: each for each in db.session.scalars(query)}
