"""One password for the demonstration's people, and the table that says who may sign in as what."""

import unicodedata

from app import clock
from app.accounts import labels, passwords
from app.accounts.models import User
from app.db import db
from app.demo.district import District, everybody
from app.policy import Role

WIDTHS = (14, 20, 28)


def give_passwords(district: District) -> str:
    """Give everybody the same random password, hashed once, and return the table to be printed.

    It is made for this installation alone. Nobody is asked to change it: a demonstration is
    looked at by many.
    """
    password = passwords.make_one()
    stored = passwords.hash_of(password)
    people = everybody()
    for user in people:
        user.password_hash, user.password_set_at = stored, clock.now()
        user.must_change_password = False
    db.session.flush()
    return _table(_shown(people), password)


def _shown(people: list[User]) -> list[User]:
    """One person of each role, in the order of the roles."""
    first = {user.role: user for user in reversed(people)}
    return [first[role] for role in Role if role in first]


def _table(people: list[User], password: str) -> str:
    lines = [
        "演示账号 / Demonstration sign-ins（演示数据：机构、人员均为虚构 / all invented）",
        f"密码 / password: {password}",
        "",
        _row(("账号 login", "角色 role", "单位 organisation")),
    ]
    lines += [_row((u.login, str(u.role), u.organisation.name)) for u in people]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, str, str]) -> str:
    return "".join(_padded(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in text)
    return text + " " * max(1, width - len(text) - wide)
