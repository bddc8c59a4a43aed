"""The single sign-on of the house (OpenID Connect), asked through Authlib: who is this?"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, current_app
from flask_babel import lazy_gettext as _
from joserfc.errors import JoseError

from app.errors import PortalError

NAME = "single"
SECONDS = 5
KNOWN_AT = "/.well-known/openid-configuration"
STRANGE = (AuthlibBaseError, JoseError, KeyError, RuntimeError, TypeError, ValueError)


class SignOnAway(PortalError):
    """The single sign-on can't be asked at the moment; the password still opens."""

    status = 503
    message = _("The single sign-on can't be reached at the moment. Sign in with your password")


class NotProven(ValueError):
    """What came back proves nobody: another state, nonce, signature, issuer or time."""


@dataclass(frozen=True)
class Somebody:
    """Whom the issuer vouches for, and when they last showed who they are (seconds)."""

    issuer: str
    subject: str
    proved: int


def check_settings(settings: Mapping[str, Any]) -> None:
    """A half-set single sign-on stops the start."""
    if settings["OIDC_ISSUER"] and not settings["OIDC_CLIENT_ID"]:
        raise ValueError("OIDC_CLIENT_ID is not set, but OIDC_ISSUER is")
    if settings["OIDC_CLIENT_SECRET_FILE"]:
        Path(str(settings["OIDC_CLIENT_SECRET_FILE"])).read_text(encoding="utf-8")


def is_there() -> bool:
    """Whether the bureau has a single sign-on."""
    return bool(current_app.config["OIDC_ISSUER"])


def _client() -> Any:
    """This portal's client, made once a process; it learns the issuer's addresses when asked."""
    known = current_app.extensions.setdefault("single_sign_on", {})
    issuer = str(current_app.config["OIDC_ISSUER"])
    if issuer not in known:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # werkzeug's proxy
        known[issuer] = _made(app, issuer)
    return known[issuer]


def _made(app: Flask, issuer: str) -> Any:
    path = str(app.config["OIDC_CLIENT_SECRET_FILE"])
    secret = Path(path).read_text(encoding="utf-8").strip() if path else None
    method = "client_secret_basic" if secret else "none"
    return OAuth(app).register(
        NAME,
        client_id=app.config["OIDC_CLIENT_ID"],
        client_secret=secret,
        server_metadata_url=issuer + KNOWN_AT,
        client_kwargs={
            "scope": "openid",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": method,
            "default_timeout": SECONDS,
        },
    )


def called() -> str:
    """What the issuer says that it is called; SignOnAway where it doesn't say."""
    try:
        return str(_client().load_server_metadata()["issuer"]).rstrip("/")
    except (requests.RequestException, *STRANGE) as error:
        raise SignOnAway from error


def send_there(back: str, *, again: bool = False) -> Response:
    """Send the browser to the issuer, with a state, a nonce and a challenge (PKCE) of its own.

    `again` asks the issuer to have the person show once more who they are.
    """
    more = {"prompt": "login", "max_age": 0} if again else {}
    try:
        reply: Response = _client().authorize_redirect(back, **more)
    except (requests.RequestException, *STRANGE) as error:
        raise SignOnAway from error
    return reply


def who() -> Somebody:
    """Whom the issuer vouches for in the request at hand; NotProven where nothing is proven."""
    client = _client()
    try:
        told = client.authorize_access_token()
        claims, issuer = told["userinfo"], str(current_app.config["OIDC_ISSUER"])
        if _algorithm(told["id_token"]) == "none":
            raise NotProven("the identity is not signed")
        if str(claims["iss"]).rstrip("/") != issuer:
            raise NotProven("another issuer")
        return Somebody(issuer, str(claims["sub"]), int(claims.get("auth_time") or 0))
    except requests.RequestException as error:
        raise SignOnAway from error
    except STRANGE as error:
        raise NotProven(type(error).__name__) from error


def _algorithm(signed: str) -> str:
    head = signed.partition(".")[0]
    told = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return str(told.get("alg", "none")).lower()
