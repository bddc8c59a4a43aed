"""Once a key: what was sent under an idempotency key is done once, and answered alike again."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import Response, g, json, request
from flask_babel import gettext as _

from app import audit, clock
from app.api import queries
from app.api.models import ApiReceipt, ApiToken
from app.api.problems import problem
from app.api.shaping import plain
from app.db import db, transaction

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{8,200}")
CREATED = 201


def once(operation: str, raw: bytes, act: Callable[[], Any]) -> Response:
    """Do it under its key; the same again is answered as before, something else is refused."""
    key, token = request.headers.get(HEADER, ""), g.api_token
    if not KEY.fullmatch(key):
        words = _("Send the header Idempotency-Key: 8 to 200 characters that you make up")
        return problem(400, words)
    digest = hashlib.sha256(raw).hexdigest()
    kept = queries.receipt_of(token, key)
    if kept is None:
        return reply_of(done(token, ApiReceipt(key=key, operation=operation), digest, act))
    if (kept.operation, kept.request_sha256) != (operation, digest):
        return problem(422, _("This idempotency key was used for something else"))
    reply = reply_of(kept)
    reply.headers["Idempotency-Replayed"] = "true"
    return reply


def done(token: ApiToken, receipt: ApiReceipt, digest: str, act: Callable[[], Any]) -> ApiReceipt:
    """Do it and keep what is answered, in one transaction; of two at once one is refused."""
    with transaction():
        receipt.token_id, receipt.request_sha256 = token.id, digest
        receipt.status, receipt.body, receipt.response_sha256 = CREATED, "", ""
        receipt.made_at = clock.now()
        db.session.add(receipt)
        db.session.flush()
        receipt.body = json.dumps(plain(act()), ensure_ascii=False, separators=(",", ":"))
        receipt.response_sha256 = hashlib.sha256(receipt.body.encode()).hexdigest()
        facts = {"operation": receipt.operation, "response_sha256": receipt.response_sha256}
        audit.record(token.user, audit.Event.API_REQUEST_DONE, token, **facts)
    return receipt


def reply_of(receipt: ApiReceipt) -> Response:
    """What was answered, to the letter."""
    reply = Response(receipt.body, receipt.status, mimetype="application/json")
    digest = base64.b64encode(bytes.fromhex(receipt.response_sha256)).decode()
    reply.headers["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530
    return reply
