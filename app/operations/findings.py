"""What an examination finds: good, to be watched, or bad; and how it is mended."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from app.errors import PortalError
from storage import StoreError


class State(StrEnum):
    """How a thing stands. Only `BAD` keeps the portal from doing its work."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the examination; `mend` says what to do, and is empty where it is good."""

    part: str
    state: State
    told: str
    mend: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as plain JSON."""
        return {name: str(value) for name, value in asdict(self).items()}


def good(part: str, told: str) -> Finding:
    """Say that a part is as it should be."""
    return Finding(part, State.GOOD, told)


def watch(part: str, told: str, mend: str) -> Finding:
    """Say that a part works, but not as a bureau should want it."""
    return Finding(part, State.WATCH, told, mend)


def bad(part: str, told: str, mend: str) -> Finding:
    """Say that a part fails."""
    return Finding(part, State.BAD, told, mend)


Check = Callable[[], Iterable[Finding]]


def examined(part: str, check: Check, mend: str = "") -> Iterator[Finding]:
    """Yield what a check finds; where it can't even look, that is its finding, with a mend."""
    try:
        yield from check()
    except (SQLAlchemyError, StoreError, PortalError, OSError, ValueError, LookupError) as error:
        line = str(getattr(error, "orig", error)).strip().splitlines()
        yield bad(part, line[0][:300] if line else type(error).__name__, mend or mend_of(error))


# What the databases say, and what helps.
_DATABASE = (
    ("malformed|not a database", "stop the portal, keep the file, restore the last backup"),
    ("unable to open", "DATABASE_URL: a folder that is there and that the portal may write"),
    ("disk is full|No space left|disk I/O", "make room on the disk of the database"),
    ("readonly|read-only", "chown the database and its folder to the portal's user"),
    ("authentication failed|no password", "DATABASE_URL: name and password of the role"),
    ("does not exist", "postgresql.sql of `xingping deployment-files`, then `xingping migrate`"),
    ("no such (table|column)", "xingping migrate"),
    ("permission denied", "as the owner: `xingping migrate`, which gives the role its rights"),
    ("", "start the database server; DATABASE_URL: host, port, name"),
)


def mend_of(error: Exception) -> str:
    """What helps where a part could not be looked at."""
    if not isinstance(error, SQLAlchemyError):
        return "see README, Deploying"
    return next(mend for words, mend in _DATABASE if re.search(words, str(error)))
