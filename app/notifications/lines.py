"""What the postman knows of a line to the other side, and what can go wrong on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self


class Away(Exception):
    """The other side can't be reached: nothing was handed over, and others wait as well."""


class Refused(Exception):
    """The other side said no; `for_good` where asking again won't help."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.for_good = for_good


class Unsure(Exception):
    """The words left, and no answer came: they may have arrived."""


class Line(Protocol):
    """A connection over which one thing is handed over."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_error: object) -> None: ...

    def hand_over(self) -> None:
        """Give the words away; returns when the other side has taken them."""


@dataclass(frozen=True)
class Item:
    """One line of what leaves: its kind and facts are put into words at the last moment."""

    id: int
    kind: str
    facts: dict[str, str]
    link: str
    made_at: datetime


@dataclass(frozen=True)
class Parcel:
    """What leaves together to one person or one target, free of the database."""

    key: str
    route: str
    tries: int
    items: tuple[Item, ...]
    address: str = ""  # of a person
    locale: str | None = None
    target: Any = None  # hooks.Robot

    @property
    def ids(self) -> list[int]:
        """The rows of the outbox."""
        return [item.id for item in self.items]
