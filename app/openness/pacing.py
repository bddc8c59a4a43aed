"""How often a visitor may ask for public pages: so many requests a minute from one address.

Counted in each process, since a count in the database would cost more than the page; what is lost
with a process is at most one minute's count.
"""

import time
from collections import Counter

from flask import abort, current_app
from flask_login import current_user

from app.accounts import pacing

MINUTE = 60
MOST_ADDRESSES = 50_000  # as many as are remembered: who changes addresses fills no memory


class Pace:
    """The requests of this minute by address."""

    def __init__(self) -> None:
        self._minute, self._counts = 0, Counter[str]()

    def is_over(self, address: str, most: int, now: float) -> bool:
        """Count one more request; whether it is beyond `most` in the minute of `now` (seconds)."""
        minute = int(now // MINUTE)
        if minute != self._minute or len(self._counts) > MOST_ADDRESSES:
            self._minute, self._counts = minute, Counter()
        self._counts[address] += 1
        return self._counts[address] > most


_pace = Pace()


def hold_back() -> None:
    """Stop a visitor who asks too often; people with an account are known by name."""
    most, now = int(current_app.config["PUBLIC_REQUESTS_A_MINUTE"]), time.time()
    if most and not current_user.is_authenticated and _pace.is_over(pacing.here(), most, now):
        abort(429)
