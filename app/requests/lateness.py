"""How late a thing is: working days past its due day, from dates alone."""

from datetime import date

from app import clock


def late_days(due_on: date | None, until: date) -> int:
    """Return the working days that passed after the due day; what has no due day is not late."""
    return 0 if due_on is None else max(0, clock.working_days_between(due_on, until))
