"""One's own choice of how to be told; targets and the outbox on the administrator's pages."""

import pytest
from sqlalchemy import select

from app import clock
from app.db import db
from app.notifications import queries
from app.notifications.kinds import Kind
from app.notifications.models import Delivery, Format, MessageChoice, MessageTarget
from app.policy import Role
from app.web import fresh_token
from tests.factories import OrganisationFactory, UserFactory


def chosen(**changes):
    told = {"email": "me@portal.test", "pace": "digest", "quiet_from": "21", "quiet_until": "7"}
    kinds = [Kind.NOTE_ISSUED.label]
    return {**told, "kinds": kinds, "once": fresh_token(), **changes}


def aimed(**changes):
    told = {"name": "演示绩效科群", "format": "wecom", "url": "https://qyapi.example/send?key=7"}
    return {**told, "secret": "", "organisation": "", "once": fresh_token(), **changes}


@pytest.fixture
def keeper(session, sign_in):
    return sign_in(UserFactory(role=Role.SYSTEM_ADMIN, locale="en"))


def test_a_person_chooses_and_finds_it_again(sign_in, audited):
    user = UserFactory(locale="en")
    client = sign_in(user)
    assert client.get("/messages/choices").status_code == 200
    assert client.post("/messages/choices", data=chosen()).status_code == 302
    kept = queries.choice_of(user)
    assert (kept.email, kept.is_digest, kept.quiet_from) == ("me@portal.test", True, 21)
    assert Kind.NOTE_ISSUED.label not in kept.kinds_off
    assert Kind.NOTE_REPLIED.label in kept.kinds_off
    assert 'value="me@portal.test"' in client.get("/messages/choices").get_data(as_text=True)
    client.post("/messages/choices", data=chosen(email="", quiet_from="", quiet_until=""))
    assert audited() == ["message_choice.made"] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"}, {"email": "a@b"}, {"email": "a@b.cn\nBcc: x@y.cn"},
        {"email": "a@b.cn,c@d.cn"}, {"quiet_until": ""}, {"quiet_from": "24"}, {"pace": "never"},
    ],
)  # fmt: skip
def test_what_can_not_be_is_shown_again(sign_in, wrong):
    user = UserFactory()
    reply = sign_in(user).post("/messages/choices", data=chosen(**wrong))
    assert reply.status_code == 422
    assert db.session.get(MessageChoice, user.id) is None


def test_a_trial_mail_goes_to_the_own_address(sign_in, session, audited):
    user = UserFactory()
    client = sign_in(user)
    client.post("/messages/choices", data=chosen())
    assert client.post("/messages/choices/trials").status_code == 302
    row = session.scalars(select(Delivery)).one()
    assert (row.user_id, row.kind, row.due_at <= clock.now()) == (user.id, "trial", True)
    assert audited()[-1] == "message.tried"


def test_a_target_is_kept_changed_tried_and_retired(keeper, session, audited):
    home = OrganisationFactory(name="演示街道")
    assert keeper.get("/messages/targets/new").status_code == 200
    assert keeper.post("/messages/targets", data=aimed(organisation=home.id)).status_code == 302
    target = session.scalars(select(MessageTarget)).one()
    assert (target.format, target.organisation_id) == (Format.WECOM, home.id)
    page = keeper.get("/messages/targets").get_data(as_text=True)
    assert "qyapi.example" in page
    assert "key=7" not in page, "the address is the robot's key"
    place = f"/messages/targets/{target.id}"
    keeper.post(place, data=aimed(format="generic", secret="演示密钥"))
    keeper.post(place, data=aimed(format="generic", name="另一个"))
    session.refresh(target)
    assert (target.name, target.secret) == ("另一个", "演示密钥")
    assert "演示密钥" not in keeper.get(place).get_data(as_text=True)
    assert keeper.post(f"{place}/trials").status_code == 302
    assert f'action="{place}/retirement"' in keeper.get(f"{place}/retirement/new").text
    assert keeper.post(f"{place}/retirement").status_code == 302
    assert audited() == [
        "message_target.added", "message_target.changed", "message_target.changed",
        "message.tried", "message_target.retired",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://x.example/"}, {"url": "https://"}, {"url": "javascript:alert(1)"},
        {"url": "https://me:pass@x.example/"}, {"url": "https://[::1"}, {"name": ""},
        {"format": "generic"}, {"organisation": "999999"}, {"url": "https://x.example:99999/"},
    ],
)  # fmt: skip
def test_a_target_that_can_not_be_is_refused(keeper, session, wrong):
    assert keeper.post("/messages/targets", data=aimed(**wrong)).status_code == 422
    assert session.scalars(select(MessageTarget)).all() == []


def a_row(**changes):
    user, now = UserFactory(name="演示收件人"), clock.now()
    told = {"key": fresh_token(), "route": "mail", "user_id": user.id, "kind": "trial", **changes}
    row = Delivery(facts={"name": "秘"}, link="/", batch="b", made_at=now, due_at=now, **told)
    db.session.add(row)
    db.session.commit()
    return row


def test_the_outbox_tells_kinds_and_errors_and_never_words(keeper, session, audited):
    a_row(error="Away: OSError")
    a_row(sent_at=clock.now())
    dead = a_row(dead_at=clock.now(), error="550 nobody")
    page = keeper.get("/messages/outbox").get_data(as_text=True)
    assert "Away: OSError" in page
    assert "秘" not in page
    assert "550 nobody" in keeper.get("/messages/outbox?state=dead").get_data(as_text=True)
    assert "演示收件人" in keeper.get("/messages/outbox?state=sent").get_data(as_text=True)
    for _twice in range(2):
        assert keeper.post(f"/messages/outbox/{dead.id}/retries").status_code == 302
    session.refresh(dead)
    assert (dead.dead_at, dead.tries) == (None, 0)
    assert audited() == ["delivery.retried"]


def test_the_outbox_asks_as_often_for_many_rows(keeper, statements):
    a_row()
    with statements() as few:
        keeper.get("/messages/outbox")
    for _n in range(20):
        a_row()
    with statements() as many:
        keeper.get("/messages/outbox")
    assert len(few) == len(many)


@pytest.mark.parametrize("role", [Role.PERFORMANCE_OFFICER, Role.SECURITY_ADMIN, Role.AGENCY_ADMIN])
def test_targets_are_the_system_administrators(session, sign_in, role):
    row, client = a_row(dead_at=clock.now()), sign_in(UserFactory(role=role))
    for place in ("/messages/targets", "/messages/targets/new", "/messages/outbox"):
        assert client.get(place).status_code == 403
    assert client.post("/messages/targets", data=aimed()).status_code == 403
    assert client.post(f"/messages/outbox/{row.id}/retries").status_code == 404
