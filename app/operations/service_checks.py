"""What the portal stands on beside its database: the store, its lock, the background work."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.blobs.models import WithheldFile
from app.db import db
from app.identity import single
from app.operations.findings import Finding, bad, good, watch
from app.papers.models import PaperVersion
from app.queueing import queries
from app.queueing import queue as queueing
from app.store import locked_store, object_store
from app.timestamps.asking import Authority, NoStamp
from storage.handshake import shake
from storage.sealed import SealedStore

NEWEST = 5
TIME_APART = timedelta(seconds=30)
LATE = timedelta(hours=26)  # a nightly job that missed its night


def store() -> Iterator[Finding]:
    """Ask the store whether it answers; one that should lock is tried whether it does."""
    kept = object_store()
    kept.ping()
    yield from _newest(kept)
    if (locked := locked_store()) is None:
        mend = "an S3 with Object Lock, STORAGE_LOCK=1: see README"
        yield watch("lock", "archived papers are kept by rule, not by the store", mend)
        return
    proof = shake(locked)
    if proof.ok:
        yield good("lock", "the bucket refused to give up a locked probe")
    for step in proof.failed:
        yield bad("lock", f"the bucket doesn't lock: {step}", "another server; see README")


def _newest(kept: SealedStore) -> Iterator[Finding]:
    """Look for the newest papers: an empty folder, or another bucket, answers just as well."""
    destroyed = select(WithheldFile.sha256).where(WithheldFile.destroyed_at.is_not(None))
    asked = select(PaperVersion.store_key).where(PaperVersion.sha256.not_in(destroyed))
    asked = asked.order_by(PaperVersion.id.desc()).limit(NEWEST)
    names: list[str] = []
    with suppress(SQLAlchemyError):  # a database that is away is told in its own place
        names = [key for key in db.session.scalars(asked) if key]
    lacking = [key for key in names if not kept.inner.exists(key)]
    if lacking:
        told = f"{len(lacking)} of the {len(names)} newest papers aren't there"
        mend = "STORAGE_URL: the right folder or bucket? `xingping store check` names all; restore"
        yield bad("store", told, mend)
    else:
        yield good("store", f"{type(kept.inner).__name__} answers")


def time_stamps() -> Iterator[Finding]:
    """Ask for a stamp over nothing in particular, where an authority is set."""
    url, roots = str(current_app.config["TSA_URL"]), str(current_app.config["TSA_ROOTS_FILE"])
    if not url:
        yield good("time stamps", "no authority is set: seals carry the portal's own time")
        return
    try:
        stamp = Authority(url, Path(roots)).stamp(os.urandom(32))
    except NoStamp as error:
        yield bad("time stamps", str(error), "TSA_URL, TSA_ROOTS_FILE; or leave both empty")
        return
    late = abs(clock.now() - stamp.stamped_at)
    if late > TIME_APART:
        told = f"the authority's time is {late.total_seconds():.0f} s from ours"
        yield watch("time stamps", told, "chrony or systemd-timesyncd on this machine")
    else:
        yield good("time stamps", f"{stamp.authority or url} stamps")


def single_sign_on() -> Iterator[Finding]:
    """Ask the single sign-on for its addresses, where one is set."""
    if not (issuer := str(current_app.config["OIDC_ISSUER"])):
        yield good("sign-on", "none is set: people sign in with their passwords")
        return
    try:
        name = single.called()
    except single.SignOnAway:
        yield bad("sign-on", f"{issuer} doesn't answer", "OIDC_ISSUER; passwords still open")
        return
    if name == issuer:
        yield good("sign-on", f"{issuer} answers")
    else:
        yield bad("sign-on", f"{issuer} calls itself {name}", f"OIDC_ISSUER={name}")


def answers() -> Iterator[Finding]:
    """Ask only whether the store answers."""
    object_store().ping()
    yield good("store", "answers")


def queue() -> Iterator[Finding]:
    """Ask what carries the numbers of work to the workers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # werkzeug's proxy
    try:
        carrier = queueing.open_queue(app)
        waiting = carrier.pending_count()
    except Exception as error:  # each carrier has errors of its own, which are no OSError
        mend = "start it, or correct QUEUE_URL; nothing is lost, work waits in the database"
        yield bad("queue", f"it can't be reached: {(str(error).splitlines() or [''])[0]}", mend)
        return
    kind = type(carrier).__name__.removesuffix("Huey")
    yield good("queue", f"{kind} answers, {waiting} handed in")


def work() -> Iterator[Finding]:
    """Ask for what was given up, and for jobs that missed their time."""
    counts = queries.counts()
    if counts.failed:
        told = f"{counts.failed} pieces of work were given up"
        yield watch("jobs", told, "System › Background work: read the errors, try again")
    else:
        yield good("jobs", f"{counts.waiting} waiting, {counts.working} in hand")
    now = clock.now()
    for run in queries.periodic_runs():
        if run.failures:
            yield watch("jobs", f"{run.name} failed {run.failures} times: {run.error[:120]}",
                        "System › Background work")  # fmt: skip
        elif run.due_at < now - LATE:
            told = f"{run.name} was due {run.due_at:%Y-%m-%d %H:%M} UTC"
            yield bad("jobs", told, "start the portal with JOBS=1, or `xingping worker`")
