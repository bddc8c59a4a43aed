"""Telling people: in the transaction, once each, in their language; the inbox is one's own."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from app import clock
from app.db import transaction
from app.notifications import queries, services
from app.notifications.kinds import Kind
from app.notifications.labels import SENTENCES, sentence
from app.notifications.models import Message
from app.policy import Role
from tests.factories import OrganisationFactory, UserFactory

FACTS = {"engagement": "演示委托 1", "paper": "G-01 演示底稿"}


def send(*people, kind=Kind.VERSION_RETURNED, facts=FACTS, link="/papers/1"):
    with transaction():
        services.send(people, kind, facts, link)


def test_everybody_is_told_once(session):
    one, other = UserFactory(), UserFactory()
    send(one, one.id, other)
    assert queries.unread_count(one) == queries.unread_count(other) == 1


def test_nobody_to_tell_is_fine(session):
    send()
    assert session.query(Message).count() == 0


def test_what_is_rolled_back_was_never_told(session):
    user = UserFactory()
    with pytest.raises(ZeroDivisionError), transaction():
        services.send([user], Kind.VERSION_RETURNED, FACTS, "/papers/1")
        raise ZeroDivisionError
    assert queries.unread_count(user) == 0


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "papers/1"])
def test_a_message_leads_to_our_own_pages_only(session, link):
    with pytest.raises(ValueError, match="leads"):
        send(UserFactory(), link=link)


def test_the_facts_are_those_of_the_kind(session):
    with pytest.raises(ValueError, match="needs"):
        send(UserFactory(), facts={"paper": "G-01"})


def test_every_kind_has_a_sentence_that_asks_for_its_own_facts_only(app):
    assert set(SENTENCES) == set(Kind)
    with app.test_request_context(), force_locale("en"):
        for kind in Kind:
            shown = sentence(kind.label, {name: f"<{name}>" for name in kind.facts})
            assert not kind.facts or any(f"<{name}>" in shown for name in kind.facts), kind


def test_people_whose_access_ended_are_not_told(session):
    unit = OrganisationFactory()
    here = UserFactory(role=Role.UNIT_OFFICER, organisation=unit)
    UserFactory(role=Role.UNIT_OFFICER, organisation=unit, closed_at=clock.now())
    yesterday = clock.today() - timedelta(days=1)
    UserFactory(role=Role.UNIT_OFFICER, organisation=unit, access_ends_on=yesterday)
    assert list(queries.recipients([unit.id], [Role.UNIT_OFFICER])) == [here.id]
    assert list(queries.recipients([], [Role.UNIT_OFFICER])) == []
    assert here.id in queries.holders_of(Role.UNIT_OFFICER)


def test_reading_a_message_leads_to_the_thing(sign_in, session):
    user = UserFactory()
    send(user)
    client = sign_in(user)
    assert FACTS["paper"] in client.get("/messages").get_data(as_text=True)
    message = session.query(Message).one()
    assert client.post(f"/messages/{message.id}/readings").location == "/papers/1"
    assert queries.unread_count(user) == 0
    assert FACTS["paper"] not in client.get("/messages").get_data(as_text=True)
    assert FACTS["paper"] in client.get("/messages?show=all").get_data(as_text=True)


def test_another_persons_message_is_not_there(sign_in, session):
    user = UserFactory()
    send(user)
    message = session.query(Message).one()
    assert sign_in(UserFactory()).post(f"/messages/{message.id}/readings").status_code == 404
    assert queries.unread_count(user) == 1


def test_all_of_ones_own_are_marked_at_once(sign_in, session):
    user, other = UserFactory(), UserFactory()
    send(user, other)
    assert sign_in(user).post("/messages/readings").status_code == 302
    assert (queries.unread_count(user), queries.unread_count(other)) == (0, 1)


def test_the_mast_counts_what_is_unread(sign_in):
    user = UserFactory(locale="en")
    send(user)
    assert "Messages <b>1</b>" in sign_in(user).get("/password").get_data(as_text=True)
