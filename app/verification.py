"""Checking what the portal gave away (passports, archives) offline: no database, no settings."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from app import enclosing
from app.audit import anchoring, tree
from app.audit.checkpoint import BadNote, Checkpoint, Verifier, opened
from app.listed_zip import MOST_BYTES, SUMS, UNREADABLE, Kind, ListedZip

PROOF, ARCHIVE = "xingping-proof", "xingping-archive"
MANIFEST = "manifest.json"
CHECKPOINT, KEY, EVENTS = "audit/checkpoint.txt", "audit/key.txt", "audit/events.jsonl"
CONSISTENCY = "audit/consistency.jsonl"  # how the log grew from each day's last checkpoint
OWN = frozenset({MANIFEST, SUMS, CHECKPOINT, KEY, EVENTS, CONSISTENCY})
ARRIVALS = frozenset({"paper.submitted", "version.submitted", "file.attached"})
MADE = "archive.made"
ARCHIVED = Kind("package", ARCHIVE, MANIFEST, OWN)
BLOCK = 1 << 20
Checker = Callable[[Path, Sequence[Verifier], Sequence[str]], "Finding"]
package_kinds: dict[str, Checker] = {}  # by a file that only this kind of ZIP holds


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
    document: Mapping[str, Any],
    given: Sequence[Verifier] = (),
    file: Path | None = None,
    *,
    anchors: Sequence[str] = (),
) -> Finding:
    """Check a passport's proof, and the file itself where it is at hand."""
    found = Finding()
    try:
        keys = keys_in(document["keys"], given)
        head = signed_head(document["entry"]["checkpoint"], keys)
        facts = json.loads(document["entry"]["canonical"])["facts"]
        told = document["file"]
        found.told = {"sha256": str(facts["sha256"]), "checkpoint": f"{head.origin} {head.size}"}
        found.wrong += anchoring.faults(head, keys, anchors, {})
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
        while chunk := file.read(BLOCK):
            digest.update(chunk)
    return digest.hexdigest()


def digest_of_events(texts: Iterable[str]) -> dict[str, Any]:
    """How many events there are, and the SHA-256 of their texts, each with a newline after it."""
    digest, count = sha256(), 0
    for text in texts:
        digest.update(text.encode() + b"\n")
        count += 1
    return {"count": count, "sha256": digest.hexdigest()}


def verify_package(path: Path, given: Sequence[Verifier], anchors: Sequence[str]) -> Finding:
    """Check a ZIP by whoever knows its kind; an archive package is any that nobody else knows."""
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (*UNREADABLE, ValueError):
        names = []
    checks = [check for name, check in package_kinds.items() if name in names]
    return checks[0](path, given, anchors) if checks else verify_archive(path, given, anchors)


