"""One password for the demonstration's people, and the table that says who may sign in as what."""

import unicodedata
from collections.abc import Sequence

from flask_babel import force_locale

from app import clock
from app.accounts import labels, passwords
from app.accounts.models import User
from app.db import db
from app.demo.district import everybody
from app.policy import Role

LANGUAGES = ("zh_Hans_CN", "en")
WIDTHS = (15, 20, 32, 28)


def give_passwords() -> str:
    """Give everybody the same random password, hashed once, and return the table to be printed.

    It is made for this installation alone. Nobody is asked to change it: a demonstration is
    looked at by many.
    """
    password = passwords.make_one()
    stored = passwords.hash_of(password)
    people = [user for user in everybody() if user.password_hash != passwords.NONE_YET]
    for user in people:
        user.password_hash, user.password_set_at = stored, clock.now()
        user.must_change_password = False
    db.session.flush()
    return _table(_shown(people), password)


def _shown(people: Sequence[User]) -> list[User]:
    """One person of each role, in the order of the roles."""
    first = {user.role: user for user in reversed(people)}
    return [first[role] for role in Role if role in first]


def _table(people: Sequence[User], password: str) -> str:
    lines = [
        "演示账号（机构、人员、项目均为虚构）/ Demonstration sign-ins (all of it invented)",
        f"密码 password: {password}",
        "",
        _row(("账号 login", "角色", "role", "单位 organisation")),
    ]
    lines += [_row((u.login, *_role(u.role), u.organisation.name)) for u in people]
    return "\n".join(lines) + "\n"


def _role(role: Role) -> tuple[str, str]:
    """The role in both languages."""
    told = []
    for language in LANGUAGES:
        with force_locale(language):
            told.append(str(labels.ROLES[role]))
    return told[0], told[1]


def _row(cells: tuple[str, str, str, str]) -> str:
    return "".join(_padded(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    """Fill a cell; a Chinese character is two columns wide on a terminal."""
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in text)
    return text + " " * max(1, width - len(text) - wide)
