"""What the audit log costs: verification beside raw hashing, appending beside a plain insert.

Both sides of every figure run in turns on the same machine. Run: python -m tests.bench.bench_audit
"""

import contextlib
import gc
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import insert, text

from app import audit, clock, create_app
from app.audit import sealing
from app.audit.canonical import Told, canonical
from app.audit.checking import Checker, Trust
from app.audit.checkpoint import Checkpoint, Signer
from app.audit.keys import known_keys
from app.audit.models import AuditEvent
from app.audit.reading import PAGE
from app.audit.rows import Form
from app.audit.tree import leaf_hash, root_of
from app.audit.verifying import verify
from app.db import db, transaction
from tests import servers
from tests.conftest import make_settings, migrate

EVENTS = 1_000_000
ROUNDS = 5
WRITERS, PAIRS, SECONDS = 8, 7, 2.0


def figures(folder: Path) -> list[dict]:
    """The figures, each with the ratio that has to be at least its floor."""
    parts = (verifying_in_memory, verifying_sqlite, verifying_postgresql, appending)
    return [row for part in parts for row in part(folder)]


def verifying_in_memory(_folder: Path) -> list[dict]:
    return [in_memory()]


def verifying_sqlite(folder: Path) -> list[dict]:
    return [from_database("SQLite", sqlite(folder))]


def verifying_postgresql(folder: Path) -> list[dict]:
    with servers.postgres(folder / "postgres") as url:
        return [from_database("PostgreSQL", portal(folder, url))]


def appending(folder: Path) -> list[dict]:
    with servers.postgres(folder / "appended") as url:
        return [writing(folder, url)]


def figure(name: str, ours: list[float], reference: list[float], unit: str, floor: float) -> dict:
    """A ratio is the median of the pairs' own ratios: a slow moment hits both of a pair."""
    ratio = median(a / b for a, b in zip(ours, reference, strict=True))
    return {"name": name, "ratio": ratio, "ours": median(ours), "reference": median(reference),
            "unit": unit, "floor": floor}  # fmt: skip


def rate(work: Callable[[], object]) -> float:
    """Events a second."""
    start = time.perf_counter()
    work()
    return EVENTS / (time.perf_counter() - start)


def raw_loop(texts: list[bytes]) -> float:
    def loop() -> None:
        for one in texts:
            sha256(one).digest()

    return rate(loop)


def in_memory() -> dict:
    """The checker over rows in memory, with a signed checkpoint at the end, beside bare hashing."""
    texts = [(sha256(str(n).encode()).hexdigest() * 2)[:124].encode() for n in range(EVENTS)]
    blocks = [_block(texts, start) for start in range(0, EVENTS, PAGE)]
    signer = Signer("bench", Ed25519PrivateKey.generate())
    root = root_of(leaf for block in blocks for leaf in block[3])
    note = signer.sign(Checkpoint("bench", EVENTS, root).text())
    gc.collect()
    gc.freeze()  # a million rows at once are the bench's, not the verifier's

    def check() -> None:
        checker = Checker(Trust([signer.verifier], [note]), Form(columns=False, dense=True))
        for block in blocks:
            checker.take(block)
            checker._ids, checker._xids = [], []  # a checkpoint at least every 20,000
        checker.end()  # the root is that of the signed note

    ours, reference = [], []
    for _ in range(ROUNDS):
        reference.append(raw_loop(texts))
        ours.append(rate(check))
    gc.unfreeze()
    return figure(
        "1 M events of 124 B verified in memory, beside hashlib", ours, reference, "1/s", 0.35
    )


def _block(texts: list[bytes], start: int) -> tuple:
    """Rows by column, as they come from the database."""
    some = tuple(texts[start : start + PAGE])
    places, leaves, none = (
        range(start, start + len(some)),
        tuple(map(leaf_hash, some)),
        (None,) * len(some),
    )
    ids = tuple(place + 1 for place in places)
    return tuple(places), ids, none, leaves, none, some, leaves, *[none] * 5


def sqlite(folder: Path) -> Flask:
    (folder / "sqlite").mkdir()
    return portal(folder, f"sqlite:///{folder}/sqlite/portal.db")


def portal(folder: Path, url: str) -> Flask:
    """A migrated portal on this database."""
    settings = make_settings(Path(tempfile.mkdtemp(dir=folder)), url)
    migrate(settings)
    return create_app(settings)


def from_database(name: str, app: Flask) -> dict:
    """The whole command's work, parsing and comparing of columns included."""
    with app.app_context():
        texts = fill()
        ours, reference = [], []
        for _ in range(3):
            reference.append(raw_loop(texts))
            ours.append(rate(lambda: whole(verify(db.engine, Trust(known_keys())))))
        db.session.remove()
        db.engine.dispose()
    return figure(f"1 M events verified from {name}, beside hashlib", ours, reference, "1/s", 0.10)


