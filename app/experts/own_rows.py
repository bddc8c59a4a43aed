"""What the pool keeps of an expert, and what they were paid: theirs to take."""

from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import Organisation, User
from app.db import db
from app.display import local_date, yuan
from app.experts import duty_queries
from app.experts.labels import FIELDS, RANKS
from app.experts.models import Expert, Field
from app.personal.exporting import Section

MOST = 5000


def entry_of(user: User) -> list[tuple[str | datetime, ...]]:
    """What stands in the pool of a person, if they are in it."""
    one = db.session.get(Expert, user.id)
    if one is None:
        return []
    query = select(Organisation.name).where(Organisation.id.in_(one.shut_out))
    aside = gettext(", ").join(db.session.scalars(query.order_by(Organisation.name)))
    fields = gettext(", ").join(str(FIELDS[Field(each)]) for each in one.fields)
    return [(fields, one.title, str(RANKS[one.rank]), one.employer, aside, one.entered_at)]


def fees_of(user: User) -> list[tuple[str | datetime, ...]]:
    """Where a person was there as an expert, and what the fee notes in force say of them."""
    return [
        (
            one.seat.review.engagement.name,
            local_date(one.seat.review.held_on),
            str(one.half_days),
            str(yuan(one.line["fen"])) if one.line else "",
        )
        for one in duty_queries.paid_to(user, most=MOST)
    ]


POOL = Section(
    _("Pool of experts"),
    {
        "fields": _("Fields"),
        "title": _("Professional title or licence"),
        "rank": _("Rank of the title"),
        "employer": _("Employer"),
        "stands_aside": _("Stands aside where these take part"),
        "entered_at": _("Entered on"),
    },
    entry_of,
    is_entry=True,
)
FEES = Section(
    _("My fees"),
    {
        "engagement": _("Engagement"),
        "held_on": _("Day of the meeting"),
        "half_days": _("Half days"),
        "fee": _("Yuan, after tax"),
    },
    fees_of,
)
