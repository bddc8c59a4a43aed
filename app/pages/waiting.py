"""What every line of the workbench's to-do list is: words, a number, the page behind it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.db import db
from app.errors import Words


@dataclass(frozen=True)
class Todo:
    """One kind of thing that waits."""

    label: Words
    count: int
    endpoint: str
    arguments: dict[str, Any]
    tone: str = ""


def count_of(query: Select[Any]) -> int:
    """How many rows a question has."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
