"""Questions about tokens, and what was answered before. Nothing here changes anything."""

import hashlib

from sqlalchemy import Select, select

from app import clock
from app.accounts.models import User
from app.api.models import ApiReceipt, ApiToken
from app.db import db


def digest_of(key: str) -> str:
    """What is kept of a key: it has 256 random bits, so a plain hash gives nothing away."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_of(key: str) -> ApiToken | None:
    """The token with this key, if it is still good for its account as that stands now.

    Neither for a closed account nor for one whose role has changed since, nor while an
    administrator's reset of the password waits for the person.
    """
    token = db.session.scalar(select(ApiToken).where(ApiToken.digest == digest_of(key)))
    if token is None or token.ended_at is not None or token.expires_on < clock.today():
        return None
    user = token.user
    stands = user.is_active and user.role is token.role and not user.must_change_password
    return token if stands else None


def tokens_of(user: User) -> Select[ApiToken]:
    """A person's own tokens; the caller orders and pages them."""
    return select(ApiToken).where(ApiToken.user_id == user.id)


def tokens() -> Select[ApiToken]:
    """Everybody's tokens, for whoever looks after accounts; the caller orders and pages them."""
    return select(ApiToken)


def receipt_of(token: ApiToken, key: str) -> ApiReceipt | None:
    """What a request under this key was answered."""
    query = select(ApiReceipt).where(ApiReceipt.token_id == token.id, ApiReceipt.key == key)
    return db.session.scalar(query)
