"""The board tells the truth, to each person their own, at a constant cost."""

import re
from datetime import timedelta

import pytest

from app import clock
from app.db import db
from app.engagements.models import Stage
from app.engagements.queries import engagements_visible_to
from app.pages import activity, board, choices, figures
from app.policy import Role
from tests.board.crowd import crowd
from tests.factories import UserFactory, make_engagement


def officer():
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


def due(engagement, days):
    """Move the present stage's due day."""
    stage = next(s for s in engagement.stages if s.position == engagement.current_stage_position)
    stage.due_on = clock.today() + timedelta(days=days)
    db.session.commit()


@pytest.mark.parametrize(("days", "tone"), [(-30, "red"), (0, "amber"), (60, "green")])
def test_a_light_follows_the_due_day(session, days, tone):
    due(make_engagement(), days)
    rows, more = board.rows(officer(), board.Filters())
    assert [row.tone for row in rows] == [tone]
    assert not more


def test_figures_count_what_the_rows_show(session):
    user = officer()
    for days in (-30, -10, 0, 60):
        due(make_engagement(actor=user), days)
    numbers = figures.figures(user)
    assert (numbers.running, numbers.overdue, numbers.due_today) == (4, 2, 1)
    late, _more = board.rows(user, board.Filters(state="overdue"))
    assert len(late) == numbers.overdue


@pytest.mark.parametrize("role", [Role.AGENCY_MEMBER, Role.UNIT_OFFICER, Role.SECTION_OFFICER])
def test_another_agency_or_unit_sees_nothing(session, role):
    make_engagement()
    stranger = UserFactory(role=role)
    assert board.rows(stranger, board.Filters())[0] == []
    assert figures.figures(stranger).running == 0


@pytest.mark.parametrize("words", ["演示项目", "演示机构", "专项", "W2026"])
def test_search_finds_chinese_words(session, words):
    engagement = make_engagement()
    found, _more = board.rows(officer(), board.Filters(words=words))
    assert [row.id for row in found] == [engagement.id]
    assert board.rows(officer(), board.Filters(words="没有这个"))[0] == []


def test_every_sort_and_filter_answers(session, sign_in):
    crowd(5)
    client = sign_in(officer())
    for sort in board.SORTS:
        assert client.get(f"/board?sort={sort}").status_code == 200
    for state in ("overdue", "week", "review", "opinions", "nonsense"):
        assert client.get(f"/board?state={state}&template=fiscal_evaluation").status_code == 200


def test_the_number_of_statements_does_not_grow(session, sign_in, statements):
    client = sign_in(officer())
    crowd(10)
    client.get("/board")
    session.expire_all()
    with statements() as few:
        short = client.get("/board")
    crowd(60)
    with statements() as many:
        long = client.get("/board")
    assert len(many) == len(few) <= 20
    for page, is_folded in ((short, False), (long, True)):  # on a phone, beyond twenty rows
        assert page.status_code == 200
        assert ('for="all-rows"' in page.text) == is_folded


