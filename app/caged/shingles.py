"""Texts as sets of overlapping pieces (shingles) of eight characters, and where they agree.

Only letters, digits and Chinese characters count, in one width and one case: blanks, breaks,
tables' lines and punctuation may differ. A shingle is a 64-bit number; two different ones are the
same number about once in 10^19.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 8
SHORTEST = 150  # characters of a segment
LONGEST = 1500
CUT = np.uint64(0x1FF)  # a segment ends at every 512th place or so, wherever the text stands
BASE = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xFF51AFD7ED558CCD)
GAP = 3 * WIDTH  # places between two agreements that are one passage
LEAST = 24  # characters of a passage that is worth showing

Numbers = NDArray[np.uint64]


@dataclass(frozen=True)
class Shingled:
    """The shingles of a text in their order, and where each begins in the text."""

    hashes: Numbers
    places: NDArray[np.int64]  # of every character that counts

    @property
    def characters(self) -> int:
        """How many characters count."""
        return len(self.places)


@dataclass(frozen=True)
class Passage:
    """A stretch of one text that stands in another too: from and to in both."""

    start: int
    end: int
    other_start: int
    other_end: int

    @property
    def length(self) -> int:
        """Its length in the first text."""
        return self.end - self.start


def shingled(text: str) -> Shingled:
    """Return the shingles of a text; none where fewer than eight characters count."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    wide = (codes >= 0xFF01) & (codes <= 0xFF5E)
    codes = np.where(wide, codes - 0xFEE0, codes)
    codes = np.where((codes >= 65) & (codes <= 90), codes + 32, codes)
    latin = ((codes >= 97) & (codes <= 122)) | ((codes >= 48) & (codes <= 57))
    chinese = ((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0x20000) & (codes <= 0x323AF))
    places = np.nonzero(latin | chinese)[0]
    kept = codes[places].astype(np.uint64)
    count = len(kept) - WIDTH + 1
    if count <= 0:
        return Shingled(np.empty(0, np.uint64), places)
    hashes = np.zeros(count, np.uint64)
    for offset in range(WIDTH):
        hashes = hashes * BASE + kept[offset : offset + count]
    hashes ^= hashes >> np.uint64(33)
    hashes *= MIX
    hashes ^= hashes >> np.uint64(29)
    return Shingled(hashes, places)


def segments(hashes: Numbers) -> Iterator[Numbers]:
    """Cut the shingles where their own numbers say so: the same passage is cut the same way."""
    ends = np.nonzero((hashes & CUT) == 0)[0]
    start = 0
    while len(hashes) - start > LONGEST:
        after = np.searchsorted(ends, start + SHORTEST)
        cut = int(ends[after]) + 1 if after < len(ends) else len(hashes)
        cut = min(cut, start + LONGEST)
        yield hashes[start:cut]
        start = cut
    if len(hashes) - start >= WIDTH:
        yield hashes[start:]


def without(hashes: Numbers, ignored: Numbers) -> Numbers:
    """The different shingles of a text but for those that don't count."""
    return np.setdiff1d(hashes, ignored, assume_unique=False)


def share(own: Numbers, other: Numbers) -> float:
    """How much of one set of shingles stands in another, from 0 to 1."""
    if not len(own):
        return 0.0
    return len(np.intersect1d(own, other, assume_unique=True)) / len(own)


def passages(one: Shingled, other: Shingled, ignored: Numbers) -> list[Passage]:
    """Where two texts agree, the longest passages first; what doesn't count is no agreement."""
    order = np.argsort(other.hashes, kind="stable")
    known = other.hashes[order]
    at = np.searchsorted(known, one.hashes)
    at = np.minimum(at, max(len(known) - 1, 0))
    agrees = (known[at] == one.hashes) if len(known) else np.zeros(len(one.hashes), bool)
    agrees &= ~np.isin(one.hashes, ignored)
    found = []
    for first, last in _runs(np.nonzero(agrees)[0]):
        there = int(order[at[first]])
        length = last - first + WIDTH
        end = min(there + length, other.characters) - 1
        found.append(
            Passage(
                int(one.places[first]),
                int(one.places[last + WIDTH - 1]) + 1,
                int(other.places[there]),
                int(other.places[end]) + 1,
            )
        )
    long = [each for each in found if each.length >= LEAST]
    return sorted(long, key=lambda each: -each.length)


def _runs(hits: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last of neighbouring hits, small gaps bridged."""
    if not len(hits):
        return
    breaks = np.nonzero(np.diff(hits) > GAP)[0]
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(hits) - 1]))
    for start, end in zip(starts, ends, strict=True):
        yield int(hits[start]), int(hits[end])


def common(texts: Sequence[Numbers], least: int, most: int) -> Numbers:
    """The shingles that stand in at least so many of the texts, the most frequent first kept."""
    if not texts:
        return np.empty(0, np.uint64)
    numbers, counts = np.unique(
        np.concatenate([np.unique(one) for one in texts]), return_counts=True
    )
    often = counts >= least
    numbers, counts = numbers[often], counts[often]
    if len(numbers) > most:
        numbers = numbers[np.argsort(-counts, kind="stable")[:most]]
    return np.sort(numbers)
