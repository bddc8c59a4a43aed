"""Live fragments that many people see alike: made once for each change, then handed to all.

A board that three hundred people watch would otherwise be made three hundred times within the two
seconds in which each of them is to see a change.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

from flask import current_app


class Fragments:
    """The newest fragments by what they show; of several who want the same one, one makes it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.guard = threading.Lock()
        self.made: OrderedDict[str, str] = OrderedDict()
        self.making: dict[str, threading.Lock] = {}

    def get(self, key: str, make: Callable[[], str]) -> str:
        """The fragment under this key; `make` is called where there is none yet.

        The key says everything that the fragment depends on. Where making fails, nothing is kept
        and the next one tries.
        """
        with self.guard:
            if (found := self._known(key)) is not None:
                return found
            turn = self.making.setdefault(key, threading.Lock())
        with turn:
            with self.guard:
                if (found := self._known(key)) is not None:
                    return found
            try:
                fresh = make()
            finally:
                with self.guard:
                    self.making.pop(key, None)
            with self.guard:
                self._keep(key, fresh)
            return fresh

    def _known(self, key: str) -> str | None:
        found = self.made.get(key)
        if found is not None:
            self.made.move_to_end(key)
        return found

    def _keep(self, key: str, fresh: str) -> None:
        self.made[key] = fresh
        while len(self.made) > self.most:
            self.made.popitem(last=False)


def alike(key: str, make: Callable[[], str]) -> str:
    """The fragment of this portal under this key (`LIVE_FRAGMENTS` many are kept)."""
    most = int(current_app.config["LIVE_FRAGMENTS"])
    if not most:
        return make()
    kept: Fragments = current_app.extensions.setdefault("fragments", Fragments(most))
    return kept.get(key, make)
