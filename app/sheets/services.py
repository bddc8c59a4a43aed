"""One-time keys: given out by the performance section, used by whoever rates for a unit."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from app import audit, clock
from app.accounts.models import Organisation, User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import recipients
from app.policy import UNIT_ROLES, Permission, require
from app.reviews import services as reviews
from app.reviews.holder import LinkHolder
from app.reviews.models import Review, ReviewInvitation
from app.reviews.rating import NewReview
from app.sheets import queries
from app.sheets.models import LinkAttempt, LinkKind, ReviewLink

LONGEST_NAME = 40
KEPT = timedelta(days=1)  # attempts older than this tell nothing any more


def issue_link(actor: User, invitation: ReviewInvitation, recipient: str, *, days: int) -> str:
    """Make the one-time key to one invitation and return it: it is shown once and not kept.

    A key that was given out before for the same invitation ends.
    """
    lock(invitation)
    require(actor, Permission.LINK_ISSUE, invitation)
    name = _name(recipient)
    _end_earlier([invitation])
    token = _made(actor, invitation, LinkKind.LINK, name, days)
    told = {"kind": str(LinkKind.LINK), "recipient": name}
    audit.record(actor, audit.Event.LINK_ISSUED, invitation, **told)
    return token


def issue_form(
    actor: User, unit: Organisation, recipient: str, *, days: int
) -> list[tuple[ReviewInvitation, str]]:
    """Make keys to all open invitations of a unit, to be put into one workbook."""
    require(actor, Permission.FORM_ISSUE, unit)
    open_now = queries.awaited_of(unit)
    if not open_now:
        raise Conflict(_("Nothing waits for the stars of this unit"))
    name = _name(recipient)
    _end_earlier(open_now)
    made = [(each, _made(actor, each, LinkKind.FORM, name, days)) for each in open_now]
    facts: dict[str, Any] = {"invitations": len(made), "recipient": name}
    audit.record(actor, audit.Event.REVIEW_FORM_ISSUED, unit, **facts)
    return made


def withdraw_link(actor: User, link: ReviewLink) -> None:
    """End a key that wasn't used."""
    lock(link)
    require(actor, Permission.LINK_WITHDRAW, link)
    if not link.is_live:
        raise Conflict(_("This key has ended already"))
    link.withdrawn_at = clock.now()
    audit.record(actor, audit.Event.LINK_WITHDRAWN, link.invitation)


def use_link(actor: LinkHolder, link: ReviewLink, new: NewReview, *, answer: str = "") -> Review:
    """Somebody without an account rates with a key, once; the review is sealed like any other.

    Or writes anew a review that an appeal has returned. The people of the unit are told that a
    review was given in its name, and nothing of what it says.
    """
    lock(link)
    if not link.is_live or actor.invitation_id != link.invitation_id:
        raise Conflict(_("This key was used already, or has ended"))
    invitation, before = link.invitation, link.invitation.review
    link.used_at, link.answer_hash = clock.now(), answer
    audit.record(actor, audit.Event.LINK_USED, invitation, kind=str(link.kind))
    told = {"engagement": invitation.engagement.name}
    people = recipients({invitation.organisation_id}, UNIT_ROLES)
    notifications.send(people, Kind.REVIEW_BY_LINK, told, "/reviews")
    if before is not None and before.is_returned:
        return reviews.rewrite_review(actor, before, new)
    return reviews.submit_review(actor, invitation, new)


def note_attempt(place: str) -> None:
    """A key that opened nothing was tried from this place; what is older than a day is dropped."""
    db.session.execute(delete(LinkAttempt).where(LinkAttempt.at < clock.now() - KEPT))
    db.session.add(LinkAttempt(place=place, at=clock.now()))


def holder_of(link: ReviewLink, name: str) -> LinkHolder:
    """Who rates with this key, under the name that they give."""
    return LinkHolder(link.invitation_id, link.invitation.organisation_id, _name(name))


def _made(
    actor: User, invitation: ReviewInvitation, kind: LinkKind, recipient: str, days: int
) -> str:
    token = secrets.token_urlsafe(32)
    window = clock.start_of(invitation.last_day + timedelta(days=1))
    link = ReviewLink(
        invitation=invitation,
        kind=kind,
        token_hash=queries.hash_of(token),
        recipient=recipient,
        made_at=clock.now(),
        made_by_id=actor.id,
        expires_at=min(clock.now() + timedelta(days=days), window),
    )
    db.session.add(link)
    db.session.flush()
    return token


def _end_earlier(invitations: Sequence[ReviewInvitation]) -> None:
    for earlier in queries.live_links(invitations).values():
        earlier.withdrawn_at = clock.now()


def _name(given: str) -> str:
    if not 0 < len(given.strip()) <= LONGEST_NAME:
        raise Invalid(_("Enter a name of at most 40 characters"), field="name")
    return given.strip()
