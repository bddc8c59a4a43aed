"""The same act for several engagements at once: in one transaction, each row's refusal told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.amendments.services import MOST_DAYS, grant_extension
from app.db import db
from app.engagements.models import Engagement
from app.errors import Invalid, PortalError, Words
from app.oversight.services import assign_officer, remind_agency


@dataclass(frozen=True)
class Refusal:
    """An engagement that an act for many left as it was, and why."""

    engagement: Engagement
    words: Words


def afresh(rows: Sequence[Engagement]) -> list[Engagement]:
    """The same engagements as they are now, in a new transaction."""
    keys = [row.id for row in rows]
    found = db.session.scalars(select(Engagement).where(Engagement.id.in_(keys)))
    return sorted(found, key=lambda each: keys.index(each.id))


def remind_agencies(actor: User, rows: Sequence[Engagement], words: str) -> list[Refusal]:
    """Remind the agency of each; who was reminded today or has handed in is left out, and told."""
    return for_each(rows, lambda row: remind_agency(actor, row, words))


def assign_officers(actor: User, rows: Sequence[Engagement], officer: User | None) -> list[Refusal]:
    """Give each to an officer; what is with them already, or has ended, is left out and told."""
    if officer is None:
        raise Invalid(_("Choose somebody of the performance section"), field="officer")
    return for_each(rows, lambda row: assign_officer(actor, row, officer))


def extend_stages(actor: User, rows: Sequence[Engagement], days: int, why: str) -> list[Refusal]:
    """Give each so many working days more; what was handed in or asked for itself is left out.

    Without days or a reason nothing is done at all.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("From %(low)s to %(high)s", low=1, high=MOST_DAYS), field="days")
    if not why.strip():
        raise Invalid(_("Say why"), field="words")
    return for_each(rows, lambda row: grant_extension(actor, row, days, why))


def for_each(
    engagements: Sequence[Engagement], act: Callable[[Engagement], object]
) -> list[Refusal]:
    """Do an act for many engagements; where one refuses, the others go on and it is told why.

    All of it is one transaction of the caller: what was done is kept together or not at all.
    """
    refused = []
    for engagement in engagements:
        kept = db.session.begin_nested()
        try:
            act(engagement)
        except PortalError as refusal:
            kept.rollback()
            refused.append(Refusal(engagement, refusal.message))
        else:
            kept.commit()
    return refused
