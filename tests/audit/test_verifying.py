"""Verification: what is whole passes, and every kind of tampering is named at its first entry."""

import json
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from app import audit
from app.audit import guard, sealing
from app.audit.checkpoint import Signer
from app.audit.exporting import export, verify_export
from app.audit.keys import known_keys
from app.audit.models import AuditCheckpoint
from app.db import db, transaction
from tests.audit import rewriting
from tests.audit.kinds import COLUMNS_ONLY, KINDS
from tests.audit.log import check, seal, unguard, write


def notes():
    found = list(db.session.scalars(select(AuditCheckpoint.note).order_by(AuditCheckpoint.size)))
    db.session.rollback()
    return found


def exported(tmp_path, name="log.jsonl"):
    path = tmp_path / name
    export(db.session.connection(), known_keys(), path)
    return path


def test_a_whole_log_is_whole(log):
    result = check(anchors=notes())
    assert result.ok, result
    assert (result.size, result.unsealed, result.checkpoints) == (300, 3, 5)
    assert result.unguarded == ()


def test_an_empty_log_is_whole(district):
    assert check().ok
    with transaction():
        write(1)
    assert (check().ok, check().unsealed) == (True, 1)


def test_names_facts_and_quotes_of_every_kind_pass(district):
    with transaction():
        for words in ('"', "\\", '","facts":{', "预算\x00\udc80", "\u2028", "a" * 5000):
            audit.record(
                audit.VISITOR,
                audit.Event.SIGN_IN_REFUSED,
                'x:"\\',
                scope="范围:\\u00e9",
                reason=words,
            )
    seal()
    assert check().ok, check()


def test_a_log_without_guards_says_so(log):
    unguard()
    assert set(check().unguarded) == set(guard.trigger_names(db.session.get_bind().dialect.name))


@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found_at_its_first_entry(log, kind):
    unguard()
    with transaction():
        table, first_bad = KINDS[kind](db.session, random.Random(kind))
    result = check()
    assert not result.ok
    assert (result.table, result.first_bad) == (table, first_bad), result


@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found_in_an_export_too(log, kind, tmp_path):
    if kind in COLUMNS_ONLY:
        return  # the file holds no query columns: there is nothing to edit
    unguard()
    with transaction():
        KINDS[kind](db.session, random.Random(kind))
    assert not verify_export(exported(tmp_path)).ok


def test_many_random_edits_are_all_found(log):
    """Every column of every table, rows drawn by chance; each edit is taken back."""
    unguard()
    chance = random.Random(7)
    for _ in range(100):
        with db.session.begin_nested() as attempt:
            what = rewriting.edit_anything(db.session, chance)
            assert not check().ok, what
            attempt.rollback()
    assert check().ok


class TestHistorySignedAgain:
    """Somebody who holds the database and the key rewrites the log from an entry on."""

    def test_only_the_anchor_tells(self, log):
        before = notes()
        unguard()
        rewriting.rewrite_and_sign_again(db, sealing, transaction, from_id=100)
        assert check().ok
        result = check(anchors=[before[-1]])
        assert not result.ok
        result = check(anchors=before)
        assert (result.table, result.first_bad) == ("audit_event", 44)
        assert "rewritten" in result.reason

    def test_an_older_anchor_is_no_witness(self, log):
        before = notes()
        unguard()
        rewriting.rewrite_and_sign_again(db, sealing, transaction, from_id=100)
        assert check(anchors=before[:3]).ok

    def test_the_export_of_it_is_found_too(self, log, tmp_path):
        before = notes()
        unguard()
        rewriting.rewrite_and_sign_again(db, sealing, transaction, from_id=100)
        path = exported(tmp_path)
        assert verify_export(path).ok
        assert verify_export(path, anchors=before).first_bad == 44

    def test_a_new_key_is_a_stranger(self, log):
        old = known_keys()
        before = notes()
        unguard()
        thief = Signer(old[0].name, Ed25519PrivateKey.generate())
        rewriting.rewrite_and_sign_again(db, sealing, transaction, from_id=100, signer=thief)
        assert check().table == "audit_checkpoint"
        assert not check(keys=[thief.verifier], anchors=before).ok
        assert check(keys=[thief.verifier]).ok

    def test_a_cut_tail_with_its_checkpoints(self, log):
        before = notes()
        unguard()
        with transaction():
            rewriting.cut_everything_after(db.session, 43)
        assert not check(anchors=before).ok
        assert (check(anchors=before).table, check(anchors=before).first_bad) == ("audit_leaf", 43)
        alone = check()
        if db.session.get_bind().dialect.name == "sqlite":  # ids have no gaps there
            assert (alone.table, alone.first_bad) == ("audit_event", 44)
        else:
            assert alone.ok


