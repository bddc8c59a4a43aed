"""Second factors, sessions that end alone, notices of new places, the password asked once more."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from app import clock
from app.accounts import pacing, services
from app.accounts.models import AddressAttempt, User
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.identity import entering, factors, linking, queries, sealing, totp
from app.identity.models import RecoveryCode, SecondFactor, SignInSession
from app.notifications.models import Message
from app.onboarding.activating import issue_slips
from app.policy import Role
from tests.factories import PASSWORD, UserFactory

AT = datetime(2026, 3, 2, 2, 0, 10, tzinfo=UTC)


def with_factor(user, at=AT):
    secret = totp.fresh_secret()
    with clock.frozen(at), transaction():
        codes = factors.add_factor(user, secret, pyotp.TOTP(secret).at(at))
    return secret, codes


def first_step(client, user, **query):
    told = {"login": user.login, "password": PASSWORD}
    return client.post("/sign-in", data=told, query_string=query)


def test_codes_follow_the_standard():
    """RFC 6238 appendix B: at 59 s the secret 12345678901234567890 gives …287082."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp.step_of(secret, "287 082", datetime.fromtimestamp(59, UTC)) == 1
    assert totp.step_of(secret, "287082", datetime.fromtimestamp(89, UTC)) == 1
    assert totp.step_of(secret, "287082", datetime.fromtimestamp(59 + 91, UTC)) is None
    assert totp.step_of(secret, "２８７０８２", datetime.fromtimestamp(59, UTC)) is None


def test_the_picture_has_no_style_of_its_own():
    svg = totp.picture(totp.fresh_secret(), "demo.user")
    assert svg.startswith("<svg")
    assert "viewBox" in svg  # a picture of any size is whole
    assert "style" not in svg
    assert "script" not in svg


def test_a_secret_is_sealed_for_its_owner(session):
    user, other = UserFactory(), UserFactory()
    secret, codes = with_factor(user)
    kept = queries.factor_of(user)
    assert secret not in kept.sealed_secret
    assert sealing.unseal(kept.sealed_secret, user.id) == secret
    with pytest.raises(InvalidTag):
        sealing.unseal(kept.sealed_secret, other.id)
    hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(hashes) == len(set(codes)) == 10
    assert not {code.replace("-", "") for code in codes} & set(hashes)


def test_a_wrong_code_adds_nothing(session, audited):
    user = UserFactory()
    with pytest.raises(Invalid), transaction():
        factors.add_factor(user, totp.fresh_secret(), "000 00")
    assert queries.factor_of(user) is None
    assert audited() == []


def test_a_second_one_beside_the_first_is_refused(session):
    user = UserFactory()
    with_factor(user)
    with pytest.raises(Conflict):
        with_factor(user)


def test_the_password_alone_opens_nothing_any_more(client, session, audited):
    user = UserFactory()
    secret, _codes = with_factor(user)
    with clock.frozen(AT + timedelta(minutes=2)):
        reply = first_step(client, user, next="/messages")
        assert reply.location.startswith("/second-step")
        assert client.get("/messages").location.startswith("/sign-in")
        code = pyotp.TOTP(secret).at(clock.now())
        assert client.post(reply.location, data={"code": "000000"}).status_code == 422
        assert client.post(reply.location, data={"code": code}).location == "/messages"
        assert client.get("/messages").status_code == 200
    told = [name for name in audited() if name.startswith("sign_in")]
    assert told == ["sign_in.half", "sign_in.refused", "sign_in.done"]


def test_a_code_opens_once(client, session):
    user = UserFactory()
    secret, _codes = with_factor(user)
    with clock.frozen(AT + timedelta(minutes=2)):
        code = pyotp.TOTP(secret).at(clock.now())
        with transaction():
            assert factors.opens(user, code)
        with transaction():
            assert not factors.opens(user, code)


def test_a_recovery_code_opens_once_however_it_is_typed(session, audited):
    user = UserFactory()
    _secret, codes = with_factor(user)
    typed = codes[0].lower().replace("-", " ")
    with transaction():
        assert factors.opens(user, typed)
    with transaction():
        assert not factors.opens(user, typed)
    assert queries.codes_left(queries.factor_of(user)) == 9
    with transaction():
        factors.renew_codes(user)
    with transaction():
        assert not factors.opens(user, codes[1])


