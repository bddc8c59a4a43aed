"""The Merkle tree of RFC 6962: roots, proofs that an entry is in it and that it only grew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Self

EMPTY_ROOT = sha256(b"").digest()
TILE = 8  # hashes of complete subtrees are kept at heights 8, 16, 24 …: 1 of 256 is stored

# Gives the hash of the complete subtree of height `level` that starts at leaf `position << level`.
Nodes = Callable[[int, int], bytes]
# Gives the kept hashes of one height (0 for leaves, else a multiple of TILE) from low to high-1.
Row = Callable[[int, int, int], list[bytes]]


class Gap(Exception):
    """Kept hashes are not there: the log was damaged."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry (RFC 6962 2.1): a prefix keeps leaves and inner nodes apart."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into one (RFC 6962 2.1)."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """A tree that only grows, in constant memory: at most one spare subtree of each height.

    The spares are the complete subtrees of the binary digits of `size`; they are all that is
    needed to go on and to tell the root.
    """

    def __init__(self) -> None:
        self.size = 0
        self.spares: list[bytes | None] = []

    @classmethod
    def resumed(cls, size: int, row: Row) -> Self:
        """Return the frontier of `size` leaves from the kept hashes: at most 255 of each height."""
        frontier, level = cls(), 0
        frontier.size = size
        while size >> level:
            high = size >> level
            part = cls()
            part.extend(_all(row, level, high - high % (1 << TILE), high))
            frontier.spares += part.spares + [None] * (TILE - len(part.spares))
            level += TILE
        return frontier

    def extend(self, leaves: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
        """Append leaf hashes; return the (level, position, hash) of finished subtrees to keep."""
        row, level, kept = list(leaves), 0, list[tuple[int, int, bytes]]()
        start, self.size = self.size, self.size + len(row)
        while row:
            if level == len(self.spares):
                self.spares.append(None)
            if level and level % TILE == 0:
                kept += [(level, (start >> level) + n, node) for n, node in enumerate(row)]
            if (spare := self.spares[level]) is not None:
                row.insert(0, spare)
            self.spares[level] = row.pop() if len(row) % 2 else None
            pairs = iter(row)
            row = [sha256(b"\1" + a + b).digest() for a, b in zip(pairs, pairs, strict=True)]
            level += 1
        return kept

    def root(self) -> bytes:
        """Return the root of the leaves so far; that of no leaf is the hash of nothing."""
        root = None
        for spare in self.spares:
            if spare is not None:
                root = spare if root is None else node_hash(spare, root)
        return EMPTY_ROOT if root is None else root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of these leaf hashes (MTH, RFC 6962 2.1)."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def nodes_over(row: Row) -> Nodes:
    """Return the hash of any complete subtree, from at most 128 kept hashes each."""

    def node(level: int, position: int) -> bytes:
        kept, above = level - level % TILE, level % TILE
        return root_of(_all(row, kept, position << above, (position + 1) << above))

    return node


def _all(row: Row, level: int, low: int, high: int) -> list[bytes]:
    found = row(level, low, high)
    if len(found) != high - low:
        raise Gap(f"hashes {low} to {high - 1} of height {level} are not all there")
    return found


def range_hash(nodes: Nodes, low: int, high: int) -> bytes:
    """Return the hash of leaves low to high-1, a range as proofs cut them.

    `low` is a multiple of the largest power of two in the range, so the range falls into
    complete subtrees of falling size.
    """
    parts = []
    while low < high:
        level = (high - low).bit_length() - 1
        parts.append(nodes(level, low >> level))
        low += 1 << level
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root of `size` leaves (RFC 6962 2.1.1).

    ValueError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry {index}")
    return [range_hash(nodes, *sibling) for sibling in _siblings(index, size)][::-1]


def _siblings(index: int, size: int) -> Iterator[tuple[int, int]]:
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            yield middle, high
            high = middle
        else:
            yield low, middle
            low = middle


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """Return the hashes that show the first `old` of `size` leaves unchanged (RFC 6962 2.1.2).

    It is empty for old = 0 and old = size. ValueError where old > size.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} entries has not grown from one of {old}")
    if old in (0, size):
        return []
    proof, low, high, end, whole = [], 0, size, old, True
    while end != high:
        middle = low + _split(high - low)
        if end <= middle:
            proof.append((middle, high))
            high = middle
        else:
            proof.append((low, middle))
            low, whole = middle, False
    if not whole:
        proof.append((low, high))
    return [range_hash(nodes, *part) for part in reversed(proof)]


def holds_entry(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the proof leads from the leaf at `index` to this root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = node_hash(step, found)
            while node and not node % 2:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def grew(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Tell whether the tree of `size` leaves begins with that of `old` (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == size:
        return not proof and old_root == root
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(steps) and _climb(old - 1, size - 1, steps) == (old_root, root)


def _climb(node: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    while node % 2:
        node, last = node >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node % 2 or node == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while node and not node % 2:
                node, last = node >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        node, last = node >> 1, last >> 1
    return (older, newer) if last == 0 else None