def verify_archive(
    path: Path, given: Sequence[Verifier] = (), anchors: Sequence[str] = ()
) -> Finding:
    """Check an archive package by itself: nothing missing, nothing added, nothing changed.

    The checkpoint signs the events, the last event vouches for the manifest, the manifest for
    every file; and each paper's digest stands in the event of its arrival. Without a key from
    outside it is held against its own key, and then only an anchor, a checkpoint kept elsewhere,
    shows that it is not a forgery throughout: the package proves that its log continues the last
    checkpoint of each day, and any other by a proof given among the anchors.
    """
    found = Finding()
    try:
        with ZipFile(path) as archive:
            _Archive(archive, found).check(given, anchors)
    except UNREADABLE as error:
        found.wrong.append(f"the file is not a whole ZIP: {error}")
    except BadNote as error:
        found.wrong.append(f"checkpoint: {error}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found.wrong.append(f"the package is not of the portal's form: {error!r}")
    return found


class _Archive(ListedZip):
    """Goes through an open package and notes everything that is wrong with it."""

    def __init__(self, archive: ZipFile, found: Finding) -> None:
        super().__init__(archive, ARCHIVED, found.wrong)
        self.found = found

    def check(self, given: Sequence[Verifier], anchors: Sequence[str]) -> None:
        """Check all of it; what can't be read at all is raised."""
        self.check_names()
        self._check_files()
        keys = keys_in(self.read(KEY).decode().splitlines(), given)
        head = signed_head(self.read(CHECKPOINT).decode(), keys)
        self.found.told = {
            "scope": str(self.manifest["scope"]),
            "checkpoint": f"{head.origin} {head.size}",
            "keys": "given" if given else "the package's own",
        }
        self.found.wrong += anchoring.faults(head, keys, anchors, self._grown())
        self._check_events(head)

    def _check_files(self) -> None:
        there = [one for one in self.manifest["files"] if one["path"] in self.sizes]
        for one in there:
            if why := self._damage(one):
                self._wrong(f"{one['path']}: {why}")
        self.found.checked["files"] = len(there)

    def _damage(self, one: Mapping[str, Any]) -> str:
        if self.sizes[one["path"]] != one["size"]:
            return f"has {self.sizes[one['path']]} bytes and had {one['size']}"
        digest = sha256()
        try:
            with self.archive.open(one["path"]) as file:
                while chunk := file.read(BLOCK):
                    digest.update(chunk)
        except (*UNREADABLE, ValueError) as error:
            return f"can't be read: {error}"
        return "" if digest.hexdigest() == one["sha256"] else "its bytes were changed"

    def _grown(self) -> anchoring.Proofs:
        """The package's own proofs that the log only grew; older packages have none."""
        if CONSISTENCY not in self.sizes:
            return {}
        lines = self.read(CONSISTENCY).decode().splitlines()
        return anchoring.proofs_in(json.loads(line) for line in lines)

    def _check_events(self, head: Checkpoint) -> None:
        texts, arrivals, last, place = list[str](), dict[tuple[Any, ...], Any](), {}, -1
        arrived: set[str] = set()
        for number, line in enumerate(self._lines(), start=1):
            body = json.loads(line["canonical"])
            if not entry_holds(line, head):
                self._wrong(f"{EVENTS} line {number}: not in the log that the checkpoint signs")
            if line["seq"] <= place or body["scope"] != self.manifest["scope"]:
                self._wrong(f"{EVENTS} line {number}: out of order, or of something else")
            if body["event"] in ARRIVALS:
                arrivals[_arrival(body)] = body["facts"]
            arrived |= enclosing.digests_in(body)
            texts.append(line["canonical"])
            last, place = body, line["seq"]
        self.found.checked["events"] = len(texts)
        if digest_of_events(texts[:-1]) != self.manifest["events"]:
            self._wrong(f"{EVENTS}: events are missing or were added")
        if last.get("event") != MADE or last["facts"]["manifest_sha256"] != _hex(self.text):
            self._wrong(f"{MANIFEST}: not the one that the log vouches for")
        self._check_arrivals(arrivals)
        self.found.wrong += enclosing.faults(self.manifest, arrived)

    def _lines(self) -> Iterator[Any]:
        with self.archive.open(EVENTS) as file:
            while line := file.readline(MOST_BYTES):
                yield json.loads(line)

    def _check_arrivals(self, arrivals: Mapping[tuple[Any, ...], Any]) -> None:
        papers = [one for one in self.manifest["files"] if one["kind"] == "paper"]
        told = {_version(one) for one in [*papers, *self.manifest["left_out"]]}
        for one in papers:
            if _version(one) not in arrivals:
                self._wrong(f"{one['path']}: the log tells of no such file")
        for key in sorted(set(arrivals) - told, key=str):
            self._wrong(f"{key[1]}, version {key[2]}: arrived, yet the manifest is silent of it")
        self.found.checked["papers"] = len(papers)


def _arrival(body: Mapping[str, Any]) -> tuple[Any, ...]:
    facts = body["facts"]
    number, size = facts["number"], facts["size"]
    return body["subject"], facts["index_no"], number, facts["sha256"], size


def _version(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return one["paper"], one["index_no"], one["number"], one["sha256"], one["size"]


def _hex(text: bytes) -> str:
    return sha256(text).hexdigest()
