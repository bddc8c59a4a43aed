"""The handshake: does the bucket really refuse? Tried at the start and each night, and kept."""

from flask import current_app
from sqlalchemy import select

from app import audit, clock
from app.custody import alarms
from app.custody.alarms import PAGE, STORE, TOLD
from app.custody.holdings import is_due
from app.custody.models import StoreProof, Wrong
from app.db import db, end_read, transaction
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.store import locked_store

EVERY_SECONDS = 3600
FIRST = "custody.first-handshake"


def prove_store() -> StoreProof | None:
    """Try the bucket and keep what came of it; None where the store is not meant to lock.

    A bucket that does not refuse what it must is told at every handshake, not only at the first.
    """
    from storage.handshake import Step, shake

    bucket = locked_store()
    if bucket is None:
        return None
    tried = shake(bucket)
    failed = [str(step) for step in tried.failed]
    proof = StoreProof(
        tried_at=clock.now(),
        is_ok=tried.ok,
        failed=failed,
        said={str(step): words for step, words in tried.said.items()},
    )
    with transaction():
        db.session.add(proof)
        audit.record(
            audit.PORTAL,
            audit.Event.STORE_PROVED,
            STORE,
            held=[str(step) for step in Step if tried.held.get(step)],
            failed=failed,
        )
        open_ones = [(Wrong.HANDSHAKE, str(step)) for step in Step]
        alarms.note([(Wrong.HANDSHAKE, step) for step in failed], settles=open_ones)
        if failed:
            count = str(len(failed))
            send(people.holders_of(*TOLD), Kind.STORE_UNPROVEN, {"count": count}, PAGE)
    return proof


def last_proof() -> StoreProof | None:
    """The newest handshake."""
    return db.session.scalar(select(StoreProof).order_by(StoreProof.id.desc()).limit(1))


def prove_nightly() -> bool:
    """Try the bucket when the portal starts, and then once a night; a job."""
    last = last_proof()
    tried_at = last.tried_at if last else None
    end_read()
    is_first = FIRST not in current_app.extensions
    current_app.extensions[FIRST] = True
    if is_first or is_due(tried_at):
        return prove_store() is not None
    return False