def test_guessing_codes_locks_the_account(client, app, session):
    """The password that fits again between the guesses forgets no failure."""
    user = UserFactory()
    secret, _codes = with_factor(user)
    with clock.frozen(AT + timedelta(minutes=2)):
        for _n in range(app.config["LOCKOUT_FAILURES"]):
            first_step(client, user)
            client.post("/second-step", data={"code": "000000"})
        session.refresh(user)
        assert user.locked_until > clock.now()
        code = pyotp.TOTP(secret).at(clock.now())
        assert client.post("/second-step", data={"code": code}).status_code == 422


def test_the_second_step_has_an_end(client, session):
    user = UserFactory()
    secret, _codes = with_factor(user)
    with clock.frozen(AT + timedelta(minutes=2)):
        first_step(client, user)
    with clock.frozen(AT + timedelta(minutes=8)):
        code = pyotp.TOTP(secret).at(clock.now())
        reply = client.post("/second-step", data={"code": code})
    assert reply.location.startswith("/sign-in")


def test_without_a_first_step_there_is_no_second(client, session):
    assert client.get("/second-step").location.startswith("/sign-in")
    assert client.post("/second-step", data={"code": "1"}).location.startswith("/sign-in")


def test_a_role_that_needs_a_factor_goes_nowhere_without(app, sign_in, session, monkeypatch):
    monkeypatch.setitem(app.config, "TOTP_ROLES", "leader, security_admin")
    leader, officer = UserFactory(role=Role.LEADER), UserFactory()
    client = sign_in(leader)
    assert client.get("/messages").location == "/second-factor"
    assert sign_in(officer).get("/messages").status_code == 200
    page = client.get("/second-factor").get_data(as_text=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    shown = client.post("/second-factor", data={"code": pyotp.TOTP(secret).at(clock.now())})
    assert len(re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", shown.get_data(as_text=True))) == 10
    assert client.get("/messages").status_code == 200
    assert secret not in client.get("/second-factor").get_data(as_text=True)


@pytest.mark.parametrize("told", ["boss", "leader, chief", "Leader"])
def test_a_role_that_is_none_stops_the_start(told):
    with pytest.raises(ValueError, match="TOTP_ROLES"):
        entering.needing_roles(told)
    assert entering.needing_roles(" leader , security_admin") == {"leader", "security_admin"}
    assert entering.needing_roles("") == frozenset()


def test_a_wrong_code_shows_the_same_picture_again(sign_in, session):
    client = sign_in(UserFactory())
    page = client.get("/second-factor").get_data(as_text=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    again = client.post("/second-factor", data={"code": "1"})
    assert again.status_code == 422
    assert secret in again.get_data(as_text=True)


def test_the_security_administrator_ends_the_factor_of_a_lost_telephone(sign_in, session):
    user = UserFactory(role=Role.LEADER)
    with_factor(user)
    url = f"/accounts/{user.id}/second-factor-ends"
    assert sign_in(UserFactory(role=Role.AUDIT_ADMIN)).post(url).status_code == 404
    assert sign_in(UserFactory(role=Role.SYSTEM_ADMIN)).post(url).status_code == 403
    assert queries.factor_of(user) is not None
    client = sign_in(UserFactory(role=Role.SECURITY_ADMIN))
    assert f'action="{url}"' in client.get(f"{url}/new").get_data(as_text=True)
    assert client.post(url).status_code == 302
    assert queries.factor_of(user) is None
    assert session.scalar(select(SecondFactor.ended_at)) is not None


# Sessions


def enter(app, user, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120", address="10.0.0.1"):
    client = app.test_client()
    told = {"login": user.login, "password": PASSWORD}
    more = {"environ_base": {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent}}
    assert client.post("/sign-in", data=told, **more).status_code == 302
    return client


def test_one_session_ends_alone(app, session, audited):
    user = UserFactory()
    first, second = enter(app, user), enter(app, user)
    keys = session.scalars(select(SignInSession.id).order_by(SignInSession.id)).all()
    assert second.post(f"/sign-ins/{keys[0]}/ends").status_code == 302
    assert first.get("/messages").location.startswith("/sign-in")
    assert second.get("/messages").status_code == 200
    assert "sign_in_sessions.ended" in audited()


def test_all_others_end_at_once(app, session):
    user = UserFactory()
    clients = [enter(app, user) for _n in range(3)]
    assert clients[2].post("/sign-ins/ends").status_code == 302
    assert [c.get("/sign-ins").status_code for c in clients] == [302, 302, 200]
    assert clients[2].get("/sign-ins").get_data(as_text=True).count("10.0.0.1") == 1
    assert "未识别" in enter(app, user, agent="演示").get("/sign-ins").text


def test_nobody_ends_the_session_of_another(app, sign_in, session):
    enter(app, UserFactory())
    key = session.scalar(select(SignInSession.id))
    assert sign_in(UserFactory()).post(f"/sign-ins/{key}/ends").status_code == 404
    assert session.scalar(select(SignInSession.ended_at)) is None


def test_a_new_place_is_told_and_a_known_one_is_not(app, session):
    user = UserFactory()
    notices = select(Message).where(Message.user_id == user.id)
    enter(app, user)
    enter(app, user)
    assert session.scalars(notices).all() == []
    enter(app, user, address="10.0.0.2")
    enter(app, user, agent="Mozilla/5.0 (X11; Linux) Firefox/130", address="10.0.0.2")
    told = [message.facts for message in session.scalars(notices.order_by(Message.id))]
    assert told == [
        {"address": "10.0.0.2", "device": "Chrome · Windows"},
        {"address": "10.0.0.2", "device": "Firefox · Linux"},
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [("", "? · ?"), ("<script>", "? · ?"), ("Mozilla/5.0 (iPhone) Safari/600", "Safari · iPhone")],
)
def test_a_device_is_named_in_words_of_ours(words, told):
    assert entering.device_of(words) == told


# The password once more


def test_a_dangerous_step_asks_for_an_old_password_again(app, sign_in, session, audited):
    admin, user = UserFactory(role=Role.SECURITY_ADMIN), UserFactory()
    client, later = sign_in(admin), clock.now() + timedelta(minutes=31)
    with client.session_transaction() as cookie:
        cookie["seen"] = int(later.timestamp())
    url, from_page = f"/accounts/{user.id}/closings", f"http://portal.test/accounts/{user.id}"
    with clock.frozen(later):
        asked = client.post(url, headers={"Referer": from_page})
        assert asked.location == f"/proof?next=/accounts/{user.id}"
        assert client.post(asked.location, data={"password": "wrong"}).status_code == 422
        given = client.post(asked.location, data={"password": PASSWORD})
        assert given.location == f"/accounts/{user.id}"
        assert client.post(url, data={"reason": "moved"}).status_code == 302
    assert audited() == ["sign_in.refused", "sign_in.proved", "account.closed"]


def test_the_proof_leads_to_no_other_site(sign_in, session):
    client = sign_in(UserFactory())
    for elsewhere in ("https://evil.test/", "//evil.test", "/\\evil.test"):
        reply = client.post("/proof", query_string={"next": elsewhere}, data={"password": PASSWORD})
        assert reply.location == "/"


def test_guessing_at_an_unwatched_screen_ends_the_session(app, sign_in, session):
    user = UserFactory()
    client = sign_in(user)
    for _n in range(app.config["LOCKOUT_FAILURES"]):
        client.post("/proof", data={"password": "wrong"})
    assert client.get("/messages").location.startswith("/sign-in")


def test_every_dangerous_step_and_its_form_ask_whoever_holds_an_old_sign_in(
    app, sign_in, session, monkeypatch
):
    """Also a request that comes from no page: what it asks for is not even looked at."""
    methods = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    assert methods.keys() >= entering.GUARDED | entering.GUARDED_FORMS | entering.SETTING_UP
    client, later = sign_in(UserFactory()), clock.now() + timedelta(minutes=31)
    with client.session_transaction() as cookie:
        cookie["seen"] = int(later.timestamp())
    bound = app.url_map.bind("portal.test")
    with clock.frozen(later):
        for name in sorted(entering.GUARDED | entering.GUARDED_FORMS):
            numbers = {one: "seal_key" if one == "kind" else 1 for one in methods[name].arguments}
            numbers |= {"form": "json"} if "form" in numbers else {}
            method = "GET" if name in entering.GUARDED_FORMS else "POST"
            url = bound.build(name, numbers, method=method)
            reply = client.open(url, method=method)
            assert (reply.location or "").startswith("/proof"), name
        monkeypatch.setitem(app.config, "TOTP_ROLES", "all")
        assert client.get("/messages").location == "/second-factor"
        asked = client.post("/second-factor", data={"code": "000000"})
        given = client.post(asked.location, data={"password": PASSWORD})
        assert given.status_code == 302, "who must add a factor first can still prove who they are"
        assert client.post("/second-factor", data={"code": "000000"}).status_code == 422


# Passwords and addresses


def test_former_passwords_come_not_again(app, sign_in, session):
    user, key = UserFactory(), None
    now, key = PASSWORD, user.id
    for new in ("Wiesen-Grund-31", "Wiesen-Grund-32", PASSWORD):
        client = sign_in(db.session.get(User, key))
        told = {"old": now, "new": new, "again": new}
        reply = client.post("/password", data=told)
        assert reply.status_code == (422 if new == PASSWORD else 302)
        now = new


def test_many_names_from_one_address_have_a_pace(app, client, session, monkeypatch):
    monkeypatch.setitem(app.config, "SIGN_IN_ADDRESS_FAILURES", 3)
    user = UserFactory()
    for n in range(3):
        said = {"X-Forwarded-For": f"10.8.8.{n}", "Forwarded": f"for=10.8.8.{n}"}
        client.post("/sign-in", data={"login": f"nobody{n}", "password": "wrong"}, headers=said)
    assert first_step(client, user).status_code == 422
    other = {"environ_base": {"REMOTE_ADDR": "10.9.9.9"}}
    told = {"login": user.login, "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=told, **other).status_code == 302
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert first_step(client, user).status_code == 302


def test_public_pages_have_a_pace_for_each_visitor(app, client, sign_in, session, monkeypatch):
    monkeypatch.setattr(pacing, "_pace", pacing.Pace())
    url = app.url_map.bind("portal.test").build("openness.index")
    for _n in range(5):
        assert client.get(url).status_code == 200, "as many as one likes, where the setting is 0"
    monkeypatch.setitem(app.config, "PUBLIC_REQUESTS_A_MINUTE", 3)
    assert [client.get(url).status_code for _n in range(5)] == [200, 200, 200, 429, 429]
    assert client.get(url).headers["Retry-After"] == "60"
    assert client.get("/privacy-notice").status_code == 429, "whatever is public counts"
    assert client.get("/sign-in").status_code == client.get("/healthz").status_code == 200
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.9.9.9"}}
    assert app.test_client().get(url, **elsewhere).status_code == 200
    assert {sign_in(UserFactory()).get(url).status_code for _n in range(5)} == {200}
    assert session.query(AddressAttempt).count() == 0, "a page that is read writes nothing"


def test_whoever_has_a_whole_ipv6_network_is_one_address():
    told = [pacing.house_of(one) for one in ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1")]
    assert told[0] == told[1] != pacing.house_of("2001:db8:1:3::7")
    mapped = pacing.house_of("::ffff:192.0.2.7")
    assert mapped == pacing.house_of("192.0.2.7") != pacing.house_of("192.0.2.8")
    assert pacing.house_of("unix:") == "unix:"


def test_the_count_begins_anew_each_minute_and_stays_small(monkeypatch):
    monkeypatch.setattr(pacing, "MOST_ADDRESSES", 3)
    pace = pacing.Pace()
    assert [pace.is_over("a", 1, now) for now in (60, 61, 119, 120)] == [False, True, True, False]
    assert not any(pace.is_over(str(one), 1, 121) for one in range(9))
    assert len(pace._counts) <= 4


# Who gives others a way in


def told_to(user, session):
    """The kinds of messages that a person has, the oldest first."""
    mine = select(Message.kind).where(Message.user_id == user.id).order_by(Message.id)
    return session.scalars(mine).all()


def test_nobody_is_given_a_way_in_unseen(session):
    """The owner hears of it, and of accounts of the bureau those who can't be silenced."""
    admin, other = (UserFactory(role=Role.SECURITY_ADMIN) for _n in range(2))
    watcher, leader = UserFactory(role=Role.AUDIT_ADMIN), UserFactory(role=Role.LEADER)
    unit = UserFactory(role=Role.UNIT_OFFICER)
    house = leader.organisation
    with_factor(leader)
    with transaction():
        services.open_account(admin, services.NewAccount(house, Role.LEADER, "neu", "演示新局长"))
        services.reset_password(admin, leader)
        services.grant_role(admin, leader, Role.ARCHIVIST)
        issue_slips(admin, [leader], 3)
        linking.link_account(admin, leader, "https://sso.test", "007")
        services.reset_password(admin, unit)
        factors.end_factor_of(admin, leader)
    ways = ["access_renewed", "role_granted", *["access_renewed"] * 3]
    assert told_to(leader, session) == ways
    assert told_to(watcher, session) == told_to(other, session) == ["account_opened", *ways]
    assert told_to(admin, session) == [], "who did it knows"
    assert told_to(unit, session) == ["access_renewed"]
    assert (
        session.scalar(select(Message.link).where(Message.user_id == watcher.id).limit(1)) == "/log"
    )
