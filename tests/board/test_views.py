"""The board's three views, its filters, and the large screen."""

import pytest

from app import clock
from app.db import db
from app.pages import board, choices, wall
from app.policy import Role
from tests.board.crowd import crowd
from tests.factories import UserFactory, make_engagement


@pytest.fixture
def leader(session):
    return UserFactory(role=Role.LEADER)


def test_each_filter_keeps_what_it_names(session, leader):
    kept, other = make_engagement(), make_engagement("research")
    task = kept.tasks[0]
    for name, value in (
        ("unit", task.unit_id),
        ("section", task.section_id),
        ("service", kept.service_type_id),
        ("agency", kept.agency_id),
    ):
        rows, _more = board.rows(leader, board.Filters(**{name: value}))
        assert [row.id for row in rows] == [kept.id], name
    offered = choices.choices(leader)
    assert {key for key, _name in offered.agencies} == {kept.agency_id, other.agency_id}
    assert (task.unit_id, task.unit.name) in offered.units


def test_lanes_hold_every_row_at_its_stage(session, leader, sign_in):
    engagement = make_engagement()
    rows, _more = board.rows(leader, board.Filters())
    (lane,) = board.lanes(rows)
    assert (lane.code, [row.id for row in lane.rows]) == (
        engagement.current_stage.code,
        [engagement.id],
    )
    for view in ("lanes", "timeline", "", "nonsense"):
        assert engagement.code in sign_in(leader).get(f"/board?view={view}").get_data(as_text=True)
        assert sign_in(leader).get(f"/board/live?view={view}").status_code == 200


def test_the_timeline_says_in_a_table_what_it_draws(session, leader, sign_in):
    engagement = make_engagement()
    page = sign_in(leader).get("/board?view=timeline").get_data(as_text=True)
    assert page.count('class="chart"') == 1
    for stage in engagement.stages:
        assert stage.name in page


def test_the_wall_counts_what_the_board_holds(session, leader, sign_in):
    late = make_engagement()
    late.current_stage.due_on = clock.add_working_days(clock.today(), -5)
    make_engagement().current_stage.due_on = clock.add_working_days(clock.today(), 30)
    db.session.commit()
    shown = wall.shown(leader)
    assert sum(each.count for each in shown["stages"]) == 2
    assert shown["lights"]["red"] == 1 == shown["numbers"].overdue
    page = sign_in(leader).get("/board/wall")
    assert late.name in page.get_data(as_text=True)
    live = sign_in(leader).get("/board/wall/live")
    again = sign_in(leader).get("/board/wall/live", headers={"If-None-Match": live.headers["ETag"]})
    assert again.status_code == 304
    stranger = UserFactory(role=Role.AGENCY_ADMIN)
    assert late.name not in sign_in(stranger).get("/board/wall").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/board?view=lanes", "/board?view=timeline", "/board/wall"])
def test_the_number_of_statements_does_not_grow(session, leader, sign_in, statements, address):
    client = sign_in(leader)
    crowd(5)
    client.get(address)
    session.expire_all()
    with statements() as few:
        assert client.get(address).status_code == 200
    crowd(20)
    with statements() as many:
        assert client.get(address).status_code == 200
    assert len(few) == len(many)
