"""Work changes hands: hand-overs that both sides confirm, deputies during leave."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

from app.accounts.models import User
from app.errors import Words


@dataclass(frozen=True)
class Movable:
    """One kind of open work: how much of it somebody has, and how it goes to another.

    `move` runs in the transaction of the hand-over and answers how many went; what may not go
    to this taker stays where it is. Past acts keep their author.
    """

    name: str
    label: Words
    count: Callable[[User], int]
    move: Callable[[User, User], int]


# What moves; features join theirs. Reviews that nobody submitted are never among them.
movables: list[Movable] = []


def move_with(movable: Movable) -> None:
    """Join a kind of work once, however many portals this process makes."""
    if movable.name not in {known.name for known in movables}:
        movables.append(movable)


def moved_words(told: list[str]) -> str:
    """What moved and how much of it; what moved nothing isn't told."""
    labels = {known.name: known.label for known in movables}
    parts = [each.rpartition(": ") for each in told]
    moved = [f"{labels.get(name, name)} {number}" for name, _sep, number in parts if number != "0"]
    return gettext(", ").join(moved) or gettext("no open work")


def join() -> None:
    """Messages move by themselves; deputies hear what their principals hear."""
    from app.accounts import login
    from app.audit.wording import show_fact
    from app.handovers import acting, moving
    from app.notifications import outbox

    move_with(moving.MESSAGES)
    show_fact("moved", moved_words)
    if acting.in_place_of not in login.dressing:
        login.dressing.append(acting.in_place_of)
    if moving.deputies_too not in outbox.also_told:
        outbox.also_told.append(moving.deputies_too)
