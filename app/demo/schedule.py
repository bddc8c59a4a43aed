"""The stories of the district, told in the order of time, a day's actions in one transaction."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from app import clock
from app.db import db, transaction

# A story says when it goes on; its next action is then done with the clock at that moment.
Story = Iterator[datetime]


def run(stories: Iterable[Story], until: datetime) -> None:
    """Let all stories happen side by side up to a moment; what lies behind it is left untold."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _wait(waiting, next(story, None), number, story)
    while waiting and waiting[0][0] <= until:
        day = clock.day_of(waiting[0][0])
        with transaction():
            while waiting and waiting[0][0] <= until and clock.day_of(waiting[0][0]) == day:
                at, number, story = heapq.heappop(waiting)
                with clock.frozen(at):
                    following = next(story, None)
                if following is not None:
                    following = max(following, at + timedelta(seconds=40))
                _wait(waiting, following, number, story)


def trust_what_was_read() -> None:
    """Let the session keep what it has read, for nobody else writes; half of the reads are saved.

    Locks and what is read afresh after them guard against others. It ends with this session.
    """
    session = db.session()
    session.expire_on_commit = False
    session.expire_all = lambda: None  # type: ignore[method-assign] # of this one session
    session.refresh = lambda *_record, **_lock: None  # type: ignore[method-assign] # the same


def _wait(
    waiting: list[tuple[datetime, int, Story]], at: datetime | None, number: int, story: Story
) -> None:
    if at is not None:
        heapq.heappush(waiting, (at, number, story))