def test_a_live_board_answers_only_when_something_happened(session, sign_in):
    user = officer()
    make_engagement(actor=user)
    client = sign_in(user)
    first = client.get("/board/live")
    assert first.status_code == 200
    again = client.get("/board/live", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make_engagement(actor=user)
    moved = client.get("/board/live", headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200


def test_the_page_and_its_live_part_agree_on_the_mark(session, sign_in):
    client = sign_in(officer())
    page = client.get("/board").get_data(as_text=True)
    assert client.get("/board/live").headers["ETag"].strip('"') in page


def test_the_three_administrators_have_no_board(session, sign_in):
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        client = sign_in(UserFactory(role=role))
        assert client.get("/board").status_code == 403
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_workbench_and_help(session, sign_in, role):
    client = sign_in(UserFactory(role=role))
    assert client.get("/").status_code == 200
    assert client.get("/help").status_code == 200


@pytest.mark.parametrize(
    ("role", "log", "system"),
    [
        (Role.AUDIT_ADMIN, 200, 403),
        (Role.INSPECTOR, 200, 403),
        (Role.SYSTEM_ADMIN, 403, 200),
        (Role.SECURITY_ADMIN, 403, 403),
        (Role.PERFORMANCE_OFFICER, 403, 403),
        (Role.AGENCY_ADMIN, 403, 403),
    ],
)
def test_who_reads_the_log_and_the_system(session, sign_in, role, log, system):
    client = sign_in(UserFactory(role=role))
    assert client.get("/log").status_code == log
    told = client.get("/system")
    assert told.status_code == system
    assert ("A folder of this server" in told.text or "本服务器文件夹" in told.text) == (
        system == 200
    )
    assert "LocalStore" not in told.text


@pytest.mark.parametrize(
    ("role", "tabs"),
    [
        (Role.EXPERT, {"/board": False, "/engagements": False, "/agencies": False}),
        (Role.ARCHIVIST, {"/board": True, "/engagements": True, "/agencies": False}),
        (Role.LEADER, {"/board": True, "/engagements": True, "/agencies": True}),
    ],
)
def test_no_tab_leads_to_a_list_that_is_always_empty(session, sign_in, role, tabs):
    page = sign_in(UserFactory(role=role)).get("/").text
    menu = "".join(re.findall(r"<nav.*?</nav>", page, re.DOTALL))
    assert {url: f'href="{url}"' in menu for url in tabs} == tabs
    assert ("您的职责" in page) == (role is Role.EXPERT)


def test_the_ledger_holds_the_rows_and_is_on_record(session, sign_in, audited):
    from io import BytesIO

    from openpyxl import load_workbook

    user = officer()
    engagement = make_engagement(actor=user)
    reply = sign_in(user).get("/board/export")
    assert reply.status_code == 200
    sheet = load_workbook(BytesIO(reply.data)).active
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert engagement.code in values
    assert audited()[-1] == "board.exported"


def test_what_a_person_sees_on_the_board_is_what_the_policy_lets_them(session):
    engagement = make_engagement()
    member = UserFactory(role=Role.AGENCY_MEMBER, organisation=engagement.agency.organisation)
    assert {row.id for row in board.rows(member, board.Filters())[0]} == {
        one.id for one in session.scalars(engagements_visible_to(member))
    }
    assert session.query(Stage).count() == len(engagement.stages)


def test_what_happens_is_told_with_its_engagement(session):
    first, second = make_engagement(), make_engagement()
    leader = UserFactory(role=Role.LEADER)
    own = UserFactory(role=Role.AGENCY_ADMIN, organisation=first.agency.organisation)
    for person, seen in ((leader, [second, first]), (own, [first])):
        found = dict.fromkeys((deed.url, deed.note) for deed in activity.newest(person, 20))
        told = [(f"/engagements/{one.id}", f"{one.code} {one.name}") for one in seen]
        assert list(found) == told


def test_what_filters_offer_is_kept_where_units_are_many(
    app, session, engagement, monkeypatch, statements
):
    """A district's filters are always of the moment; a province's are a minute old at most."""
    person, leader = officer(), UserFactory(role=Role.LEADER)
    monkeypatch.setitem(app.extensions, "board_choices", {})
    with app.test_request_context():
        assert choices.choices(person).units == choices.choices(person).units != []
        assert app.extensions["board_choices"] == {}
        monkeypatch.setattr(choices, "MANY", 0)
        first = choices.choices(person)
        with statements() as seen:
            assert choices.choices(person) is first
        assert len(seen) == 0
        assert choices.choices(leader) is not first
        monkeypatch.setattr(choices, "KEPT_SECONDS", -1)
        monkeypatch.setitem(app.extensions, "board_choices", {})
        assert choices.choices(person) is not choices.choices(person)
