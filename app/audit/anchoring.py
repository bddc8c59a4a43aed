"""Anchors: checkpoints kept outside the portal, and whether a signed log continues them."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.audit import tree
from app.audit.checkpoint import Checkpoint, Verifier, opened

Proofs = Mapping[tuple[int, int], Sequence[bytes]]


def faults(
    head: Checkpoint, keys: Sequence[Verifier], anchors: Sequence[str], own: Proofs
) -> list[str]:
    """Hold a signed log against what was kept outside; return what is wrong, in words.

    An anchor is a checkpoint, older or newer than the log or of its size. Between two sizes a
    consistency proof must lead (RFC 6962 2.1.2): from the file's own, or given among the anchors
    as `xingping audit consistency` prints it.
    """
    told = [text.strip() for text in anchors]
    given = [json.loads(text) for text in told if text.startswith("{")]
    proofs = {**own, **proofs_in(given)}
    notes = [f"{text}\n" for text in told if not text.startswith("{")]
    found = [_fault(head, Checkpoint.from_text(opened(note, keys)), proofs) for note in notes]
    return [words for words in found if words]


def proofs_in(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], list[bytes]]:
    """The proofs by the two sizes between which they lead; ValueError for what is none."""
    found = {}
    for line in lines:
        try:
            hashes = [base64.b64decode(one, validate=True) for one in line["hashes"]]
            found[int(line["old"]), int(line["size"])] = hashes
        except (KeyError, TypeError, binascii.Error) as error:
            raise ValueError(f"not a consistency proof: {error!r}") from error
    return found


def _fault(head: Checkpoint, anchor: Checkpoint, proofs: Proofs) -> str:
    if anchor.origin != head.origin:
        return f"the anchor is of another log ({anchor.origin})"
    older, newer = sorted((anchor, head), key=lambda one: one.size)
    if older.size == newer.size:
        same = older.root == newer.root
        return "" if same else "the checkpoint is not the one kept outside: forged"
    hashes = proofs.get((older.size, newer.size))
    if hashes is None:
        sizes = f"{older.size} {newer.size}"
        return (
            f"no proof leads from {older.size} entries to {newer.size}: `xingping audit"
            f" consistency {sizes}` prints it where the log is, give it as an --anchor too"
        )
    if not tree.grew(older.size, newer.size, hashes, older.root, newer.root):
        return f"the log does not continue the one kept outside at {anchor.size} entries: forged"
    return ""
