"""Who watches: people whose session was judged a moment ago, by the cookie that they show."""

import random
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from app import clock
from app.pages.fragments import House

MOST = 4000
HOLDS = (
    10.0,
    20.0,
)  # seconds after which the session is judged anew; apart, so that few come at once


@dataclass(frozen=True, slots=True)
class Seat:
    """A session that was found good, and what its person may see."""

    user_id: int
    house: House
    locale: str
    ends_at: float  # of the session itself, by the clock
    until: float  # of this knowledge, by the process's own clock


class Seats:
    """The seats of one process, the last used ones of bounded many."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.taken: OrderedDict[str, Seat] = OrderedDict()
        self.left = 0  # how often somebody had to leave

    def of(self, cookie: str) -> Seat | None:
        """The seat of this cookie, unless it must be judged again."""
        with self.guard:
            seat = self.taken.get(cookie)
            if seat is None:
                return None
            if seat.until < time.monotonic() or seat.ends_at < clock.now().timestamp():
                del self.taken[cookie]
                return None
            self.taken.move_to_end(cookie)
            return seat

    def take(self, cookie: str, seat: Seat, *, left: int) -> None:
        """Sit down; in vain if somebody had to leave since this session was judged (`left`)."""
        with self.guard:
            if left != self.left:
                return
            self.taken[cookie] = seat
            while len(self.taken) > MOST:
                self.taken.popitem(last=False)

    def leave(self, subject: str) -> None:
        """A person's sessions are judged anew; everybody's where the log names no person."""
        thing, _colon, key = subject.partition(":")
        person = int(key) if thing == "user_account" and key.isdigit() else None
        if thing == "user_account" and person is None:
            return  # a name that no account has
        with self.guard:
            self.left += 1
            if person is None:
                self.taken.clear()
                return
            for cookie in [each for each, seat in self.taken.items() if seat.user_id == person]:
                del self.taken[cookie]


def held_until() -> float:
    """When a seat taken now is judged again."""
    return time.monotonic() + random.uniform(*HOLDS)  # noqa: S311 - spreads the load, guards nothing
