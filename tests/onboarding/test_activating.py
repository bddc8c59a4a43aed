"""Slips of paper open an account once, for their owner alone."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from app import clock, pdf
from app.accounts import passwords
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Forbidden, Invalid
from app.onboarding import activating, codes
from app.onboarding.models import ActivationCode
from app.policy import Role
from app.web import fresh_token
from tests.factories import PASSWORD, UserFactory

NEW = "Neu-Wort-2031"
needs_tools = pytest.mark.skipif(bool(pdf.missing()), reason="; ".join(pdf.missing()))


@pytest.fixture
def officer(session):
    return UserFactory()


@pytest.fixture
def person(session):
    return UserFactory(role=Role.UNIT_OFFICER, password_hash=passwords.NONE_YET)


def slip_of(officer, person, days=14):
    with transaction():
        return activating.issue_slips(officer, [person], days)[0]


def use(login, code, new=NEW):
    with transaction():
        return activating.use_code(login, code, new, is_former=False)


def test_codes_are_read_as_people_type_them():
    code = codes.make_one()
    assert len(codes.normalise(code)) == codes.LENGTH
    typed = code.lower().replace("-", "  ")
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    assert codes.digest_of(code) == codes.digest_of(typed) == codes.digest_of(wide)
    assert codes.digest_of(codes.make_one()) != codes.digest_of(code)


def test_a_slip_opens_the_account_once(officer, person, session, audited):
    slip = slip_of(officer, person)
    assert use(person.login, slip.code) is person
    assert passwords.matches(person.password_hash, NEW)
    assert not person.must_change_password
    assert use(person.login, slip.code, "Ander-Wort-2032") is None
    assert passwords.matches(person.password_hash, NEW)
    assert audited()[-3:] == ["activation.issued", "activation.used", "sign_in.refused"]


def test_only_a_digest_is_kept_and_the_log_has_no_code(officer, person, session):
    slip = slip_of(officer, person)
    kept = session.scalar(select(ActivationCode))
    told = " ".join(session.scalars(select(AuditEvent.canonical)))
    for text in (kept.code_sha256, told):
        assert slip.code not in text
        assert codes.normalise(slip.code) not in text


def test_a_slip_serves_its_owner_alone(officer, person, session):
    slip, other = slip_of(officer, person), UserFactory(role=Role.UNIT_OFFICER)
    assert use(other.login, slip.code) is None
    assert use("nobody", slip.code) is None
    assert use(person.login, codes.make_one()) is None
    assert passwords.matches(other.password_hash, PASSWORD)


def test_an_old_slip_opens_nothing(officer, person, session, monkeypatch):
    slip, later = slip_of(officer, person, days=3), clock.now() + timedelta(days=3, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert use(person.login, slip.code) is None


def test_a_new_slip_ends_the_one_before(officer, person, session):
    first, second = slip_of(officer, person), slip_of(officer, person)
    assert use(person.login, first.code) is None
    assert use(person.login, second.code) is person


def test_a_closed_account_gets_and_uses_no_slip(officer, person, session):
    slip = slip_of(officer, person)
    person.closed_at = clock.now()
    session.commit()
    assert use(person.login, slip.code) is None
    with pytest.raises(Invalid):
        slip_of(officer, person)


def test_a_forgotten_password_ends_a_lock_and_every_session(officer, session):
    person = UserFactory(role=Role.UNIT_OFFICER, locked_until=clock.now() + timedelta(hours=1))
    slip, stamp = slip_of(officer, person), person.session_stamp
    assert passwords.matches(person.password_hash, PASSWORD), "a slip in a drawer locks nobody out"
    assert use(person.login, slip.code) is person
    assert person.locked_until is None
    assert person.session_stamp != stamp


def test_a_weak_password_leaves_the_slip_good(officer, person, session):
    slip = slip_of(officer, person)
    with pytest.raises(Invalid):
        use(person.login, slip.code, "short")
    assert use(person.login, slip.code) is person


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.AGENCY_ADMIN, Role.LEADER])
def test_others_print_no_slips(role, person, session):
    with pytest.raises(Forbidden):
        slip_of(UserFactory(role=role), person)


def test_nobody_signs_in_before_the_slip_is_used(client, person):
    for guess in (passwords.NONE_YET, "", PASSWORD):
        assert (
            client.post("/sign-in", data={"login": person.login, "password": guess}).status_code
            == 422
        )


def test_the_door_tells_no_reason(client, officer, person):
    used, words = slip_of(officer, person), {"new": NEW, "again": NEW}
    assert use(person.login, used.code) is person
    pages = set()
    for login, code in ((person.login, used.code), ("nobody", used.code), ("x", codes.make_one())):
        reply = client.post("/activation", data={"login": login, "code": code, **words})
        assert reply.status_code == 422
        page = re.sub(r'name="csrf_token" value="[^"]*"', "", reply.get_data(as_text=True))
        assert NEW not in page
        pages.add(page.replace(f'value="{login}"', "").replace(f'value="{code}"', ""))
    assert len(pages) == 1


def test_the_door_has_a_pace_and_takes_no_former_password(
    app, client, officer, person, session, monkeypatch
):
    monkeypatch.setitem(app.config, "SIGN_IN_ADDRESS_FAILURES", 2)
    used = slip_of(officer, person)
    assert use(person.login, used.code, PASSWORD) is person
    login, slip, words = person.login, slip_of(officer, person), {"new": NEW, "again": NEW}
    asked = {"login": login, "code": slip.code}
    again = {"new": PASSWORD, "again": PASSWORD}
    reply = client.post("/activation", data={**asked, **again})
    assert (reply.status_code, "用过" in reply.get_data(as_text=True)) == (422, True)
    for _n in range(2):
        wrong = {"login": login, "code": codes.make_one(), **words}
        assert client.post("/activation", data=wrong).status_code == 422
    refusals = select(func.count()).where(AuditEvent.event == "sign_in.refused")
    before = session.scalar(refusals)
    assert client.post("/activation", data={**asked, **words}).status_code == 422, "slowed down"
    assert session.scalar(refusals) == before, "what is too fast is not even looked at"
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.9.9.9"}}
    reply = app.test_client().post("/activation", data={**asked, **words}, **elsewhere)
    assert reply.location == "/sign-in"


@needs_tools
def test_a_printed_slip_is_typed_in_at_the_door(sign_in, client, officer, person):
    inside = sign_in(officer)
    assert person.organisation.name in inside.get("/first-month").get_data(as_text=True)
    told = {"once": fresh_token(), "organisation": person.organisation_id}
    reply = inside.post("/first-month/slips", data=told)
    assert reply.mimetype == "application/pdf"
    assert reply.headers["Cache-Control"] == "no-store"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages)
    code = next(word for word in text.split() if word.count("-") == 3 and len(word) == 19)
    assert client.get("/activation").status_code == 200
    words = {"login": person.login, "code": code, "new": NEW, "again": NEW}
    assert client.post("/activation", data=words).location == "/sign-in"
    sent = client.post("/sign-in", data={"login": person.login, "password": NEW})
    assert sent.status_code == 302
    assert inside.post("/first-month/slips", data=told).status_code == 409


@needs_tools
def test_a_persons_page_prints_one_slip(sign_in, officer, person):
    inside = sign_in(officer)
    shown = inside.get(f"/accounts/{person.id}").get_data(as_text=True)
    assert "/slips" in shown
    assert f"/handovers/new?for={person.id}" in shown, "a replaced officer's work goes on from here"
    reply = inside.post(f"/accounts/{person.id}/slips", data={"once": fresh_token()})
    assert reply.mimetype == "application/pdf"
    system = sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    shown = system.get("/first-month").get_data(as_text=True)
    assert person.organisation.name in shown
    assert "/first-month/slips" not in shown, "nothing is offered that would be refused"
    told = {"once": fresh_token()}
    assert system.post("/first-month/slips", data=told).status_code == 403
    outsider = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert outsider.post(f"/accounts/{person.id}/slips").status_code == 404
    assert outsider.get("/first-month").status_code == 403
