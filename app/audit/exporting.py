"""The log as a file that can be verified anywhere, without database or running portal.

JSON lines, in this order: ["log", {…}] with the public keys; ["entry", place, id, transaction,
leaf, text] for each sealed entry, and after the last one of a seal ["checkpoint", size, note,
batch]; ["waiting", id, transaction, leaf, text] for what is not sealed yet; ["end", counts].
A name that ends in .gz is compressed.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection

from app.audit.checking import Checker, Head, Trust
from app.audit.checkpoint import Verifier
from app.audit.reading import PAGE, Reader, reading
from app.audit.rows import Broken, Form
from app.audit.verifying import Result, check_waiting

FORMAT = "xingping-audit-log"
LONGEST_LINE = 50_000_000
NO_COLUMNS = (None,) * 5


def export(connection: Connection, keys: Sequence[Verifier], path: Path) -> int:
    """Write what this connection sees (one snapshot) to a file; return the number of entries."""
    counts = {"entry": 0, "checkpoint": 0, "waiting": 0}
    fresh = path.with_name(f".{path.name}.part")
    try:
        with reading(connection) as read, _opened(fresh, path.suffix, "wt") as file:
            words = [key.words() for key in keys]
            told = {"format": FORMAT, "v": 1, "keys": words, "dense": read.is_sqlite}
            _say(file, ["log", told])
            for line in _lines(read):
                _say(file, line)
                counts[line[0]] += 1
            _say(file, ["end", counts])
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return counts["entry"] + counts["waiting"]


def _lines(read: Reader) -> Iterator[list[Any]]:
    heads = read.heads()
    head = next(heads, None)
    for block in read.sealed():
        for seq, key, xid, leaf, _xid, canonical, *_columns in zip(*block, strict=True):
            yield ["entry", seq, key, xid, *_words(leaf, canonical)]
            if head is not None and head.size <= seq + 1:
                yield ["checkpoint", head.size, head.note, head.batch]
                head = next(heads, None)
    for key, xid, canonical, leaf, *_columns in read.waiting():
        yield ["waiting", key, xid, *_words(leaf, canonical)]


def _words(leaf: bytes, canonical: bytes | None) -> tuple[str, str | None]:
    text = None if canonical is None else canonical.decode("utf-8", "surrogateescape")
    return base64.b64encode(leaf).decode(), text


def _say(file: IO[str], line: object) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _opened(path: Path, suffix: str, mode: str) -> IO[str]:
    # an edited byte that is no UTF-8 must be named, not be a crash
    words = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "\n"}
    if suffix == ".gz":
        return cast(IO[str], gzip.open(path, mode, **words))  # type: ignore[call-overload]  # the words fit text modes
    return cast(IO[str], path.open(mode, **words))  # type: ignore[call-overload]  # as above


def verify_export(
    path: Path, keys: Sequence[Verifier] | None = None, anchors: Sequence[str] = ()
) -> Result:
    """Verify an export by itself. Without keys from outside it is held against its own keys.

    Then only an anchor, a checkpoint kept elsewhere, shows that it is not a forgery throughout.
    """
    try:
        with _opened(path, path.suffix, "rt") as file:
            return _read_through(file, keys, anchors)
    except Broken as broken:
        return Result(
            ok=False, table=broken.table, first_bad=broken.first_bad, reason=broken.reason
        )
    except (OSError, EOFError, zlib.error) as error:
        return Result(ok=False, table="export", reason=f"the file can't be read: {error}")


def origin_of(path: Path) -> str:
    """Return the name of the log that an export says it is of; nothing where it can't be read."""
    try:
        with _opened(path, path.suffix, "rt") as file:
            return Verifier.from_words(json.loads(file.readline(LONGEST_LINE))[1]["keys"][0]).name
    except (OSError, EOFError, zlib.error, ValueError, TypeError, LookupError):
        return ""


