"""Single sign-on with a real provider: who is linked comes in, and nobody else by any way back."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.identity import linking, queries
from app.operations import service_checks
from app.operations.findings import State
from app.policy import Role
from app.web import fresh_token
from config import BadSetting, issuer
from tests.factories import UserFactory
from tests.identity.provider import CLIENT, asked, challenge_of, consent, person, provider
from tests.identity.test_identity import with_factor

pytestmark = [  # of the provider's own making
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]


@pytest.fixture
def house(app, session, monkeypatch, tmp_path):
    """A portal with a single sign-on, its provider, and a security administrator."""
    secret = tmp_path / "secret"
    secret.write_text("demo-secret\n")
    now = int(clock.now().timestamp())
    with provider(person("demo-1", auth_time=now), person("demo-2", auth_time=now)) as (url, seen):
        own = {"OIDC_ISSUER": url, "OIDC_CLIENT_ID": CLIENT, "OIDC_NAME": "演示统一认证"}
        own["OIDC_CLIENT_SECRET_FILE"] = str(secret)
        for name, value in own.items():
            monkeypatch.setitem(app.config, name, value)
        yield url, seen, UserFactory(role=Role.SECURITY_ADMIN)


def linked(admin, url, subject="demo-1", **changes):
    user = UserFactory(**{"role": Role.LEADER, **changes})
    with transaction():
        linking.link_account(admin, user, url, subject)
    return user


def there(client, start="/sign-in/single?next=/messages"):
    """Go to the provider; return the address that the browser was sent to."""
    reply = client.get(start)
    assert reply.status_code == 302
    return reply.location


def back(client, address):
    """Come back from the provider to this portal."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def events():
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def test_who_is_linked_comes_in_with_state_nonce_and_challenge(app, house):
    url, seen, admin = house
    user = linked(admin, url, must_change_password=True)
    client = app.test_client()
    assert "演示统一认证" in client.get("/sign-in").get_data(as_text=True)
    away = there(client)
    told = asked(away)
    assert away.startswith(url)
    assert (told["scope"], told["code_challenge_method"]) == ("openid", "S256")
    assert len(told["state"]) >= 16
    assert len(told["nonce"]) >= 16
    reply = back(client, consent(away, "demo-1"))
    assert (reply.status_code, reply.location) == (302, "/messages")
    assert challenge_of(seen.posted[0]["code_verifier"]) == told["code_challenge"]
    assert client.get("/messages").status_code == 200  # and no password of ours is asked
    assert events()[-2:] == ["single_sign_on.used", "sign_in.done"]
    with transaction():
        linking.end_link(admin, queries.link_of(user, url))
    assert client.get("/messages").location.startswith("/sign-in")
    again = back(client, consent(there(client), "demo-1"))
    assert again.location == "/sign-in"


@pytest.mark.database("sqlite")
def test_nobody_else_comes_in(app, house):
    url, seen, admin = house
    user = linked(admin, url)
    before = events()
    client, thief = app.test_client(), app.test_client()
    way = consent(there(client), "demo-1")
    assert back(thief, way).location == "/sign-in"  # a way back that another browser began
    assert back(client, way.replace("state=", "state=x")).location == "/sign-in"
    assert back(client, consent(there(client), "demo-1", "deny")).location == "/sign-in"
    used = consent(there(client), "demo-1")
    assert back(client, used).location == "/messages"
    assert back(app.test_client(), used).location == "/sign-in"
    unknown = app.test_client()
    assert back(unknown, consent(there(unknown), "demo-2")).location == "/sign-in"
    assert "demo-2" in unknown.get("/sign-in").get_data(as_text=True)  # for the administrator
    user.closed_at = clock.now()
    db.session.commit()
    closed = app.test_client()
    assert back(closed, consent(there(closed), "demo-1")).location == "/sign-in"
    refusals = [one for one in events()[len(before) :] if one == "sign_in.refused"]
    assert len(refusals) == 6
    seen.is_away = True
    app.extensions.pop("single_sign_on")
    assert app.test_client().get("/sign-in/single").status_code == 503


