"""A year's working days are entered once and hold in every process; what is missing is told."""

import json
import os
from datetime import UTC, date, datetime

import pytest

from app import clock, working_days
from app.db import db, transaction
from app.notifications.models import Message
from app.policy import Role
from app.web import fresh_token
from app.working_days import queries, spreading
from app.working_days.models import HolidayTable
from tests.factories import UserFactory

NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(app, tmp_path, monkeypatch):
    """No test leaves a year to the others."""
    monkeypatch.setitem(app.config, "XINGPING_VAR", tmp_path)
    yield
    clock.add_years(tmp_path / "none.json")


@pytest.fixture
def keeper(session, sign_in):
    return sign_in(UserFactory(role=Role.SYSTEM_ADMIN, locale="en"))


def filled(**changes):
    told = {"year": "2027", "source": "演示〔2026〕1号", "once": fresh_token()}
    lines = {"off": "元旦 2027-01-01\n春节 2027-02-05 2027-02-11", "work": "2027-02-14"}
    return {**told, **lines, **changes}


PLACE = "/system/working-days"


def test_a_year_is_entered_and_counts_at_once(keeper, audited):
    assert clock.is_working_day(date(2027, 2, 8))
    assert keeper.get(PLACE).status_code == 200
    assert keeper.post(PLACE, data=filled()).status_code == 302
    assert not clock.is_working_day(date(2027, 2, 8))
    assert clock.is_working_day(date(2027, 2, 14)), "a make-up Sunday"
    assert clock.source_of(2027) == "演示〔2026〕1号"
    assert "演示〔2026〕1号" in keeper.get(PLACE).get_data(as_text=True)
    assert audited() == ["holidays.entered"]


def test_another_process_hears_of_it_by_the_file(keeper, tmp_path):
    keeper.post(PLACE, data=filled())
    clock.add_years(tmp_path / "none.json")  # as another process knows it
    assert 2027 not in clock.years_covered()
    keeper.get("/help")
    assert 2027 in clock.years_covered()


def test_another_machine_hears_of_it_by_its_job(app, keeper, tmp_path, monkeypatch):
    keeper.post(PLACE, data=filled())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "holidays.json").write_text('{"2028": {"source": "x", "off": {}, "work": []}}')
    monkeypatch.setitem(app.config, "XINGPING_VAR", elsewhere)
    clock.add_years(elsewhere / "none.json")
    working_days.spread_here()
    assert {2027, 2028} <= set(clock.years_covered())
    before = os.stat(elsewhere / "holidays.json").st_mtime_ns
    working_days.spread_here()
    assert os.stat(elsewhere / "holidays.json").st_mtime_ns == before


def test_a_correction_replaces_the_year_and_both_stay(keeper, session):
    keeper.post(PLACE, data=filled())
    keeper.post(PLACE, data=filled(off="元旦 2027-01-01", work=""))
    assert clock.is_working_day(date(2027, 2, 8))
    assert session.query(HolidayTable).count() == 2
    assert len(queries.tables()) == 1


def test_the_shipped_form_of_a_file_is_taken(keeper, tmp_path):
    year = {
        "source": "演示〔2026〕2号",
        "off": {"元旦": ["2027-01-01"] * 2},
        "work": ["2027-01-09"],
    }
    path = tmp_path / "notice.json"
    path.write_text(json.dumps({"2027": year}), encoding="utf-8")
    with path.open("rb") as file:
        told = filled(off="", work="", source="", file=(file, "notice.json"))
        reply = keeper.post(PLACE, data=told, content_type="multipart/form-data")
    assert reply.status_code in {302, 422}
    with path.open("rb") as file:
        told = filled(off="", work="", file=(file, "notice.json"))
        assert keeper.post(PLACE, data=told, content_type="multipart/form-data").status_code == 302
    assert clock.is_working_day(date(2027, 1, 9))


@pytest.mark.parametrize(
    "wrong",
    [
        {"off": ""}, {"off": "元旦"}, {"off": "元旦 2027-13-01"}, {"off": "元旦 2026-12-31 2027-01-01"},
        {"off": "春节 2027-02-11 2027-02-05"}, {"off": "元旦 2027-01-01\n元旦 2027-01-02"},
        {"work": "2027-02-15"}, {"work": "2027-02-06"}, {"work": "2026-02-14"}, {"work": "x"},
        {"source": ""}, {"year": "1999"}, {"year": "9" * 30}, {"off": "元旦 9999-12-31"},
    ],
)  # fmt: skip
def test_a_slip_is_shown_again_and_nothing_is_kept(keeper, session, wrong):
    assert keeper.post(PLACE, data=filled(**wrong)).status_code == 422
    assert session.query(HolidayTable).count() == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"off": 3, "work": []}'])
def test_a_file_that_is_no_table_is_refused(keeper, session, tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with path.open("rb") as file:
        told = filled(file=(file, "x.json"))
        reply = keeper.post(PLACE, data=told, content_type="multipart/form-data")
    assert reply.status_code == 422


def test_from_november_on_the_administrator_hears_of_a_missing_year(session):
    admin = UserFactory(role=Role.SYSTEM_ADMIN)
    for moment, expected in ((NOVEMBER.replace(month=9), 0), (NOVEMBER, 1)):
        with clock.frozen(moment), transaction():
            spreading.warn_of_missing()
        found = session.query(Message).filter_by(user_id=admin.id).all()
        assert len(found) == expected
    assert found[0].facts == {"years": "2027"}


def test_others_do_not_touch_it(session, sign_in):
    client = sign_in(UserFactory(role=Role.PERFORMANCE_OFFICER))
    assert client.get(PLACE).status_code == 403
    assert client.post(PLACE, data=filled()).status_code == 403
    assert db.session.query(HolidayTable).count() == 0
