"""Personal data: encrypted in the database, shown in part, taken, corrected, erased in time."""

import io
import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from app import clock, encrypted
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.encrypted import add_key
from app.errors import Conflict, Forbidden, Invalid
from app.identity import places
from app.identity.models import SignInSession
from app.notifications.choosing import NewChoice, choose
from app.notifications.models import MessageChoice, MessageTarget
from app.personal import erasing, rotating, services
from app.personal.models import CorrectionRequest, Outcome, PersonalData
from app.policy import Role
from app.web import fresh_token
from tests.factories import UserFactory

NUMBER, PHONE, MAIL = "11010519491231002X", "13800001234", "yi@portal.test"


@pytest.fixture
def keys(app, monkeypatch, tmp_path):
    """A file of keys of one's own, so that a rotation here is nobody else's."""
    path = tmp_path / "keys" / "personal_keys"
    monkeypatch.setitem(app.config, "PERSONAL_KEY_FILE", path)
    return path


@pytest.fixture
def person(session, keys):
    return UserFactory(role=Role.UNIT_OFFICER)


def save(person, number=NUMBER, phone=PHONE):
    with transaction():
        return services.save_own_data(person, number, phone)


def stored(session):
    return session.execute(text("SELECT id_number, phone FROM personal_data")).one()


def test_the_database_and_the_log_hold_neither(person, session):
    kept = save(person)
    session.expire_all()
    assert (kept.id_number, kept.phone) == (NUMBER, PHONE)
    told = " ".join([*stored(session), *session.scalars(select(AuditEvent.canonical))])
    assert NUMBER not in told
    assert PHONE not in told


def test_the_same_number_is_sealed_differently_each_time(keys, app, session):
    ring = encrypted.ring()
    first, second = ring.seal(NUMBER, "a"), ring.seal(NUMBER, "a")
    assert first != second
    assert ring.unseal(first, "a") == NUMBER
    with pytest.raises(InvalidTag):
        ring.unseal(first, "b")
    with pytest.raises(InvalidTag):
        ring.unseal(first[:-6] + ("A" if first[-6] != "A" else "B") + first[-5:], "a")


def test_the_file_of_keys_is_its_owners_alone(person, keys):
    save(person)
    assert Path(keys).stat().st_mode & 0o777 == 0o600


def test_a_rotation_seals_everything_anew_and_older_copies_stay_readable(person, session, keys):
    save(person)
    before = stored(session)
    name = add_key()
    count = rotating.seal_again()[1]
    after = stored(session)
    assert count == 2
    assert all(value.startswith(f"v1.{name}.") for value in after)
    assert not set(before) & set(after)
    session.expire_all()
    assert session.get(PersonalData, person.id).id_number == NUMBER
    assert encrypted.ring().unseal(before.id_number, "personal_data.id_number") == NUMBER
    assert len(keys.read_text().splitlines()) == 2


def test_without_its_key_a_value_is_not_readable(person, session, keys):
    save(person)
    session.expire_all()
    keys.unlink()
    with pytest.raises(encrypted.BadRing):
        assert session.get(PersonalData, person.id).id_number


@pytest.mark.parametrize(
    ("number", "phone", "field"),
    [("110105194912310021", "", "id_number"), ("", "12ab", "phone"), ("", "1" * 30, "phone")],
)
def test_what_is_no_number_is_refused(person, session, audited, number, phone, field):
    with pytest.raises(Invalid) as refusal:
        save(person, number, phone)
    assert refusal.value.field == field
    assert audited() == []


def test_what_was_given_can_be_taken_back(person, session):
    save(person)
    assert save(person, "", PHONE).id_number is None
    assert stored(session).id_number is None


def test_the_page_hides_the_middle_and_keeps_what_was_typed(sign_in, person):
    client = sign_in(person)
    wrong = {"id_number": "110105194912310021", "phone": PHONE}
    reply = client.post("/personal-data", data=wrong)
    assert reply.status_code == 422
    assert wrong["id_number"] in reply.get_data(as_text=True)
    told = {"id_number": NUMBER, "phone": PHONE}
    assert client.post("/personal-data", data=told).status_code == 302
    page = client.get("/personal-data").get_data(as_text=True)
    assert "110***********002X" in page
    assert "138****1234" in page
    assert NUMBER not in page
    assert PHONE not in page
    client.post("/personal-data", data={"phone": "057700001234"})
    page = client.get("/personal-data").get_data(as_text=True)
    assert "110***********002X" in page, "what is left empty stays"
    client.post("/personal-data", data={"phone": "057700001234", "take_back": "y"})
    assert "110***********002X" not in client.get("/personal-data").get_data(as_text=True)


