"""Open boards: who watches learns of a change within a beat, at nearly no cost, and only while they may."""

import time

import pytest
from sqlalchemy import event

from app import audit, clock
from app.accounts.sessions import end_sessions
from app.db import db, transaction
from app.engagements.queries import engagements_visible_to
from app.pages import activity, pulse
from app.pages.seats import Seat, Seats
from app.policy import Role
from tests.board.crowd import crowd
from tests.conftest import begin
from tests.factories import OrganisationFactory, UserFactory, make_engagement

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def watched(make_district):
    """A portal that keeps fragments, as it runs, with one engagement."""
    app = make_district(LIVE_FRAGMENTS=20)
    with app.app_context():
        yield app, make_engagement()


@pytest.fixture
def beats(monkeypatch):
    """Every question looks at the log, so that no test waits for a beat."""
    monkeypatch.setattr(pulse, "BEAT", 0)


def watcher(app, role, **more):
    """Somebody with the board open: asks with the mark of the last answer, as static/live.js does."""
    client = begin(app.test_client(), UserFactory(role=role, **more))
    client.get("/board/live")  # the first reply renews the cookie, and with it the seat
    tags = {}

    def ask(address="/board/live", **headers):
        sent = {"If-None-Match": tags.get(address, ""), "X-Fragment": "1", **headers}
        reply = client.get(address, headers=sent)
        tags[address] = reply.headers.get("ETag", "")
        return reply

    return ask


def renamed(engagement, name):
    with transaction():
        engagement.name = name
        told = {"scope": engagement, "stage": ["plan", "方案"]}
        audit.record(audit.PORTAL, audit.Event.STAGE_PASSED, engagement, **told)


