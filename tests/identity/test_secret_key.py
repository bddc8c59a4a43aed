"""SECRET_KEY is changed: who is signed in stays so, and a second factor goes on opening."""

import re
from datetime import timedelta

import pyotp
import pytest
from cryptography.exceptions import InvalidTag

from app import clock, create_app
from app.db import db, transaction
from app.identity import factors, queries, sealing
from config import load_config
from tests import conftest
from tests.factories import UserFactory

pytestmark = pytest.mark.database("sqlite")  # no statement of it is the database's own


def portal_with(district, **secrets):
    """The same portal, started with other secrets and with tokens in its forms."""
    told = {
        "XINGPING_VAR": str(district.config["XINGPING_VAR"]),
        "DATABASE_URL": str(district.config["DATABASE_URL"]),
        "STORAGE_URL": str(district.config["STORAGE_URL"]),
        **secrets,
    }
    named = {"SERVER_NAME": "portal.test", "TESTING": True, "WTF_CSRF_ENABLED": True}
    return create_app({**load_config(told), **named})


def token_in(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def test_everybody_stays_signed_in_and_every_factor_opens(district):
    first, second = "演示旧密钥" * 8, "演示新密钥" * 8
    before = portal_with(district, SECRET_KEY=first)
    with before.app_context():
        person, secret = UserFactory(), pyotp.random_base32()
        with transaction():
            codes = factors.add_factor(person, secret, pyotp.TOTP(secret).now())
        number = person.id
        client = conftest.begin(before.test_client(), person)
        open_form = token_in(client.get("/"))
        cookie = client.get_cookie("xingping", domain="portal.test").value
        db.session.remove()

    after = portal_with(district, SECRET_KEY=second, SECRET_KEY_OLD=first)
    with after.app_context():
        client = after.test_client()
        client.set_cookie("xingping", cookie, domain="portal.test")
        assert client.get("/").status_code == 200
        # the form that stood open is taken: what it says is judged, not its token
        assert client.post("/sign-out", data={"csrf_token": open_form}).status_code == 302
        person = db.session.get(type(person), number)
        with clock.frozen(clock.now() + timedelta(minutes=2)), transaction():
            code = pyotp.TOTP(secret).at(clock.now())
            assert factors.opens(person, code)
        with transaction():
            assert factors.opens(person, codes[0])
            assert not factors.opens(person, codes[0])
        with transaction():
            stranger, other = UserFactory(), pyotp.random_base32()
            factors.add_factor(stranger, other, pyotp.TOTP(other).now())
            sealed = sealing.seal(other, 0)  # of a third key: it opens under neither
            queries.factor_of(stranger).sealed_secret = sealed
        with transaction():
            assert (factors.seal_again(), factors.seal_again()) == (1, 0)
        db.session.remove()

    alone = portal_with(district, SECRET_KEY=second)
    with alone.app_context():
        factor = queries.factor_of(db.session.get(type(person), number))
        assert sealing.unseal(factor.sealed_secret, number) == secret
        client = alone.test_client()
        client.set_cookie("xingping", cookie, domain="portal.test")
        assert client.get("/").status_code == 302  # the former key counts no more
        db.session.remove()
    lost = portal_with(district, SECRET_KEY=first)
    with lost.app_context(), pytest.raises(InvalidTag):
        sealing.unseal(factor.sealed_secret, number)
