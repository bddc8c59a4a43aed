"""Tasks of one contract are told apart by their project, or by the unit that has it. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engagements.opening import NewTask

Name = tuple[str, int | None]


def twin_of(tasks: Sequence["NewTask"]) -> tuple[int, int] | None:
    """The numbers, from one, of the first two tasks with the same project of the same unit."""
    known: dict[Name, int] = {}
    for number, task in enumerate(tasks, start=1):
        first = known.setdefault(_name(task), number)
        if first != number:
            return first, number
    return None


def told_apart(tasks: Sequence["NewTask"]) -> list["NewTask"]:
    """The same tasks; a project that is named again for a unit gets a number behind its name."""
    taken: set[Name] = set()
    made = []
    for task in tasks:
        names = (f"{task.project.strip()}（{number}）" for number in count(2))
        told = task
        while _name(told) in taken:
            told = replace(task, project=next(names))
        taken.add(_name(told))
        made.append(told)
    return made


def _name(task: "NewTask") -> Name:
    """How a name is compared: in one width, small letters, without gaps."""
    plain = unicodedata.normalize("NFKC", task.project).casefold()
    return "".join(plain.split()), task.unit.id if task.unit is not None else None
