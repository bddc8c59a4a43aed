"""What can be queued: each kind of work by its name. Features join theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import Words


@dataclass(frozen=True)
class Work:
    """A kind of work: how to do it once more without harm, and how long that may take.

    `do` is called with the facts of its row and outside any transaction. It may be called again
    for the same row: after a failure, and after a worker was killed or took longer than
    `lease_seconds`. So it must find what it did before. `give_up` is called with the same facts
    in the transaction in which the row is given up: whoever waits for the work is told there.
    """

    name: str
    label: Words
    do: Callable[..., object]
    lease_seconds: int = 900
    most_tries: int = 8
    give_up: Callable[..., object] | None = None


works: dict[str, Work] = {}


def can_do(work: Work) -> None:
    """Join a kind of work; joining the same one again changes nothing."""
    if works.get(work.name, work).do is not work.do:
        raise ValueError(f"two kinds of work are called {work.name}")
    works[work.name] = work
