"""What every line of the workbench's to-do list is: words, a number, the page behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from app.db import db
from app.errors import Words

Count = int | ScalarSelect[int]
MOST = 1000  # from here on a number only says that there are many
URGENT = ("bad", "warn", "")  # how tones are ordered


@dataclass(frozen=True)
class Todo:
    """One kind of thing that waits."""

    label: Words
    count: Any  # Count: a number, or the question for one until it is `counted`
    endpoint: str
    arguments: dict[str, Any]
    tone: str = ""

    @property
    def number(self) -> str:
        """The count as a page tells it."""
        return f"{MOST - 1}+" if self.count >= MOST else str(self.count)


def count_of(query: Select[Any]) -> ScalarSelect[int]:
    """How many rows a question has, to be asked together with all others; MOST at the most.

    Nobody works off a thousand at once, and a province's are not to be counted at each look.
    """
    some = query.order_by(None).limit(MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def counted(todos: Iterable[Todo]) -> list[Todo]:
    """The same with their numbers, asked in one statement, the urgent ones first."""
    known = list(todos)
    open_ones = [todo.count for todo in known if not isinstance(todo.count, int)]
    found = iter(db.session.execute(select(*open_ones)).one() if open_ones else ())
    told = [
        todo if isinstance(todo.count, int) else replace(todo, count=next(found) or 0)
        for todo in known
    ]
    return sorted(told, key=lambda todo: (not todo.count, URGENT.index(todo.tone)))
