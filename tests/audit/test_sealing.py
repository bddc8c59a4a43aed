"""The sealer: order, batches, nothing twice, nothing forgotten; proofs over what it sealed."""

import json
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import func, select, text

from app import audit, clock
from app.audit import proofs, sealing, tree
from app.audit.checkpoint import Checkpoint, opened
from app.audit.keys import known_keys, seal_signer
from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf, AuditNode
from app.db import db, transaction

ORIGIN = "xingping.example/district"


@pytest.fixture(autouse=True)
def origin(district):
    district.config["AUDIT_ORIGIN"] = ORIGIN


def write(number, first=1):
    for n in range(first, first + number):
        audit.record(audit.PORTAL, audit.Event.SIGN_IN_REFUSED, f"user_account:{n}", reason="x")


def seal(**more):
    with transaction():
        return sealing.seal(**more)


def leaves():
    return list(db.session.scalars(select(AuditLeaf.leaf).order_by(AuditLeaf.seq)))


def test_nothing_to_seal_is_nothing(district):
    assert seal() is None
    with transaction():
        write(1)
    assert seal().size == 1
    assert seal() is None
    assert db.session.scalar(select(func.count()).select_from(AuditCheckpoint)) == 1


def test_every_seal_signs_the_root_of_all_entries_so_far(district):
    sizes = []
    for number in (1, 2, 253, 1, 300, 7):
        with transaction():
            write(number)
        done = seal()
        sizes.append(done.size)
        head = Checkpoint.from_text(opened(done.note, known_keys()))
        assert (head.origin, head.size, head.root) == (ORIGIN, done.size, done.root)
        assert done.root == tree.root_of(leaves())
        assert done.added == number
    assert sizes == [1, 3, 256, 257, 557, 564]
    kept = db.session.execute(select(AuditNode.level, AuditNode.position, AuditNode.hash)).all()
    all_leaves = leaves()
    assert [tuple(row) for row in kept] == [
        (8, n, tree.root_of(all_leaves[n * 256 : n * 256 + 256])) for n in range(2)
    ]
    ids = db.session.scalars(select(AuditLeaf.event_id).order_by(AuditLeaf.seq)).all()
    assert ids == sorted(ids)


def test_a_large_backlog_is_sealed_in_batches(district, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ROWS", 100)
    with transaction():
        write(250)
    assert [seal().added, seal().added, seal().added, seal()] == [100, 100, 50, None]
    with transaction():
        write(1)
    assert seal().size == 251


def test_what_rolls_back_is_never_sealed(district):
    with pytest.raises(ZeroDivisionError), transaction():
        write(3)
        1 / 0  # noqa: B018
    with transaction():
        write(2)
    assert seal().size == 2


def test_proofs_of_every_entry_at_every_checkpoint(district):
    for number in (3, 260, 40):
        with transaction():
            write(number)
        seal()
    sizes = [3, 263, 303]
    ids = db.session.scalars(select(AuditLeaf.event_id).order_by(AuditLeaf.seq)).all()
    for size in sizes:
        for seq in (0, 1, 2, 3, 100, 255, 256, 262, 263, 302):
            if seq < size:
                proof = proofs.inclusion(ids[seq], size)
                assert proof.holds()
                assert (proof.seq, proof.size) == (seq, size)
                json.dumps(proof.to_json())
            else:
                with pytest.raises(proofs.NoProof):
                    proofs.inclusion(ids[seq], size)
        for old in sizes:
            if old <= size:
                grown = proofs.consistency(old, size)
                assert grown.holds()
                json.dumps(grown.to_json())
    with pytest.raises(proofs.NoProof):
        proofs.consistency(303, 3)
    with pytest.raises(proofs.NoProof):
        proofs.consistency(4)
    with transaction():
        write(1)
    newest = db.session.scalar(select(func.max(AuditEvent.id)))
    with pytest.raises(proofs.NoProof, match="not sealed"):
        proofs.inclusion(newest)


def test_a_proof_for_another_text_fails(district):
    with transaction():
        write(5)
    seal()
    from dataclasses import replace

    proof = proofs.inclusion(db.session.scalar(select(func.min(AuditEvent.id))))
    assert proof.holds()
    assert not replace(proof, canonical=proof.canonical.replace("user", "used")).holds()
    assert not replace(proof, seq=1).holds()


def unguard():
    """What somebody with the database's own password can do."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        for table in ("audit_event", "audit_leaf", "audit_node", "audit_checkpoint"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    db.session.commit()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM audit_leaf WHERE seq = 299",
        "DELETE FROM audit_leaf WHERE seq = 290",
        "DELETE FROM audit_node",
        "UPDATE audit_leaf SET leaf = (SELECT leaf FROM audit_leaf WHERE seq = 1) WHERE seq = 270",
        "UPDATE audit_checkpoint SET size = 299 WHERE size = 300",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_nothing_is_sealed_on_top_of_damage(district, damage):
    with transaction():
        write(300)
    seal()
    unguard()
    with transaction():
        db.session.execute(text(damage))
        write(1)
    with pytest.raises(sealing.Damaged):
        seal()


def test_entries_that_wait_too_long_are_named(district):
    with transaction():
        write(2)
    assert sealing.overdue(clock.now() - timedelta(minutes=1)) == []
    assert len(sealing.overdue(clock.now())) == 2
    seal()
    assert sealing.overdue(clock.now()) == []


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


def test_a_seal_reads_no_more_with_a_long_log(district):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    counts = []
    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        for number in (5, 700, 5):
            with transaction():
                write(number)
            seen.clear()
            seal()
            counts.append(len(seen))
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)
    assert max(counts) <= 12


def test_the_signer_is_that_of_the_settings(district):
    assert seal_signer().name == ORIGIN
    assert [key.words() for key in known_keys()] == [seal_signer().verifier.words()]