def counted(app):
    """The statements that are sent from now on."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return seen


def test_who_watches_is_told_of_what_their_house_sees_and_nothing_else(watched, beats):
    app, engagement = watched
    other = make_engagement()
    home = engagement.agency.organisation
    leader, second = watcher(app, Role.LEADER), watcher(app, Role.LEADER)
    mine = watcher(app, Role.AGENCY_ADMIN, organisation=home)
    theirs = watcher(app, Role.AGENCY_ADMIN, organisation=other.agency.organisation)
    everybody = (leader, second, mine, theirs)
    assert [ask().status_code for ask in everybody] == [200] * 4
    assert len(app.extensions["watch"].fragments.made) == 3  # the leaders share theirs
    seen = counted(app)
    assert [ask().status_code for ask in everybody] == [304] * 4
    assert len(seen) == 4  # one look each, no session, no person
    assert "audit_event" in seen[0]
    renamed(engagement, "演示更名甲")
    pages = [ask() for ask in everybody]
    assert [page.status_code for page in pages] == [200, 200, 200, 304]
    assert all("演示更名甲" in page.get_data(as_text=True) for page in pages[:3])


def test_a_beat_is_one_look_for_all_who_ask(watched):
    app, _engagement = watched
    ask = watcher(app, Role.LEADER)
    ask(), ask()
    seen = counted(app)
    until = time.monotonic() + pulse.BEAT / 2
    asked = 0
    while time.monotonic() < until:
        assert ask().status_code == 304
        asked += 1
    assert asked > 10
    assert len(seen) <= 1


def test_the_short_way_answers_as_the_long_one(watched, beats):
    app, _engagement = watched
    ask = watcher(app, Role.LEADER)
    client_side = {"Date", "X-Request-Id", "Vary"}
    for address in ("/board/live?sort=code&year=2026", "/board/wall/live"):
        long, short = ask(address, **{"If-None-Match": ""}), ask(address, **{"If-None-Match": ""})
        assert long.data == short.data
        told = [{k: v for k, v in r.headers if k not in client_side} for r in (long, short)]
        assert told[0] == told[1]
        assert len(short.headers["X-Request-Id"]) == 16
        packed = ask(address, **{"If-None-Match": ""}, **GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(long.data) / 2


def test_page_and_region_agree_and_what_nobody_sees_sends_nothing(watched, beats):
    app, engagement = watched
    user = UserFactory(role=Role.LEADER)
    client = begin(app.test_client(), user)
    for page in ("/board", "/board?sort=-code&state=&q=%E6%BC%94%E7%A4%BA", "/board/wall"):
        html = client.get(page).get_data(as_text=True)
        live = html.split('data-live-url="')[1].split('"')[0].replace("&amp;", "&")
        tag = html.split('data-live-etag="')[1].split('" ')[0].split('">')[0]
        tag = tag.replace("&#34;", '"')
        assert client.get(live, headers={"If-None-Match": tag}).status_code == 304, page
    tag = client.get("/board/live").headers["ETag"]
    with transaction():  # loud, but it changes nothing that the board shows
        audit.record(
            audit.PORTAL, audit.Event.FIELDWORK_VOIDED, "site_visit:1", scope=engagement,
            entry="site_visit", on="2026-11-01", reason="演示", words="演示",
        )  # fmt: skip
    assert client.get("/board/live", headers={"If-None-Match": tag}).status_code == 304


def test_who_leaves_is_asked_who_they_are_at_once(watched, beats):
    app, _engagement = watched
    leaver = UserFactory(role=Role.LEADER)
    client, other = begin(app.test_client(), leaver), watcher(app, Role.LEADER)
    for _n in range(2):
        assert client.get("/board/live").status_code == 200
        other()
    seats = app.extensions["watch"].seats
    assert {seat.user_id for seat in seats.taken.values()} >= {leaver.id}
    with transaction():
        end_sessions(leaver)
        audit.record(audit.PORTAL, audit.Event.ACCOUNT_CLOSED, leaver, reason="")
    reply = client.get("/board/live")
    assert (reply.status_code, "/sign-in" in reply.headers["Location"]) == (302, True)
    assert other().status_code == 304
    assert leaver.id not in {seat.user_id for seat in seats.taken.values()}


def test_a_role_that_changed_sees_its_own_board(watched, beats):
    app, engagement = watched
    ask = watcher(app, Role.LEADER)
    user_id = max(seat.user_id for seat in taken(app, ask))
    with transaction():
        user = db.session.get(type(UserFactory.build()), user_id)
        user.role = Role.SECTION_OFFICER
        audit.record(
            audit.PORTAL, audit.Event.ROLE_GRANTED, user, before="leader", role="section_officer"
        )
    reply = ask()
    assert reply.status_code == 200
    assert engagement.code not in reply.get_data(as_text=True)


def taken(app, ask):
    ask()
    return list(app.extensions["watch"].seats.taken.values())


def test_a_seat_ends_with_its_session_and_is_judged_again_before(monkeypatch):
    seats = Seats()
    now, soon = clock.now().timestamp(), time.monotonic() + 60
    for ends_at, until, held in (
        (now + 60, soon, True),
        (now - 1, soon, False),
        (now + 60, 0, False),
    ):
        seat = Seat(1, None, "zh", ends_at, until)
        seats.take("cookie", seat, left=0)
        assert (seats.of("cookie") is seat) is held
    seats.leave("user_account:7")
    seats.take("cookie", seat, left=0)  # judged before somebody had to leave
    assert not seats.taken
    monkeypatch.setattr("app.pages.seats.MOST", 3)
    for n in range(9):
        seats.take(f"cookie{n}", seat, left=1)
    assert len(seats.taken) == 3
    seats.leave("user_account:?")
    assert len(seats.taken) == 3
    seats.leave("deputyship:4")
    assert not seats.taken


def test_more_than_one_look_shows_moves_everybody(watched, beats, monkeypatch):
    app, engagement = watched
    ask = watcher(app, Role.AGENCY_ADMIN, organisation=engagement.agency.organisation)
    ask(), ask()
    monkeypatch.setattr(pulse, "WINDOW", 1)
    watch = app.extensions["watch"]
    watch.pulse.known = frozenset({-1})
    monkeypatch.setattr(pulse, "TOLD", pulse.TOLD.limit(1))
    renamed(engagement, "演示更名乙")
    assert "演示更名乙" in ask().get_data(as_text=True)


@pytest.mark.parametrize("role", sorted(pulse.BOUND_ROLES))
def test_whoever_sees_an_engagement_is_told_of_its_changes(session, role):
    department, office, unit = (OrganisationFactory(kind="unit") for _n in range(3))
    engagement = make_engagement()
    engagement.tasks[0].unit = unit
    unit.department_id, unit.finance_office_id = department.id, office.id
    engagement.client_id = department.id
    session.commit()
    told = pulse.houses_of([engagement.id])
    homes = {
        engagement.agency_id,
        engagement.tasks[0].section_id,
        unit.id,
        department.id,
        office.id,
    }
    seen = set()
    for home in homes:
        user = UserFactory(role=role, organisation=db.session.get(type(unit), home))
        if db.session.scalars(engagements_visible_to(user)).all():
            seen.add(home)
    assert seen
    assert seen <= told


def test_the_quiet_things_are_things_of_the_log():
    things = {each.label.partition(".")[0] for each in audit.Event}
    assert things >= pulse.QUIET | pulse.HOMES
    assert {each.label for each in audit.Event} >= pulse.READING
    told = {"agency", "alert", "amendment", "fieldwork", "handover", "holidays", "stage_note"}
    assert not pulse.QUIET & {*activity.WORK, *activity.PAPERS, *told}


def test_without_kept_fragments_there_is_no_short_way(session, sign_in, app):
    crowd(3)
    client = sign_in(UserFactory(role=Role.LEADER))
    first = client.get("/board/live")
    again = client.get("/board/live", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, "watch" in app.extensions) == (304, False)
