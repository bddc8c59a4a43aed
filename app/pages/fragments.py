"""Live fragments that a whole house sees alike: made once for each change, then handed to all.

A board that three hundred people watch would otherwise be made three hundred times within the two
seconds in which each of them is to see a change. What is kept is the packed answer itself: a
fragment of a hundred rows is some ten kilobytes, so that many houses and filters fit in memory.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup

from app.policy import Role

Version = tuple[int, ...]


class House(NamedTuple):
    """People of one role in one organisation: they see the same board."""

    organisation_id: int
    role: Role


class Shown(NamedTuple):
    """What decides how a fragment looks, besides the state of the district."""

    house: House
    locale: str
    address: str  # path and query of the live address


@dataclass(frozen=True, slots=True)
class Fragment:
    """One answer, ready to be sent, and the state of which it was made."""

    version: Version
    day: date
    tag: str
    packed: bytes

    @property
    def html(self) -> Markup:
        """The fragment as a page takes it in: a template of ours wrote it and escaped it there."""
        return Markup(gzip.decompress(self.packed).decode())  # noqa: S704 - as said


def packed(text: str, version: Version, day: date) -> Fragment:
    """Pack a fragment; its mark is its content's, so that a change nobody sees sends nothing."""
    raw = text.encode()
    return Fragment(version, day, sha256(raw).hexdigest()[:24], gzip.compress(raw, 4, mtime=0))


class Fragments:
    """The newest fragments by what they show; of several who want the same one, one makes it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.guard = threading.Lock()
        self.made: OrderedDict[Shown, Fragment] = OrderedDict()
        self.making: dict[Shown, threading.Lock] = {}

    def get(
        self, shown: Shown, fits: Callable[[Fragment], bool], make: Callable[[], Fragment]
    ) -> Fragment:
        """The kept fragment if it still fits, else a new one.

        Where making fails, nothing is kept and the next one tries.
        """
        with self.guard:
            if (found := self._fitting(shown, fits)) is not None:
                return found
            turn = self.making.setdefault(shown, threading.Lock())
        with turn:
            with self.guard:
                if (found := self._fitting(shown, fits)) is not None:
                    return found
            try:
                fresh = make()
            finally:
                with self.guard:
                    self.making.pop(shown, None)
            with self.guard:
                self._keep(shown, fresh)
            return fresh

    def known(self, shown: Shown) -> Fragment | None:
        """The kept fragment, whether or not it still fits."""
        with self.guard:
            return self._fitting(shown, lambda _kept: True)

    def _fitting(self, shown: Shown, fits: Callable[[Fragment], bool]) -> Fragment | None:
        found = self.made.get(shown)
        if found is None or not fits(found):
            return None
        self.made.move_to_end(shown)
        return found

    def _keep(self, shown: Shown, fresh: Fragment) -> None:
        self.made[shown] = fresh
        self.made.move_to_end(shown)
        while len(self.made) > self.most:
            self.made.popitem(last=False)