def _read_through(file: IO[str], keys: Sequence[Verifier] | None, anchors: Sequence[str]) -> Result:
    number = 1
    try:
        progress = _Reading(json.loads(file.readline(LONGEST_LINE)), keys, anchors)
        while line := file.readline(LONGEST_LINE):
            number += 1
            progress.take(json.loads(line))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Broken("export", number, f"line {number} is no line of an export") from error
    return progress.result()


class _Reading:
    """Takes an export line by line."""

    def __init__(self, first: Any, keys: Sequence[Verifier] | None, anchors: Sequence[str]) -> None:
        kind, told = first
        if kind != "log" or told["format"] != FORMAT or told["v"] != 1:
            raise Broken("export", None, "the file is not an export of the log")
        known = keys or [Verifier.from_words(line) for line in told["keys"]]
        form = Form(columns=False, dense=bool(told["dense"]))
        self.checker = Checker(Trust(known, anchors), form)
        self.rows: list[tuple[Any, ...]] = []
        self.waiting = self.last_waiting = 0
        self.counts: object = None
        self.kinds: dict[str, Callable[..., None]] = {
            "entry": self.entry, "checkpoint": self.checkpoint, "waiting": self.wait,
            "end": self.end,
        }  # fmt: skip

    def take(self, line: Any) -> None:
        """Check one line."""
        if self.counts is not None:
            raise Broken("export", None, "something follows the end")
        kind, *rest = line
        self.kinds[kind](*rest)

    def entry(self, seq: int, key: int, xid: int | None, leaf: str, text: str | None) -> None:
        """Keep a sealed entry until its checkpoint, or a page of them, is there."""
        if self.waiting:
            raise Broken("audit_event", key, "a sealed entry among those that wait")
        raw = _hash(leaf)
        self.rows.append((seq, key, xid, raw, xid, _bytes(text), raw, *NO_COLUMNS))
        if len(self.rows) == PAGE:
            self.flush()

    def flush(self) -> None:
        """Check the entries so far."""
        rows, self.rows = self.rows, []
        self.checker.take(tuple(zip(*rows, strict=True)))

    def checkpoint(self, size: int, note: str, batch: str) -> None:
        """Check the checkpoint after its entries."""
        if self.waiting:
            raise Broken("audit_checkpoint", size, "a checkpoint among entries that wait")
        self.flush()
        self.checker.take_head(Head(size, None, note, batch, None))

    def wait(self, key: int, xid: int | None, leaf: str, text: str | None) -> None:
        """Check an entry that no seal took in yet."""
        self.flush()
        if self.waiting and key <= self.last_waiting:
            raise Broken("audit_event", key, "the entries that wait are out of order")
        self.last_waiting = key
        place = self.checker.frontier.size + self.waiting
        raw = _hash(leaf)
        row = (place, key, xid, raw, xid, _bytes(text), raw, *NO_COLUMNS)
        check_waiting(row, self.checker)
        self.waiting += 1

    def end(self, counts: object) -> None:
        """Keep what the file says about its own length."""
        self.flush()
        self.counts = counts

    def result(self) -> Result:
        """Check the end and tell the result."""
        self.flush()
        self.checker.end()
        size, checkpoints = self.checker.frontier.size, self.checker.checkpoints
        if self.counts != {"entry": size, "checkpoint": checkpoints, "waiting": self.waiting}:
            raise Broken("export", None, "the file was cut: its counts don't fit")
        return Result(
            ok=True, table="audit_event", size=size, root=self.checker.frontier.root().hex(),
            checkpoints=checkpoints, unsealed=self.waiting,
        )  # fmt: skip


def _hash(words: str) -> bytes:
    """Read base64 in its one plain form: its last letter has room for bits that say nothing."""
    raw = base64.b64decode(words, validate=True)
    if base64.b64encode(raw).decode() != words:
        raise ValueError("not plain base64")
    return raw


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")
