"""待办 and 已办: what waits, what one did, and the number in the mast."""

import re
from datetime import timedelta

import pytest

from app import clock
from app.db import db, transaction
from app.guidance import services as guidance
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.pages import deeds, todos
from app.pages.waiting import counted
from app.policy import Role
from app.queueing.models import QueuedJob
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_paper


@pytest.fixture
def mast(app, monkeypatch):
    """Pages show the number, and it is as old as a minute."""
    monkeypatch.setitem(app.config, "TODO_COUNT_SECONDS", 60)
    monkeypatch.setitem(app.extensions, "todo_counts", {})


def number_in(page):
    text = page.get_data(as_text=True)
    return int(text.partition("To do <b>")[2].partition("<")[0])


def test_every_role_has_its_page(sign_in, session):
    for role in Role:
        client = sign_in(UserFactory(role=role))
        assert client.get("/todos").status_code == 200, role
        assert client.get("/todos/done").status_code == 200, role


def test_what_waits_stands_there_with_its_number(sign_in, engagement):
    lead, _member, officer = crew_of(engagement)
    officer.locale = "en"
    db.session.commit()
    file_paper(lead, engagement)
    page = sign_in(officer).get("/todos").get_data(as_text=True)
    assert "Papers to review" in page
    assert "Stages to approve" not in page, "what is nought is left out"


def test_the_numbers_are_asked_in_one_statement(session, statements):
    officer = UserFactory()
    with statements() as sent:
        todos.todos(officer)
    assert len(sent) <= 3


def test_unread_messages_stand_beside_and_lead_to_the_thing(sign_in, session):
    user = UserFactory()
    with transaction():
        facts = {"engagement": "演示委托", "paper": "G-01"}
        notifications.send([user], Kind.VERSION_RETURNED, facts, "/papers/1")
    assert "G-01" in sign_in(user).get("/todos").get_data(as_text=True)


def test_done_is_what_one_did_oneself(sign_in, engagement):
    lead, _member, officer = crew_of(engagement)
    paper = file_paper(lead, engagement, title="演示独有标题")
    mine = sign_in(lead).get("/todos/done").get_data(as_text=True)
    assert "演示独有标题" in mine
    assert f'href="/papers/{paper.id}"' in mine
    assert "演示独有标题" not in sign_in(officer).get("/todos/done").get_data(as_text=True)


def test_what_one_may_not_open_is_told_without_a_page(sign_in, session, engagement):
    from app import audit

    clerk = UserFactory(role=Role.SECURITY_ADMIN)
    with transaction():
        audit.record(clerk, audit.Event.SPILL_REPEATED, engagement, sha256="0" * 64)
    page = sign_in(clerk).get("/todos/done").get_data(as_text=True)
    assert "timeline" in page
    assert "/engagements/" not in page


def test_looking_and_coming_and_going_are_no_work(sign_in, session):
    from app import audit

    user = UserFactory()
    with transaction():
        audit.record(user, audit.Event.SIGNED_IN, user)
        audit.record(user, audit.Event.BOARD_EXPORTED, "board:all", rows=1)
    assert "timeline" not in sign_in(user).get("/todos/done").get_data(as_text=True)


def test_acts_are_found_among_many_looks_page_by_page(sign_in, session, monkeypatch):
    """However much was only read in between, a page looks at so many entries and leads on."""
    from app import audit

    monkeypatch.setattr(deeds, "SIZE", 2)
    monkeypatch.setattr(deeds, "LOOKED_AT", 5)
    user = UserFactory()
    with transaction():
        for number in range(4):
            audit.record(user, audit.Event.PASSWORD_CHANGED, user)
            for _look in range(6 if number == 1 else 0):
                audit.record(user, audit.Event.BOARD_EXPORTED, "board:all", rows=1)
    client, url, down, up = sign_in(user), "/todos/done", [], []
    while url:
        page = client.get(url).get_data(as_text=True)
        down += re.findall(r"<li>\s*<time", page)
        url = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "").replace("&amp;", "&")
        last = page
    assert len(down) == 4
    url = re.search(r'rel="prev" href="([^"]+)"', last)[1]
    while url:
        page = client.get(url).get_data(as_text=True)
        up += re.findall(r"<li>\s*<time", page)
        url = next(iter(re.findall(r'rel="prev" href="([^"]+)"', page)), "").replace("&amp;", "&")
    assert len(up) == 4  # the last page had none


def test_the_mast_counts_and_hears_of_ones_own_acts(sign_in, session, mast):
    admin = UserFactory(role=Role.SYSTEM_ADMIN, locale="en")
    client = sign_in(admin)
    before = number_in(client.get("/help"))
    now = clock.now()
    db.session.add(
        QueuedJob(name="x", facts={}, asked_at=now, due_at=now, failed_at=now, error="e")
    )
    db.session.commit()
    assert number_in(client.get("/help")) == before, "some seconds old"
    client.post("/messages/readings")
    assert number_in(client.get("/help")) == before + 1


def test_without_the_setting_the_mast_shows_no_number(sign_in, session):
    page = sign_in(UserFactory(locale="en")).get("/help").get_data(as_text=True)
    assert 'href="/todos">To do</a>' in page


def test_statements_do_not_grow_with_the_rows(sign_in, statements, engagement):
    lead, _member, officer = crew_of(engagement)
    file_paper(lead, engagement)
    client = sign_in(officer)
    client.get("/todos")
    db.session.rollback()
    with statements() as few:
        client.get("/todos")
    for number in range(3):
        other = make_engagement(actor=officer)
        file_paper(crew_of(other)[0], other, f"G-{number + 2:02d}")
    db.session.rollback()
    with statements() as many:
        client.get("/todos")
    assert len(few) == len(many)


def test_an_answer_waits_for_whoever_gave_the_opinion(engagement, session):
    lead, _member, officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    note = guidance.issue_note(officer, paper.versions[0], NewNote(NoteKind.MUST_RESOLVE, "why"))
    session.commit()

    def waiting():
        asked = todos.opinions_to_answer, todos.answers_to_settle
        assert set(asked) <= set(todos.questions_of(officer))
        return [counted([question(officer)])[0].count for question in asked]

    assert waiting() == [1, 0]
    guidance.reply_to_note(lead, note, "done")
    session.commit()
    assert waiting() == [0, 1]
    guidance.settle_note(officer, note)
    session.commit()
    assert waiting() == [0, 0]


def test_nothing_waits_for_one_who_only_looks(engagement, session):
    engagement.current_stage.due_on = clock.today() - timedelta(days=9)
    session.commit()
    assert any(todo.count for todo in todos.todos(UserFactory(role=Role.LEADER)))
    assert not any(todo.count for todo in todos.todos(UserFactory(role=Role.INSPECTOR)))
