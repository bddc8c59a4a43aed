"""What is kept of the use of tokens: how much of a minute is used up, and answers for a while."""

from datetime import timedelta

from sqlalchemy import delete

from app import audit, clock
from app.api.models import ApiReceipt, ApiToken
from app.db import db, lock

KEEP_RECEIPTS = timedelta(days=30)
MINUTE = timedelta(minutes=1)


def note_use(token: ApiToken, most: int) -> bool:
    """Count a request with a token; False where its minute is used up. A new day is recorded."""
    lock(token)
    now, first = clock.now(), token.used_at is None or clock.day_of(token.used_at) < clock.today()
    if token.minute is None or not timedelta(0) <= now - token.minute < MINUTE:
        token.minute, token.requests = now, 0
    if token.requests >= most:
        return False
    token.requests, token.used_at = token.requests + 1, now
    if first:
        audit.record(token.user, audit.Event.API_TOKEN_USED, token)
    return True


def forget_receipts() -> None:
    """Forget what was answered so long ago that nobody sends it again."""
    old = ApiReceipt.made_at < clock.now() - KEEP_RECEIPTS
    db.session.execute(delete(ApiReceipt).where(old))
