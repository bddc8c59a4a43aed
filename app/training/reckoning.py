"""When hours expire. Pure."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the last day of that month if it is shorter."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
