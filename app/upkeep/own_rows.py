"""What the register says of a person: theirs to take."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.agencies.models import Evaluator
from app.db import db
from app.display import local_date
from app.personal.exporting import Section


def entries_of(user: User) -> list[tuple[str | datetime, ...]]:
    """The entries of the register that are said to be a person's, the newest first."""
    query = select(Evaluator).where(Evaluator.user_id == user.id).order_by(Evaluator.id.desc())
    return [
        (
            one.agency.name,
            one.name,
            one.qualification,
            local_date(one.working_since),
            local_date(one.evaluating_since),
            local_date(one.confirmed_at),
            local_date(one.left_at),
            one.remark,
        )
        for one in db.session.scalars(query)
    ]


ENTRIES = Section(
    _("Entries in the register of agencies"),
    {
        "agency": _("Agency"),
        "name": _("Name of the person"),
        "qualification": _("Professional title or licence"),
        "working_since": _("Working since"),
        "evaluating_since": _("In performance evaluation since"),
        "confirmed_on": _("Confirmed by the section"),
        "left_on": _("Left"),
        "remark": _("Remark"),
    },
    entries_of,
    is_entry=True,
)