@pytest.mark.database("sqlite")
def test_a_second_factor_is_asked_all_the_same(app, house, monkeypatch):
    import pyotp

    url, _seen, admin = house
    user = linked(admin, url)
    at = clock.now()
    secret, _codes = with_factor(user, at)
    client = app.test_client()
    reply = back(client, consent(there(client), "demo-1"))
    assert reply.location.startswith("/second-step")
    assert client.get("/messages").location.startswith("/sign-in")
    with clock.frozen(at + timedelta(seconds=30)):
        code = pyotp.TOTP(secret).at(clock.now())
        done = client.post("/second-step?next=/messages", data={"code": code})
    assert done.location == "/messages"
    other = linked(admin, url, "demo-2")
    monkeypatch.setitem(app.config, "TOTP_ROLES", "leader")
    fresh = app.test_client()
    back(fresh, consent(there(fresh), "demo-2"))
    assert fresh.get("/messages").location.startswith("/second-factor")
    assert other.id != user.id


def test_an_administrator_links_and_a_dangerous_step_is_shown_there(app, house, sign_in):
    url, _seen, admin = house
    with transaction():
        linking.link_account(UserFactory(role=Role.SECURITY_ADMIN), admin, url, "demo-1")
    client = app.test_client()
    back(client, consent(there(client), "demo-1"))
    user, page = UserFactory(role=Role.LEADER), "/accounts/{}/single-sign-on"
    assert client.get(page.format(user.id)).status_code == 200
    assert client.get(page.format(admin.id)).status_code == 403  # nobody links themselves
    with client.session_transaction() as cookie:
        cookie["began"] = int(clock.now().timestamp()) - 3600  # long ago
    told = {"subject": "demo-2", "once": fresh_token()}
    assert client.post(page.format(user.id), data=told).location.startswith("/proof")
    proving = there(client, f"/proof/single?next={page.format(user.id)}")
    assert asked(proving)["prompt"] == "login"
    assert back(client, consent(proving, "demo-2")).location.startswith("/proof")  # another person
    proving = there(client, f"/proof/single?next={page.format(user.id)}")
    assert back(client, consent(proving, "demo-1")).location == page.format(user.id)
    assert client.post(page.format(user.id), data=told).status_code == 302
    assert queries.link_of(user, url).subject == "demo-2"
    other = UserFactory(role=Role.LEADER)
    taken = {"subject": "demo-2", "once": fresh_token()}
    assert client.post(page.format(other.id), data=taken).status_code == 422
    assert client.post(f"{page.format(user.id)}/ends").status_code == 302
    assert queries.link_of(user, url) is None
    assert sign_in(other).get(page.format(user.id)).status_code == 404


@pytest.mark.database("sqlite")
def test_the_doctor_asks_the_issuer(app, house, monkeypatch):
    url, seen, _admin = house
    (found,) = service_checks.single_sign_on()
    assert (found.state, url in found.told) == (State.GOOD, True)
    app.extensions.pop("single_sign_on")
    seen.is_away = True
    (found,) = service_checks.single_sign_on()
    assert (found.state, "OIDC_ISSUER" in found.mend) == (State.BAD, True)
    monkeypatch.setitem(app.config, "OIDC_ISSUER", "")
    assert [one.state for one in service_checks.single_sign_on()] == [State.GOOD]


@pytest.mark.database("sqlite")
def test_without_an_issuer_there_is_no_such_page(app, client):
    assert client.get("/sign-in/single").status_code == 404
    assert client.get("/sign-in/single/return?code=x&state=y").status_code == 404
    assert "/sign-in/single" not in client.get("/sign-in").get_data(as_text=True)
    assert issuer("OIDC_ISSUER", "https://sso.example/realm/") == "https://sso.example/realm"
    for bad in ("http://sso.example", "http://localhost.example", "ftp://x", "https://"):
        with pytest.raises(BadSetting):
            issuer("OIDC_ISSUER", bad)