def test_anchors_of_another_log_and_garbage_are_refused(log):
    stranger = Signer("elsewhere.example", Ed25519PrivateKey.generate())
    for note in ("", "x\n", stranger.sign("elsewhere.example\n0\n" + "A" * 43 + "=\n")):
        assert check(anchors=[note]).table == "anchor"
    assert not check(anchors=[notes()[0].replace("\n3\n", "\n4\n").replace("\n1\n", "\n2\n")]).ok


def test_export_and_its_check(log, tmp_path):
    for name in ("log.jsonl", "log.jsonl.gz"):
        path = exported(tmp_path, name)
        result = verify_export(path, known_keys(), notes())
        assert result.ok, result
        assert (result.size, result.unsealed, result.checkpoints) == (300, 3, 5)
        assert verify_export(path).ok
        assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_every_changed_line_of_an_export_is_found(log, tmp_path):
    path = exported(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    chance = random.Random(5)
    # id and transaction of what waits are not signed yet; its text and hash are edited elsewhere
    signed = [n for n, line in enumerate(lines) if not line.startswith(('["waiting"', '["log"'))]
    for _ in range(150):
        place = chance.choice(signed)
        spot = chance.randrange(len(lines[place]) - 1)
        old = lines[place][spot]
        new = chance.choice([c for c in "x7é\u0000" if c != old])
        changed = [*lines]
        changed[place] = lines[place][:spot] + new + lines[place][spot + 1 :]
        path.write_text("".join(changed))
        result = verify_export(path, known_keys())
        assert not result.ok, (lines[place], spot, new)
    for place in range(1, len(lines)):
        path.write_text("".join(lines[:place] + lines[place + 1 :]))
        assert not verify_export(path, known_keys()).ok, lines[place]
        if place > 1:
            path.write_text(
                "".join([*lines[: place - 1], lines[place], lines[place - 1], *lines[place + 1 :]])
            )
            assert not verify_export(path, known_keys()).ok
        path.write_text("".join(lines[:place]))
        assert not verify_export(path, known_keys()).ok


def test_a_hash_has_one_way_to_be_written(log, tmp_path):
    path = exported(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    leaf = json.loads(lines[1])[4]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = leaf[:-2] + letters[letters.index(leaf[-2]) ^ 1] + "="
    path.write_text("".join([lines[0], lines[1].replace(leaf, other), *lines[2:]]))
    assert (verify_export(path).table, verify_export(path).first_bad) == ("export", 2)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"[]", b"{}", b"null\n", b'["log",{}]\n', b"\xff\xfe", b'["log",{"format":"xingping-audit-log","v":1}]\n',
     b"[" * 100_000, b"\x1f\x8b\x08\x00"],
)  # fmt: skip
def test_what_is_no_export_is_told_so(tmp_path, content):
    for name in ("bad.jsonl", "bad.jsonl.gz"):
        path = Path(tmp_path) / name
        path.write_bytes(content)
        result = verify_export(path)
        assert (result.ok, result.table) == (False, "export")
    assert not verify_export(tmp_path / "nothing").ok
