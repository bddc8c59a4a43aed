"""The sealer among writers: late commits, two sealers, restored rows, and nothing forgotten."""

import threading
import time

import pytest
from sqlalchemy import select, text

from app.audit import sealing, tree
from app.audit.models import AuditCheckpoint, AuditLeaf
from app.db import db, transaction
from tests.audit.log import leaves, seal, write


def in_thread(app, work):
    errors = []

    def run():
        try:
            with app.app_context():
                work()
        except BaseException as error:
            errors.append(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


@pytest.mark.database("postgres")
def test_a_late_commit_with_a_low_id_waits_and_then_comes_in(district):
    """A draws id 1 and stays open; B commits id 2. Nothing above A is sealed before A ends."""
    started, go = threading.Event(), threading.Event()

    def slow():
        with transaction():
            write(1)
            started.set()
            go.wait(20)

    thread, errors = in_thread(district, slow)
    started.wait(20)
    with transaction():
        write(1, first=2)
    try:
        assert seal() is None
    finally:
        go.set()
        thread.join()
    assert not errors
    deadline = time.monotonic() + 20
    while (done := seal()) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert done.size == 2
    ids = db.session.scalars(select(AuditLeaf.event_id).order_by(AuditLeaf.seq)).all()
    assert ids == sorted(ids)


@pytest.mark.database("postgres")
def test_a_low_id_after_a_seal_is_still_sealed(district):
    """The id is drawn before the transaction has its number: the horizon must not pass it by."""
    with transaction():
        drawn = db.session.execute(text("SELECT nextval('audit_event_id_seq')")).scalar_one()
    with transaction():
        write(3)
    assert seal().size == 3
    with transaction():
        db.session.execute(
            text(
                "INSERT INTO audit_event (id, canonical, leaf, event, subject, at)"
                " SELECT :drawn, canonical, leaf, event, subject, at FROM audit_event LIMIT 1"
            ),
            {"drawn": drawn},
        )
    assert seal().size == 4
    assert db.session.scalar(select(AuditLeaf.event_id).where(AuditLeaf.seq == 3)) == drawn


@pytest.mark.database("postgres")
def test_only_one_seals_at_a_time(district):
    with transaction():
        write(1)
    held, go = threading.Event(), threading.Event()

    def hold():
        with transaction():
            assert sealing.seal() is not None
            held.set()
            go.wait(20)

    thread, errors = in_thread(district, hold)
    held.wait(20)
    try:
        assert seal() is None
    finally:
        go.set()
        thread.join()
    assert not errors
    assert seal() is None


@pytest.mark.owner
@pytest.mark.database("postgres")
def test_rows_of_a_restored_dump_are_sealed(district):
    """Their transactions are those of another server, ahead of this one's."""
    with transaction():
        write(2)
        db.session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        db.session.execute(text("UPDATE audit_event SET xid = xid + 1000000"))
    assert seal().size == 2
    with transaction():
        write(1)
    assert seal().size == 3


@pytest.mark.owner
@pytest.mark.database("postgres")
def test_a_thorough_seal_finds_what_the_horizon_hides(district):
    with transaction():
        write(1)
    seal()
    with transaction():
        write(1)
        db.session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        db.session.execute(
            text("UPDATE audit_event SET xid = 5 WHERE id = (SELECT max(id) FROM audit_event)")
        )
    assert seal() is None
    assert seal(thorough=True).size == 2


def test_eight_writers_and_a_sealer_lose_nothing(district):
    each = 25
    stop = threading.Event()

    def writer():
        for n in range(each):
            with transaction():
                write(1, first=n)

    def sealer():
        while not stop.is_set():
            seal()
            time.sleep(0.01)

    sealing_thread, sealing_errors = in_thread(district, sealer)
    writers = [in_thread(district, writer) for _ in range(8)]
    for thread, _errors in writers:
        thread.join()
    stop.set()
    sealing_thread.join()
    assert not sealing_errors
    assert not any(errors for _thread, errors in writers)
    deadline = time.monotonic() + 20
    while len(leaves()) < 8 * each and time.monotonic() < deadline:
        seal()
        db.session.rollback()
    assert len(leaves()) == 8 * each
    newest = db.session.scalars(
        select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc())
    ).first()
    assert (newest.size, newest.root) == (8 * each, tree.root_of(leaves()))
