"""What takes two people; and the log's new key, for which the old one vouches."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.audit import sealing
from app.audit.checking import Trust
from app.audit.checkpoint import opened
from app.audit.keys import known_keys, load_signer, load_verifier, seal_signer
from app.audit.rotation import change_key, followed, statements
from app.audit.verifying import verify
from app.db import db, transaction
from app.encrypted import ring
from app.errors import Conflict, Forbidden
from app.identity import acts
from app.identity.models import DangerousAct
from app.notifications.models import Message
from app.policy import Role
from tests.factories import UserFactory

ORIGIN = "xingping.example/test"


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "keys" / "audit_key"
    load_signer(path, ORIGIN)
    return path


def asked_by(user, reason="演示：密钥到期"):
    with transaction():
        return acts.ask_act(user, "seal_key", reason)


@pytest.fixture
def done(monkeypatch):
    """The act itself, watched."""
    called = []
    told = acts.Act(
        "seal_key", "演示", "演示", lambda who, _asked: called.append(who.id) or "a → b"
    )
    monkeypatch.setitem(acts.ACTS, "seal_key", told)
    return called


def test_one_asks_another_confirms_and_it_is_done_once(session, audited, done):
    security, system = UserFactory(role=Role.SECURITY_ADMIN), UserFactory(role=Role.SYSTEM_ADMIN)
    asked = asked_by(system)
    assert done == []
    with transaction():
        acts.confirm_act(security, asked)
    assert done == [security.id]
    assert asked.outcome == "a → b"
    with pytest.raises(Conflict), transaction():
        acts.confirm_act(security, asked)
    assert audited() == ["dangerous_act.asked", "dangerous_act.done"]


def test_nobody_confirms_what_they_asked_for(session, done):
    security = UserFactory(role=Role.SECURITY_ADMIN)
    asked = asked_by(security)
    with pytest.raises(Forbidden), transaction():
        acts.confirm_act(security, asked)
    assert done == []


def test_the_database_has_the_last_word_on_two_people(session, done):
    from sqlalchemy.exc import IntegrityError

    security = UserFactory(role=Role.SECURITY_ADMIN)
    asked = asked_by(security)
    with pytest.raises((IntegrityError, Conflict)), transaction():
        asked.decider_id, asked.done_at = security.id, clock.now()
        db.session.flush()


@pytest.mark.parametrize("role", [Role.AUDIT_ADMIN, Role.LEADER, Role.PERFORMANCE_OFFICER])
def test_others_neither_ask_nor_confirm(session, done, role):
    other = UserFactory(role=role)
    with pytest.raises(Forbidden):
        asked_by(other)
    asked = asked_by(UserFactory(role=Role.SYSTEM_ADMIN))
    with pytest.raises(Forbidden), transaction():
        acts.confirm_act(other, asked)
    assert done == []


def test_of_each_kind_one_waits_and_may_be_taken_back(session, done):
    system = UserFactory(role=Role.SYSTEM_ADMIN)
    first = asked_by(system)
    with pytest.raises(Conflict):
        asked_by(UserFactory(role=Role.SECURITY_ADMIN))
    with transaction():
        acts.refuse_act(system, first)
    asked_by(system)
    assert done == []


def test_the_page_asks_tells_and_does(sign_in, session, done):
    security, system = UserFactory(role=Role.SECURITY_ADMIN), UserFactory(role=Role.SYSTEM_ADMIN)
    client = sign_in(system)
    page = client.get("/dangerous-acts").get_data(as_text=True)
    once = page.split('name="once" value="')[1].split('"')[0]
    assert client.post("/dangerous-acts/seal_key", data={"once": once}).status_code == 422
    told = {"once": once, "reason": "演示：密钥到期"}
    assert client.post("/dangerous-acts/seal_key", data=told).status_code == 302
    assert session.scalar(select(Message.kind).where(Message.user_id == security.id))
    key = session.scalar(select(DangerousAct.id))
    assert client.post(f"/dangerous-acts/{key}/confirmations").status_code == 403
    other = sign_in(security)
    assert f"/dangerous-acts/{key}/confirmations" in other.get("/dangerous-acts").text
    assert other.post(f"/dangerous-acts/{key}/confirmations").status_code == 302
    assert done == [security.id]
    assert sign_in(UserFactory(role=Role.AUDIT_ADMIN)).get("/dangerous-acts").status_code == 200
    section = sign_in(UserFactory()).get("/dangerous-acts")  # it has acts of its own
    assert section.status_code == 200
    assert "演示：密钥到期" not in section.text
    other_role = UserFactory(role=Role.INSPECTOR)
    assert sign_in(other_role).get("/dangerous-acts").status_code == 403


# The key


def test_the_old_key_vouches_for_the_new_one(key):
    old = load_signer(key, ORIGIN)
    change = change_key(key, ORIGIN, "2026-03-02T02:00:00Z")
    new = load_signer(key, ORIGIN)
    assert (change.old, change.new) == (old.verifier.key_id.hex(), new.verifier.key_id.hex())
    assert old.verifier.key_id != new.verifier.key_id
    notes = statements(key.parent)
    assert [k.key_id for k in followed([old.verifier], notes)] == [
        old.verifier.key_id,
        new.verifier.key_id,
    ]
    assert opened(notes[0], [old.verifier]) == opened(notes[0], [new.verifier])
    assert key.stat().st_mode & 0o777 == 0o600
    assert load_verifier(key.with_suffix(".pub"), ORIGIN).key_id == new.verifier.key_id
    assert not [p for p in key.parent.iterdir() if p.name.startswith(".")]


def test_a_chain_of_changes_is_followed_from_the_first_key(key):
    first = load_signer(key, ORIGIN).verifier
    for _n in range(3):
        change_key(key, ORIGIN, "2026-03-02T02:00:00Z")
    assert len(followed([first], statements(key.parent))) == 4


def test_nobody_else_puts_a_key_into_the_chain(key, tmp_path):
    first = load_signer(key, ORIGIN).verifier
    foreign = tmp_path / "other" / "audit_key"
    load_signer(foreign, ORIGIN)
    change_key(foreign, ORIGIN, "2026-03-02T02:00:00Z")
    assert followed([first], statements(foreign.parent)) == [first]
    change_key(key, ORIGIN, "2026-03-02T02:00:00Z")
    note = statements(key.parent)[0]
    head, _, tail = note.rpartition("\n\n")
    only_old = f"{head}\n\n{tail.splitlines()[0]}\n"
    assert followed([first], [only_old]) == [first]
    assert followed([first], [note.replace("2026", "2027"), "nonsense", ""]) == [first]


def test_the_log_is_whole_after_a_change_of_key(district):
    first = seal_signer().verifier
    with transaction():
        system = UserFactory.build(role=Role.SYSTEM_ADMIN)
        security = UserFactory.build(role=Role.SECURITY_ADMIN)
        db.session.add_all([system, security])
    asked = asked_by(system)
    with transaction():
        sealing.seal()
    with transaction():
        acts.confirm_act(security, asked)
    with transaction():
        sealing.seal()
    assert seal_signer().verifier.key_id != first.key_id
    assert verify(db.engine, Trust(known_keys())).ok
    assert not verify(db.engine, Trust([first])).ok
    folder = Path(district.config["AUDIT_KEY_FILE"]).parent
    assert verify(db.engine, Trust(followed([first], statements(folder)))).ok
    outside = folder.parent / "first.txt"
    outside.write_text(first.words())
    command = district.test_cli_runner()
    from app.audit.commands import audit_commands

    said = command.invoke(audit_commands, ["verify", "--key", str(outside)])
    assert said.exit_code == 0, said.output
    for one in folder.glob("*.statement"):
        one.unlink()
    assert command.invoke(audit_commands, ["verify", "--key", str(outside)]).exit_code == 1


def test_the_key_of_personal_data_takes_two_people(session, app, tmp_path, monkeypatch, sign_in):
    monkeypatch.setitem(app.config, "PERSONAL_KEY_FILE", str(tmp_path / "personal_keys"))
    first, security = ring().newest, UserFactory(role=Role.SECURITY_ADMIN)
    system = UserFactory(role=Role.SYSTEM_ADMIN)
    with transaction():
        asked = acts.ask_act(system, "personal_key", "演示：人员离岗")
    assert sign_in(system).post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 403
    assert ring().newest == first
    assert sign_in(security).post(f"/dangerous-acts/{asked.id}/confirmations").status_code == 302
    assert (asked.outcome, asked.outcome == first) == (ring().newest, False)
