"""The API's own door: a token in the header, and nothing else; cookies open nothing here."""

from typing import Any

from flask import Response, current_app, g, request
from flask_babel import gettext as _

from app.accounts import login, pacing
from app.api import keeping, queries
from app.api.models import ApiToken
from app.api.problems import no_api, problem
from app.db import transaction

START = "/api/"
KIND = "api"  # of failed attempts, by address
CHALLENGE = 'Bearer realm="xingping"'
OPEN = frozenset({"api.v1.document"})  # what it says stands in the portal's own source
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}


def knock() -> Response | None:
    """Let in whoever holds a good token, as the account that made it; tell others why not."""
    nobody: Any = login.manager
    nobody._update_request_context_with_user(None)  # no cookie says who this is
    if not current_app.config["API"]:
        return no_api()
    if request.endpoint in OPEN:
        return None
    if pacing.is_slowed(KIND, pacing.here()):
        return problem(429, pacing.SLOWED, Retry_After="900")
    key = key_sent()
    token = queries.token_of(key) if key else None
    return refused(key) if token is None else admitted(token)


def key_sent() -> str:
    """The token of the Authorization header; empty where there is none."""
    told = request.authorization
    sent = told.token if told is not None and told.type == "bearer" else None
    return sent or ""


def refused(key: str) -> Response:
    """No token, or none that is good; a wrong one counts as an attempt of its address."""
    if not key:
        words = _("Send a token: Authorization: Bearer …")
        return problem(401, words, WWW_Authenticate=CHALLENGE)
    with transaction():
        pacing.note(KIND, pacing.here())
    words = _("This token is unknown, ended or expired, or its account is closed or changed")
    return problem(401, words, WWW_Authenticate=f'{CHALLENGE}, error="invalid_token"')


def admitted(token: ApiToken) -> Response | None:
    """Count the request; the account stands for the request, and nothing of a session."""
    with transaction():
        counted = keeping.note_use(token, int(current_app.config["API_REQUESTS_A_MINUTE"]))
    if not counted:
        return problem(429, _("This token has used up its requests of this minute"))
    g.api_token, g.api_locale = token, token.user.locale
    manager: Any = login.manager
    manager._update_request_context_with_user(token.user)
    return None


def language() -> str | None:
    """The language that the request asks for, else its account's."""
    wanted = request.accept_languages.best_match([*LANGUAGES, "zh-CN", "zh-Hans-CN"])
    if wanted:
        return LANGUAGES[wanted[:2]]
    return g.get("api_locale")
