"""Who may sign as lead evaluator (主评人): years of work, qualification, standing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _

from app.clock import day_of
from app.errors import Words


class Practitioner(Protocol):
    """What the rule looks at."""

    @property
    def qualification(self) -> str: ...
    @property
    def working_since(self) -> date: ...
    @property
    def evaluating_since(self) -> date | None: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def left_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Minimum:
    """Whole years that are asked for; the numbers of 财监〔2021〕4号 are the default."""

    working: int = 5
    evaluating: int = 3


class Problem(StrEnum):
    """Why somebody may not sign."""

    LEFT = "left"
    NO_QUALIFICATION = "no_qualification"
    TOO_FEW_YEARS = "too_few_years"
    TOO_FEW_EVALUATING = "too_few_evaluating"
    NOT_CONFIRMED = "not_confirmed"

    @property
    def words(self) -> Words:
        """The problem as a person reads it."""
        return WORDS[self]


WORDS: dict[Problem, Words] = {
    Problem.LEFT: _("This person has left the agency"),
    Problem.NO_QUALIFICATION: _("No professional title or licence is entered for this person"),
    Problem.TOO_FEW_YEARS: _("This person has not worked for five years yet"),
    Problem.TOO_FEW_EVALUATING: _(
        "This person has not done performance evaluation for three years yet"
    ),
    Problem.NOT_CONFIRMED: _("The performance section has not confirmed this lead evaluator"),
}
MINIMUM = Minimum()


def years_between(since: date, on: date) -> int:
    """Whole years from one day to another; a year is full on the same day of the year."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def falls_short(person: Practitioner, on: date, minimum: Minimum = MINIMUM) -> Problem | None:
    """What still stands against confirming somebody: gone, no title, or too few years (or nothing).

    财监〔2021〕4号: five years of work, three of them in budget performance evaluation, and a
    title of middle rank or a licence that the trade accepts.
    """
    if person.left_at is not None and day_of(person.left_at) <= on:
        return Problem.LEFT
    if not person.qualification.strip():
        return Problem.NO_QUALIFICATION
    if years_between(person.working_since, on) < minimum.working:
        return Problem.TOO_FEW_YEARS
    since = person.evaluating_since
    if since is None or years_between(since, on) < minimum.evaluating:
        return Problem.TOO_FEW_EVALUATING
    return None


def qualifies(person: Practitioner, on: date, minimum: Minimum = MINIMUM) -> Problem | None:
    """What stands against somebody's signature on that day: nothing, or the first problem found.

    Beside the conditions of `falls_short`, the performance section must have confirmed them.
    """
    problem = falls_short(person, on, minimum)
    if problem is None and person.confirmed_at is None:
        return Problem.NOT_CONFIRMED
    return problem