def whole(result: object) -> None:
    assert result.ok, result
    assert result.size == EVENTS


def fill() -> list[bytes]:
    """A million sealed entries, the entries by the driver's fastest way, the seals by the sealer."""
    at = clock.now()
    texts = []
    table, step = AuditEvent.__table__, 20_000
    for start in range(0, EVENTS, step):
        rows = []
        for n in range(start, start + step):
            told = Told(at, "note.issued", f"note:{n}", None, n % 900)
            line = canonical(told, None, None, {})
            texts.append(line.encode())
            rows.append({"canonical": line, "leaf": leaf_hash(texts[-1]), "event": told.event,
                         "subject": told.subject, "actor_id": told.actor, "at": at})  # fmt: skip
        with transaction():
            db.session.connection().execute(insert(table), rows)
        with transaction():
            sealing.seal()
    return texts


def writing(folder: Path, url: str) -> dict:
    """Eight processes, each with its session; a sealer beside our side every half second."""
    settings = make_settings(folder / "writers", url)
    migrate(settings)
    app = create_app(settings)
    with app.app_context():
        with transaction():
            db.session.execute(text("CREATE TABLE plain_event (LIKE audit_event INCLUDING ALL)"))
        with crew(settings) as go:
            go("plain", 0.5)
            go("ours", 0.5)
            ours, reference = [], []
            for pair in range(PAIRS):
                for side in ("plain", "ours") if pair % 2 else ("ours", "plain"):
                    (ours if side == "ours" else reference).append(go(side, SECONDS))
        while True:
            with transaction():
                if sealing.seal(thorough=True) is None:
                    break
        assert verify(db.engine, Trust(known_keys())).ok
        db.session.remove()
        db.engine.dispose()
    name = "8 writers append on PostgreSQL, beside plain inserts"
    return figure(name, ours, reference, "rows/s", 0.85)


@contextlib.contextmanager
def crew(settings: dict) -> Iterator[Callable[[str, float], float]]:
    """Start the writers and the sealer once; `go` lets all of them work on one side."""
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for role in ["sealer", *["writer"] * WRITERS]:
        here, there = spawn.Pipe()
        process = spawn.Process(target=member, args=(role, settings, there), daemon=True)
        process.start()
        pipes.append((here, process))
    for pipe, _process in pipes:
        pipe.recv()

    def go(side: str, seconds: float) -> float:
        for pipe, _process in pipes:
            pipe.send((side, seconds))
        return sum(pipe.recv() for pipe, _process in pipes)

    try:
        yield go
    finally:
        for pipe, process in pipes:
            pipe.send(None)
            process.join(10)


def member(role: str, settings: dict, pipe: object) -> None:
    """One process: told a side and a time, it tells how many rows a second it wrote."""
    app = create_app(settings)
    with app.app_context():
        plain = AuditEvent.__table__.to_metadata(AuditEvent.metadata, name="plain_event")
        pipe.send("ready")
        while (told := pipe.recv()) is not None:
            side, seconds = told
            pipe.send(
                seal_for(side, seconds) if role == "sealer" else write_for(side, seconds, plain)
            )
        db.session.remove()
        db.engine.dispose()


def seal_for(side: str, seconds: float) -> float:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        time.sleep(min(left, 0.5))
        if side == "ours":
            with transaction():
                sealing.seal()
    return 0.0


def write_for(side: str, seconds: float, plain: object) -> float:
    """Both sides go through the session and say the same; ours checks, hashes and is sealed."""
    actor, role = audit.PORTAL, "portal"
    add = insert(plain).returning(plain.c.id)
    start = time.perf_counter()
    for number in count(1):
        with transaction():
            if side == "ours":
                audit.record(actor, audit.Event.SIGNED_IN, f"user_account:{number}")
            else:
                told = Told(clock.now(), "sign_in.done", f"user_account:{number}", None, 0)
                row = {"canonical": canonical(told, role, None, {}), "leaf": bytes(32),
                       "event": told.event, "subject": told.subject, "scope": None,
                       "actor_id": 0, "at": told.at}  # fmt: skip
                db.session.flush()
                db.session.connection().execute(add, row).scalar_one()
        if time.perf_counter() - start > seconds:
            return number / (time.perf_counter() - start)
    raise AssertionError


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="xingping-bench-") as place:
        Path(place).chmod(0o755)
        for row in figures(Path(place)):
            print(json.dumps(row, ensure_ascii=False))
    sys.exit()
