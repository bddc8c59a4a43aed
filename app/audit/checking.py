"""Whether a log is whole: every row, every root, every signature, in one pass and little memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.audit.batch import START, chained, read_batch
from app.audit.checkpoint import BadNote, Checkpoint, UnknownKey, Verifier, opened, split
from app.audit.rows import Block, Broken, Form, check_block, cut
from app.audit.tree import Frontier

Nodes = Callable[[int], Iterator[tuple[int, bytes]]]


class Head(NamedTuple):
    """A stored checkpoint; `root` and `signed_at` are None where only the notes are at hand."""

    size: int
    root: bytes | None
    note: str
    batch: str
    signed_at: str | None


@dataclass(frozen=True)
class Trust:
    """What the one who checks knows from outside: the keys, and checkpoints kept elsewhere."""

    keys: Sequence[Verifier]
    anchors: Sequence[str] = ()


class Checker:
    """Takes the log in order: `check` all sealed entries, then what waits for its seal.

    `nodes` gives the kept hashes of a height as (position, hash), where they are at hand.
    """

    def __init__(self, trust: Trust, form: Form, nodes: Nodes | None = None) -> None:
        self.trust, self.form, self.nodes = trust, form, nodes
        self.frontier, self.chain, self.horizon, self.checkpoints = Frontier(), START, 0, 0
        self._anchors = sorted((_anchor(n, trust.keys) for n in trust.anchors), key=_size)
        self._unproved: int | None = None  # the first event after the last anchor that fits
        self._ids: list[int] = []  # since the last checkpoint, as the three that follow
        self._xids: list[int | None] = []
        self._kept: list[tuple[int, int, bytes]] = []
        self._node_rows: dict[int, Iterator[tuple[int, bytes]]] = {}

    def check(self, blocks: Iterable[Block], heads: Iterable[Head]) -> None:
        """Go through all sealed entries; Broken at the first that is not as it was."""
        waiting = iter(heads)
        head = next(waiting, None)
        for rest in blocks:
            while rest:
                until = None if head is None else max(0, head.size - self.frontier.size)
                part, rest = cut(rest, until)
                self.take(part)
                if head is not None and head.size <= self.frontier.size:
                    self.take_head(head)
                    head = next(waiting, None)
        self.end(head)

    def take(self, block: Block) -> None:
        """Check the next entries; at most up to the next checkpoint."""
        while block and block[0]:
            self._check_anchors()
            until = self._anchors[0][0].size - self.frontier.size if self._anchors else None
            part, block = cut(block, until)
            check_block(part, self.frontier.size, self.form)
            _places, ids, xids, leaves, *_rest = part
            self._ids += ids
            self._xids += xids
            self._kept += self.frontier.extend(leaves)
            if self._unproved is None:
                self._unproved = ids[0]

    def _check_anchors(self) -> None:
        while self._anchors and self._anchors[0][0].size == self.frontier.size:
            anchor, is_ours = self._anchors.pop(0)
            if anchor.root != self.frontier.root():
                why = f"the first {anchor.size} are not those of the checkpoint kept outside"
                raise Broken("audit_event", self._unproved, f"rewritten from this entry on: {why}")
            if not is_ours:
                why = "the checkpoint kept outside was signed by another key"
                raise Broken("audit_checkpoint", anchor.size, why)
            self._unproved = None

    def take_head(self, head: Head) -> None:
        """Check the checkpoint that follows the entries so far."""
        if head.size != self.frontier.size or not self._ids:
            raise Broken("audit_checkpoint", head.size, "a checkpoint is out of its place")
        told = _signed(head, self.trust.keys)
        if told.root != self.frontier.root():
            last = f"from this entry to {self._ids[-1]}"
            raise Broken("audit_event", self._ids[0], f"{last}, the log is not what was signed")
        self._check_order()
        self._check_batch(head)
        self._check_nodes()
        self._ids, self._xids = [], []
        self.checkpoints += 1

    def _check_order(self) -> None:
        right = sorted(self._ids)
        if right != self._ids:
            place = next(n for n, key in enumerate(right) if key != self._ids[n])
            place += self.frontier.size - len(right)
            raise Broken("audit_leaf", place, "the entries of a seal are out of order")

    def _check_batch(self, head: Head) -> None:
        try:
            batch = read_batch(opened(head.batch, self.trust.keys))
        except BadNote as error:
            raise Broken("audit_checkpoint", head.size, f"batch statement: {error}") from error
        self.chain = chained(self.chain, self._ids, self._xids)
        self.horizon = batch.horizon
        is_same = (batch.size, batch.chain) == (head.size, self.chain)
        if not is_same or head.signed_at not in (None, batch.signed_at):
            why = "ids, transactions or time are not the seal's, or a checkpoint before it is gone"
            raise Broken("audit_checkpoint", head.size, why)

    def _check_nodes(self) -> None:
        if self.nodes is None:
            return
        for level, position, node in self._kept:
            if level not in self._node_rows:
                self._node_rows[level] = self.nodes(level)
            if next(self._node_rows[level], None) != (position, node):
                raise Broken("audit_node", position, f"a kept hash of height {level} is wrong")
        self._kept = []

    def end(self, head: Head | None = None) -> None:
        """Check that nothing is missing; `head` is a checkpoint that was not reached."""
        self._check_anchors()
        size = self.frontier.size
        signed = head.size if head else max((anchor.size for anchor, _ in self._anchors), default=0)
        if signed:
            why = f"the entries from place {size} on were removed; {signed} had been signed"
            raise Broken("audit_leaf", size, why)
        if self._ids:
            raise Broken("audit_event", self._ids[0], "no checkpoint signs the entries from here")
        for level, rows in self._node_rows.items():
            if (more := next(rows, None)) is not None:
                raise Broken("audit_node", more[0], f"a hash of height {level} too many")


def _anchor(note: str, keys: Sequence[Verifier]) -> tuple[Checkpoint, bool]:
    """Return the checkpoint kept outside, and whether a known key has signed it."""
    try:
        told = Checkpoint.from_text(split(note)[0])
        if told.origin not in {key.name for key in keys}:
            raise BadNote(f"it is of another log, {told.origin}")
        try:
            return told, bool(opened(note, keys))
        except UnknownKey:
            return told, False
    except BadNote as error:
        raise Broken("anchor", None, f"the anchor: {error}") from error


def _size(anchor: tuple[Checkpoint, bool]) -> int:
    return anchor[0].size


def _signed(head: Head, keys: Sequence[Verifier]) -> Checkpoint:
    try:
        told = Checkpoint.from_text(opened(head.note, keys))
    except BadNote as error:
        raise Broken("audit_checkpoint", head.size, f"checkpoint: {error}") from error
    if told.size != head.size or head.root not in (None, told.root):
        why = "size or root are not those that were signed"
        raise Broken("audit_checkpoint", head.size, why)
    return told