def mail_to(person, email=MAIL):
    with transaction():
        return choose(person, NewChoice(email, (), False, None, None))


def came_from(person, address):
    """A sign-in of this person, as the door keeps it."""
    with transaction():
        told = {"stamp": person.session_stamp, "address": address, "device": "Chrome · Windows"}
        db.session.add(SignInSession(user_id=person.id, began_at=clock.now(), **told))


def test_an_address_of_mails_and_a_targets_secret_are_sealed_too(person, session, sign_in):
    """Also those that a release before wrote in plain."""
    mail_to(person)
    other = UserFactory(role=Role.UNIT_OFFICER)
    aimed = {"name": "演示系统", "format": "generic", "url": "https://x.test/", "kinds": "[]"}
    now = clock.now().isoformat(sep=" ")
    with transaction():
        db.session.execute(
            text(
                "INSERT INTO message_target (name, format, url, secret, kinds, made_at)"
                " VALUES (:name, :format, :url, 'ein-Geheimnis', :kinds, :now)"
            ),
            {**aimed, "now": now},
        )
        db.session.add(MessageChoice(user_id=other.id, plain_email=MAIL, changed_at=clock.now()))
    assert rotating.seal_again()[1] == 0, "nothing was sealed with an older key"
    kept = "SELECT CAST(email AS TEXT), sealed_email FROM message_choice"
    secrets = "SELECT secret, sealed_secret FROM message_target"
    places = "SELECT url, sealed_url FROM message_target"
    rows = [row for asked in (kept, secrets, places) for row in session.execute(text(asked))]
    assert len(rows) == 4
    assert {row[0] for row in rows} == {""}
    assert all(row[1].startswith("v1.") for row in rows)
    session.expire_all()
    assert {one.email for one in session.scalars(select(MessageChoice))} == {MAIL}
    target = session.scalars(select(MessageTarget)).one()
    assert (target.secret, target.url) == ("ein-Geheimnis", "https://x.test/")
    add_key()
    assert rotating.seal_again()[1] == 4
    session.expire_all()
    assert {one.email for one in session.scalars(select(MessageChoice))} == {MAIL}


@pytest.mark.database("postgres")  # SQLite has one writer
def test_sealing_undoes_no_address_that_was_changed_meanwhile(district):
    with transaction():
        whose = UserFactory()
        db.session.add(MessageChoice(user_id=whose.id, plain_email=MAIL, changed_at=clock.now()))
    done = []

    def change(*_told):
        with db.engine.connect() as other, suppress(OperationalError):
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            other.execute(text("UPDATE message_choice SET email = 'new@portal.test'"))
            other.commit()
            done.append("new@portal.test")

    event.listen(db.session, "before_flush", change, once=True)
    rotating.seal_plain()
    found = db.session.scalars(select(MessageChoice)).one().email
    assert found == (done[0] if done else MAIL)


def test_a_person_takes_what_is_kept(sign_in, person, audited):
    save(person)
    mail_to(person)
    came_from(person, "10.0.0.9")
    client = sign_in(person)
    told = json.loads(client.post("/personal-data/files/json").data)
    assert (told["id_number"], told["phone"]) == (NUMBER, PHONE)
    assert told["account"]["login"] == person.login
    assert any(act["event"] == "personal_data.saved" for act in told["acts"])
    assert told["email"] == MAIL
    assert "10.0.0.9" in {row["address"] for row in told["sign_ins"]}
    book = openpyxl.load_workbook(io.BytesIO(client.post("/personal-data/files/xlsx").data))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert NUMBER in cells
    assert audited().count("personal_data.exported") == 2
    assert client.post("/personal-data/files/exe").status_code == 404


def ask(person, words="姓名有误", name="演示新名"):
    with transaction():
        return services.ask_correction(person, words, name)


