"""Passwords that somebody had: the newest few may not come again."""

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock
from app.accounts import passwords
from app.accounts.models import FormerPassword, User
from app.db import db

HAD_BEFORE = _("You had this password before: choose another one")


def is_among(user: User, password: str) -> bool:
    """Whether the password is the present one or one of the newest former ones.

    Slow on purpose, as every comparison: ask before the transaction.
    """
    newest = select(FormerPassword.password_hash).where(FormerPassword.user_id == user.id)
    newest = newest.order_by(FormerPassword.id.desc())
    most = current_app.config["PASSWORD_HISTORY"]
    had = [user.password_hash, *db.session.scalars(newest.limit(most))] if most else []
    return any(passwords.matches(one, password) for one in had)


def keep(user: User) -> None:
    """Remember the password that now ends; one that somebody else gave and reads is none."""
    former = FormerPassword(user_id=user.id, password_hash=user.password_hash, ended_at=clock.now())
    db.session.add(former)
