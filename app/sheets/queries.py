"""Questions about one-time keys. Nothing here changes anything."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Organisation
from app.db import db
from app.engagements.models import Engagement, Party
from app.reviews.models import ReviewInvitation, ReviewRound
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


def awaited_units() -> Select[ReviewInvitation]:
    """The units that may still rate, the earliest end first; the caller pages them."""
    return (
        select(ReviewInvitation)
        .join(ReviewInvitation.round)
        .where(ReviewInvitation.party == Party.UNIT, ReviewInvitation.submitted_at.is_(None))
        .where(ReviewRound.unsealed_at.is_(None), ReviewRound.closes_on >= clock.today())
        .options(
            joinedload(ReviewInvitation.round)
            .joinedload(ReviewRound.engagement)
            .joinedload(Engagement.agency)
        )
    )


def awaited_of(unit: Organisation) -> Sequence[ReviewInvitation]:
    """What this unit may still rate, the earliest end first."""
    mine = awaited_units().where(ReviewInvitation.organisation_id == unit.id)
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
