"""The clock can be stopped, and working days are those of the State Council's notices."""

import json
import threading
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from app import clock

DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(366 + 365 + 365)]


@pytest.fixture
def own_years(tmp_path, monkeypatch):
    """Write further years, and forget them after the test."""
    monkeypatch.setattr(clock, "_added", {})

    def write(table):
        path = tmp_path / "holidays.json"
        path.write_text(json.dumps(table))
        clock.add_years(path)

    yield write
    monkeypatch.undo()
    clock._calendar.cache_clear()


def test_every_day_of_the_table_agrees_with_an_independent_calendar():
    assert DAYS[-1] == date(2026, 12, 31)
    wrong = [d for d in DAYS if clock.is_working_day(d) != chinese_calendar.is_workday(d)]
    assert wrong == []


def test_every_year_names_its_notice():
    assert clock.years_covered() == (2024, 2025, 2026)
    assert clock.source_of(2024) == "国办发明电〔2023〕7号"
    assert clock.source_of(2025) == "国办发明电〔2024〕12号"
    assert clock.source_of(2026) == "国办发明电〔2025〕7号"
    assert clock.source_of(2027) is None


@pytest.mark.parametrize(
    ("day", "works", "name"),
    [
        (date(2026, 2, 14), True, None),  # a Saturday made up before the Spring Festival
        (date(2026, 2, 16), False, "春节"),
        (date(2026, 2, 28), True, None),
        (date(2025, 10, 8), False, "国庆节、中秋节"),
        (date(2026, 11, 21), False, None),
        (date(2026, 11, 23), True, None),
        (date(2027, 10, 1), True, None),  # no notice yet: weekends alone
        (date(2027, 10, 2), False, None),
    ],
)
def test_well_known_days(day, works, name):
    assert clock.is_working_day(day) is works
    assert clock.holiday_name(day) == name


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 2, 15), 0, date(2026, 2, 24)),
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
        (date(2026, 2, 16), -1, date(2026, 2, 14)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # provisional until the notice comes
    ],
)
def test_adding(day, number, expected):
    assert clock.add_working_days(day, number) == expected


@pytest.mark.parametrize("number", [1, 2, 7, 15, 60, 260])
def test_adding_equals_counting_on_the_fingers(number):
    for start in DAYS[300:700:3]:
        day, left = start, number
        while left:
            day += timedelta(1)
            left -= chinese_calendar.is_workday(day)
        assert clock.add_working_days(start, number) == day
        assert clock.working_days_between(start, day) == number
        day, left = start, number
        while left and day > DAYS[0]:
            day -= timedelta(1)
            left -= chinese_calendar.is_workday(day)
        if not left:
            assert clock.add_working_days(start, -number) == day


def test_between_is_signed():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert clock.working_days_between(friday, monday) == 1
    assert clock.working_days_between(monday, friday) == -1
    assert clock.working_days_between(friday, friday + timedelta(1)) == 0
    assert clock.working_days_between(friday + timedelta(1), friday) == 0
    assert clock.working_days_between(date(2026, 2, 13), date(2026, 2, 24)) == 2


@pytest.mark.parametrize(
    ("day", "missing"),
    [
        (date(2026, 10, 31), ()),
        (date(2026, 11, 1), (2027,)),
        (date(2027, 3, 1), (2027,)),
        (date(2027, 12, 1), (2027, 2028)),
        (date(2025, 11, 30), ()),
        (date(2023, 1, 1), (2023,)),
    ],
)
def test_missing_years_are_told(day, missing):
    assert clock.missing_years(day) == missing


def test_a_new_notice_is_added_by_a_file(own_years):
    own_years(
        {"2027": {"source": "演示1号", "off": {"元旦": ["2027-01-01"] * 2}, "work": ["2027-01-03"]}}
    )
    assert clock.missing_years(date(2026, 12, 1)) == ()
    assert clock.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 3)
    assert clock.years_covered() == (2024, 2025, 2026, 2027)


@pytest.mark.parametrize(
    "change",
    [
        {"work": ["2027-01-04"]},  # a Monday
        {"work": ["2026-01-03"]},
        {"work": ["2027-01-02"]},
        {"off": {"元旦": ["2027-01-02", "2027-01-01"]}},
        {"off": {"元旦": ["2026-12-31", "2027-01-01"]}},
        {"source": ""},
    ],
)
def test_a_table_with_a_slip_is_refused(change):
    year = {"source": "演示1号", "off": {"元旦": ["2027-01-01", "2027-01-02"]}, "work": []}
    clock.read_table(json.dumps({"2027": year}))
    with pytest.raises(ValueError, match="202|演示"):
        clock.read_table(json.dumps({"2027": {**year, **change}}))


def test_now_is_aware_and_can_be_stopped():
    assert clock.now().tzinfo is UTC
    at = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    with clock.frozen(at):
        assert clock.now() == at
        assert clock.today() == date(2026, 11, 24)  # half past midnight in Shanghai
        with clock.frozen(datetime(2027, 1, 1, 8, tzinfo=clock.SHANGHAI)):
            assert clock.now() == datetime(2027, 1, 1, tzinfo=UTC)
        assert clock.now() == at
    assert clock.now() != at


def test_a_moment_needs_a_zone():
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="time zone"), clock.frozen(naive):
        pass
    with pytest.raises(ValueError, match="time zone"):
        clock.day_of(naive)


def test_the_start_of_a_day_is_shanghais():
    assert clock.start_of(date(2026, 11, 24)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert clock.day_of(clock.start_of(date(2026, 11, 24))) == date(2026, 11, 24)


def test_a_stopped_clock_stops_nobody_else():
    seen = []
    with clock.frozen(datetime(2000, 1, 1, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now().year))
        thread.start()
        thread.join()
    assert seen[0] > 2000