def answer(actor, asked, outcome=Outcome.CORRECTED, words="已更正"):
    with transaction():
        services.answer_correction(actor, asked, outcome, words)


def test_a_granted_correction_holds_at_once(person, session, audited):
    asked = ask(person)
    answer(UserFactory(), asked)
    assert person.name == "演示新名"
    with pytest.raises(Conflict):
        answer(UserFactory(), asked)
    assert audited()[-2:] == ["correction.asked", "correction.answered"]


def test_a_refused_correction_changes_nothing(person, session):
    before, asked = person.name, ask(person)
    answer(UserFactory(), asked, Outcome.REFUSED, "与证件一致")
    assert person.name == before


def test_nobody_corrects_themselves_or_strangers(person, session):
    officer, guard = UserFactory(), UserFactory(role=Role.SECURITY_ADMIN)
    own = ask(guard)
    for actor, asked in ((guard, own), (officer, own), (person, ask(person))):
        with pytest.raises(Forbidden):
            answer(actor, asked)
    answer(UserFactory(role=Role.SECURITY_ADMIN), own)


def test_the_list_and_the_policy_agree(session, keys, sign_in):
    asked = [ask(UserFactory(role=role)) for role in (Role.UNIT_OFFICER, Role.LEADER)]
    expected = {Role.PERFORMANCE_OFFICER: asked[:1], Role.SECURITY_ADMIN: asked, Role.LEADER: []}
    for role, shown in expected.items():
        client = sign_in(UserFactory(role=role))
        page = client.get("/corrections")
        assert (page.status_code == 200) == bool(shown)
        for one in asked:
            reply = client.get(f"/corrections/{one.id}")
            assert (reply.status_code == 200) == (one in shown)
            assert (f"/corrections/{one.id}" in page.get_data(as_text=True)) == (one in shown)


def test_a_request_through_the_pages(sign_in, person, session):
    client, officer = sign_in(person), sign_in(UserFactory())
    assert client.post("/personal-data/corrections", data={}).status_code == 422
    told = {"words": "姓名有误", "new_name": "演示🙂名", "once": fresh_token()}
    refused = client.post("/personal-data/corrections", data=told)
    assert refused.status_code == 422
    assert "演示🙂名" in refused.get_data(as_text=True)
    told |= {"new_name": "演示·新名", "once": fresh_token()}
    assert client.post("/personal-data/corrections", data=told).status_code == 302
    asked = session.scalar(select(CorrectionRequest))
    assert 'href="/corrections"' in officer.get("/").text, "whoever answers finds it to do"
    assert officer.post(f"/corrections/{asked.id}", data={}).status_code == 422
    words = {"outcome": "corrected", "answer": "已更正"}
    assert officer.post(f"/corrections/{asked.id}", data=words).status_code == 302
    assert person.name == "演示·新名"
    assert "已更正" in client.get("/personal-data").get_data(as_text=True)
    assert 'href="/corrections"' not in officer.get("/").text


def test_the_notice_is_everybodys(client):
    assert client.get("/privacy-notice").status_code == 200


def test_data_go_when_the_days_after_the_account_are_over(person, session, monkeypatch):
    save(person)
    staying = UserFactory(role=Role.UNIT_OFFICER)
    save(staying)
    for one in (person, staying):
        mail_to(one)
        came_from(one, "10.0.0.9")
    person.closed_at = clock.now()
    session.commit()
    assert erasing.erase_expired(365) == 0
    later = clock.now() + timedelta(days=366)
    with clock.frozen(clock.now() + timedelta(days=100)), transaction():
        assert places.erase_places(clock.now()) == [], "so long the law wants them kept"
    monkeypatch.setattr(clock, "now", lambda: later)
    with transaction():
        assert erasing.erase_expired(365) == 1
    assert session.get(PersonalData, person.id).id_number is None
    assert session.get(PersonalData, staying.id).id_number == NUMBER
    told = {one.user_id: one.email for one in session.scalars(select(MessageChoice))}
    assert told == {person.id: "", staying.id: MAIL}
    rows = session.execute(select(SignInSession.user_id, SignInSession.address)).all()
    assert dict(rows) == {person.id: "", staying.id: "10.0.0.9"}
    with transaction():
        assert erasing.erase_expired(365) == 0
