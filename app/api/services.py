"""What people do with the keys of other systems. Each public function is one user action."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.api import queries
from app.api.models import ApiToken, Scope
from app.db import db, lock
from app.errors import Invalid
from app.policy import Permission, require

PREFIX = "xingping_"


def make_token(
    actor: User, name: str, scopes: Collection[Scope], *, expires_on: date, most_days: int
) -> tuple[ApiToken, str]:
    """A person makes a token for their own account; return it and its key, which is shown once."""
    require(actor, Permission.API_ACCESS_MAKE, None)
    if not scopes:
        raise Invalid(_("Choose at least one thing that it may be used for"), field="scopes")
    if not clock.today() <= expires_on <= clock.today() + timedelta(days=most_days):
        words = _("A token lasts until a day from today on, %(n)s days at most", n=most_days)
        raise Invalid(words, field="expires_on")
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=actor.id, name=name.strip(), digest=queries.digest_of(key), ending=key[-4:],
        role=actor.role, scopes=sorted(scopes), made_at=clock.now(), expires_on=expires_on,
    )  # fmt: skip
    db.session.add(token)
    event = audit.Event.API_TOKEN_MADE
    audit.record(actor, event, token, expires_on=expires_on, scopes=token.scopes)
    return token, key


def end_token(actor: User, token: ApiToken) -> None:
    """Its owner or the security administrator ends a token: its key opens nothing from now on."""
    require(actor, Permission.API_ACCESS_END, token)
    lock(token)
    token.ended_at, token.ended_by_id = token.ended_at or clock.now(), token.ended_by_id or actor.id
    audit.record(actor, audit.Event.API_TOKEN_ENDED, token)
