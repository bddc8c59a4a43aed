"""From where people signed in: theirs to take, and not kept for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

from app import clock
from app.accounts.models import User
from app.db import db
from app.identity.models import SignInSession
from app.personal.exporting import Section

MOST = 5000
BY_LAW = timedelta(days=184)  # 网络安全法第二十一条:不少于六个月


def sign_ins_of(user: User) -> list[tuple[str | datetime, ...]]:
    """When, from where and with what a person signed in, the newest first."""
    columns = SignInSession.began_at, SignInSession.address, SignInSession.device
    mine = select(*columns).where(SignInSession.user_id == user.id)
    found = db.session.execute(mine.order_by(SignInSession.id.desc()).limit(MOST))
    return [(at, address, device) for at, address, device in found]


SIGN_INS = Section(
    _("My sign-ins"),
    {"at": _("Since"), "address": _("Address"), "device": _("Browser and system")},
    sign_ins_of,
)


def erase_places(before: datetime) -> Sequence[int]:
    """Empty addresses and devices of people whose accounts ended before; whose they were.

    Never within six months: so long the law wants to be told from where somebody signed in.
    """
    ended = select(User.id).where(User.closed_at < min(before, clock.now() - BY_LAW))
    kept = SignInSession.user_id.in_(ended), SignInSession.address != ""
    people = db.session.scalars(select(SignInSession.user_id).where(*kept).distinct()).all()
    if people:
        db.session.execute(update(SignInSession).where(*kept).values(address="", device=""))
    return people
