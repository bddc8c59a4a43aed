"""The time, and the working days of China with their make-up days (调休)."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

# No summer time since 1991, so a fixed offset is exact and needs no zone files on the machine.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
TABLE = Path(__file__).with_name("data") / "holidays.json"
# Business of the bureau lies between these; a day far outside is a slip of the keyboard.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
NOTICE_MONTH = 11  # the State Council names next year's days in October or November

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice of the State Council: its number, holidays by date, make-up days."""

    source: str
    off: Mapping[date, str]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """All years together; the sorted ordinals are where the notice departs from the weekend."""

    years: Mapping[int, Year]
    off_weekdays: tuple[int, ...]
    work_weekends: tuple[int, ...]


def now() -> datetime:
    """Return the moment in UTC, aware; inside `frozen` the frozen one."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock for this thread of control: tests, and replays that date the past.

    Threads that are started inside see the real time.
    """
    if at.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield at.astimezone(UTC)
    finally:
        _frozen.reset(token)


def is_frozen() -> bool:
    """Whether this thread of control tells a story of another time."""
    return _frozen.get() is not None


def today() -> date:
    """Return the date in Shanghai."""
    return day_of(now())


def day_of(at: datetime) -> date:
    """Return the date in Shanghai of a moment."""
    if at.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    return at.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """Return the first moment of a Shanghai day, in UTC.

    A thing due on a day is in time before `start_of(day + timedelta(1))`.
    """
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Tell whether offices work: Monday to Friday but for holidays, and make-up weekends.

    In a year without a notice (`missing_years`) only weekends are free.
    """
    return _count(day.toordinal()) > _count(day.toordinal() - 1)


def holiday_name(day: date) -> str | None:
    """Return the festival of the notice that makes this day free, if it is one."""
    year = _calendar().years.get(day.year)
    return year.off.get(day) if year else None


def add_working_days(day: date, number: int) -> date:
    """Return the last day of a period of so many working days; always a working day.

    The first day does not count and the period ends on a working day (民法典 201, 203 条).
    A negative number counts back in the same way. 0 is the day itself where it is a working
    day, otherwise the next one.
    """
    if number > 0:
        wanted = _count(day.toordinal()) + number
    else:
        wanted = _count(day.toordinal() - 1) + 1 + number
    days = range(date.min.toordinal(), date.max.toordinal() + 1)
    return date.fromordinal(days[bisect_left(days, wanted, key=_count)])


def working_days_between(first: date, second: date) -> int:
    """Count the working days after the earlier day up to and with the later one.

    Negative where `second` is the earlier: `working_days_between(today, due)` is the time left,
    below zero the time late (due on Friday: 0 on Saturday, -1 on Monday).
    """
    return _count(second.toordinal()) - _count(first.toordinal())


def years_covered() -> tuple[int, ...]:
    """Return the years whose notice of the State Council is in the table."""
    return tuple(sorted(_calendar().years))


def source_of(year: int) -> str | None:
    """Return the number (文号) of the notice that a year's working days come from."""
    known = _calendar().years.get(year)
    return known.source if known else None


def missing_years(day: date) -> tuple[int, ...]:
    """Return the years that the table ought to hold on a day and doesn't.

    These are its own year and, from November on, the next one. Due dates in such a year are
    counted with weekends alone and are provisional.
    """
    wanted = (day.year,) if day.month < NOTICE_MONTH else (day.year, day.year + 1)
    return tuple(year for year in wanted if year not in _calendar().years)


def read_table(text: str) -> dict[int, Year]:
    """Read years of notices as JSON; ValueError names what does not fit.

    `{"2026": {"source": 文号, "off": {festival: [first day, last day]}, "work": [days]}}`; a
    make-up day is a Saturday or Sunday, and no day is both free and worked.
    """
    return {int(year): _read_year(int(year), told) for year, told in json.loads(text).items()}


def add_years(path: Path) -> None:
    """Take further years from a file, so that a new notice needs no new release.

    A year of the file replaces the one that ships with the portal. No file, no further years.
    """
    global _added, _seen
    _seen = _mark_of(path)
    _added = read_table(path.read_text(encoding="utf-8")) if _seen else {}
    _calendar.cache_clear()


def look_at(path: Path) -> None:
    """The same if the file was written since: every process hears so of a new notice."""
    if _mark_of(path) != _seen:
        add_years(path)


def _mark_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_mtime_ns, found.st_ino


_added: dict[int, Year] = {}
_seen: tuple[int, ...] = ()


def _read_year(year: int, told: Mapping[str, Any]) -> Year:
    off = {day: name for name, (first, last) in told["off"].items() for day in _span(first, last)}
    work = frozenset(date.fromisoformat(day) for day in told["work"])
    if strange := sorted(day for day in work | off.keys() if day.year != year):
        raise ValueError(f"{strange[0]} is not in {year}")
    if strange := sorted(day for day in work if day in off or day.weekday() < 5):
        raise ValueError(f"{strange[0]} can't be a make-up day: free, or no weekend")
    if not told["source"]:
        raise ValueError(f"{year} names no notice")
    return Year(source=told["source"], off=off, work=work)


def _span(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if end < start:
        raise ValueError(f"{last} is before {first}")
    return [start + timedelta(n) for n in range((end - start).days + 1)]


@cache
def _calendar() -> _Calendar:
    years = read_table(TABLE.read_text(encoding="utf-8")) | _added
    off = (day.toordinal() for year in years.values() for day in year.off if day.weekday() < 5)
    work = (day.toordinal() for year in years.values() for day in year.work)
    return _Calendar(years, tuple(sorted(off)), tuple(sorted(work)))


def _count(ordinal: int) -> int:
    """Count the working days from the first Monday of the year 1 to a day, in constant time."""
    weeks, rest = divmod(ordinal, 7)
    days = _calendar()
    return (
        weeks * 5
        + min(rest, 5)
        - bisect_right(days.off_weekdays, ordinal)
        + bisect_right(days.work_weekends, ordinal)
    )
