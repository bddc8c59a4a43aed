"""The sealer: order, batches, nothing twice, nothing forgotten; proofs over what it sealed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import func, select, text

from app import clock
from app.audit import proofs, sealing, tree
from app.audit.checkpoint import Checkpoint, opened
from app.audit.keys import known_keys, seal_signer
from app.audit.models import AuditCheckpoint, AuditEvent, AuditLeaf, AuditNode
from app.db import db, transaction
from tests.audit.log import leaves, seal, unguard, write

ORIGIN = "xingping.example/district"


@pytest.fixture
def district(district):
    district.config["AUDIT_ORIGIN"] = ORIGIN
    return district


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
def test_nothing_is_sealed_on_top_of_damage(log, damage):
    unguard()
    with transaction():
        db.session.execute(text(damage))
    with pytest.raises(sealing.Damaged):
        seal()


def test_entries_that_wait_too_long_are_named(district):
    with transaction():
        write(2)
    assert sealing.overdue(clock.now() - timedelta(minutes=1)) == []
    assert len(sealing.overdue(clock.now())) == 2
    seal()
    assert sealing.overdue(clock.now()) == []


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
