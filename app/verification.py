"""Checking what the portal gave away (passports, archives) offline: no database, no settings."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.audit import tree
from app.audit.checkpoint import BadNote, Checkpoint, Verifier, opened

PROOF = "xingping-proof"


@dataclass
class Finding:
    """Whether a file is what the log told; if not, everything that is wrong, in words."""

    wrong: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.wrong

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"ok": self.ok, "wrong": self.wrong, "checked": self.checked, **self.told}


def keys_in(words: Sequence[str], given: Sequence[Verifier]) -> list[Verifier]:
    """The keys known from outside, else those that the file brings along."""
    return list(given) or [Verifier.from_words(line) for line in words]


def signed_head(note: str, keys: Sequence[Verifier]) -> Checkpoint:
    """The tree head that a known key has signed; BadNote for any other note."""
    return Checkpoint.from_text(opened(note, keys))


def entry_holds(entry: Mapping[str, Any], head: Checkpoint) -> bool:
    """Whether an entry's text stands at its place under the signed root (RFC 6962 2.1.1)."""
    try:
        leaf = tree.leaf_hash(str(entry["canonical"]).encode())
        hashes = [base64.b64decode(one, validate=True) for one in entry["hashes"]]
        return tree.holds_entry(leaf, int(entry["seq"]), head.size, hashes, head.root)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return False


def verify_proof(
    document: Mapping[str, Any], given: Sequence[Verifier] = (), file: Path | None = None
) -> Finding:
    """Check a passport's proof, and the file itself where it is at hand."""
    found = Finding()
    try:
        keys = keys_in(document["keys"], given)
        head = signed_head(document["entry"]["checkpoint"], keys)
        facts = json.loads(document["entry"]["canonical"])["facts"]
        told = document["file"]
        found.told = {"sha256": str(facts["sha256"]), "checkpoint": f"{head.origin} {head.size}"}
        if not entry_holds(document["entry"], head):
            found.wrong.append("the entry is not in the log that the checkpoint signs")
        if (facts["sha256"], facts["size"]) != (told["sha256"], told["size"]):
            found.wrong.append("the passport's digest is not the one in the log")
        if facts["number"] != document["number"] or facts["index_no"] != document["index_no"]:
            found.wrong.append("the entry is that of another paper or version")
    except BadNote as error:
        found.wrong.append(f"checkpoint: {error}")
    except (KeyError, TypeError, ValueError) as error:
        found.wrong.append(f"not a proof of the portal: {error}")
    if file is not None and digest_of(file) != found.told.get("sha256"):
        found.wrong.append(f"{file.name} is not the file that the log tells of")
    found.checked = {"entries": 1}
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in little memory."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
