"""What an examination finds: good, to be watched, or bad; and how it is mended."""

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


def examined(part: str, check: Check) -> Iterator[Finding]:
    """Yield what a check finds; where it can't even look, that is its finding."""
    try:
        yield from check()
    except (SQLAlchemyError, StoreError, PortalError, OSError, ValueError, LookupError) as error:
        line = str(error).strip().splitlines()
        yield bad(part, line[0][:300] if line else type(error).__name__, "see the lines above")
