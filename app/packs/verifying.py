"""Checking a decision pack offline: no database, no settings. Everything is computed again.

The log's proofs vouch for the manifest, the manifest for every file. Then each lot: its draws are
drawn again, its ranking's figures held against the ranking's own signed file, its best set divided
again, its result held against what the log told on that day, and everything is counted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from app.audit import anchoring
from app.audit.checkpoint import BadNote, Verifier
from app.listed_zip import MOST_BYTES, UNREADABLE, ListedZip
from app.packs import files
from app.packs.counting import Counts, counts_of
from app.packs.lot_checks import LotCheck
from app.packs.ranking_checks import Rankings
from app.verification import (
    BLOCK,
    Finding,
    digest_of_events,
    entry_holds,
    keys_in,
    signed_head,
)

MADE = "decision_pack.made"
Plain = Mapping[str, Any]
STRANGE = (ArithmeticError, KeyError, LookupError, TypeError, ValueError, AttributeError,
           RecursionError)  # fmt: skip


def verify_pack(path: Path, given: Sequence[Verifier] = (), anchors: Sequence[str] = ()) -> Finding:
    """Check a pack by itself: nothing missing, added or changed, and everything follows again.

    Without a key from outside it is held against its own key, which a forger could have replaced.
    """
    found = Finding()
    try:
        with ZipFile(path) as archive:
            _Pack(archive, found).check(given, anchors)
    except UNREADABLE as error:
        found.wrong.append(f"the file is not a whole ZIP: {error}")
    except BadNote as error:
        found.wrong.append(f"checkpoint: {error}")
    except STRANGE as error:
        found.wrong.append(f"the pack is not of the portal's form: {error!r}")
    return found


class _Pack(ListedZip):
    """Goes through an open pack and notes everything that is wrong with it."""

    def __init__(self, archive: ZipFile, found: Finding) -> None:
        super().__init__(archive, files.KIND, found.wrong)
        self.found = found

    def check(self, given: Sequence[Verifier], anchors: Sequence[str]) -> None:
        """Check all of it; what can't be read at all is raised."""
        self.check_names()
        self._check_files()
        keys = keys_in(self.read(files.KEY).decode().splitlines(), given)
        head = signed_head(self.read(files.CHECKPOINT).decode(), keys)
        self.found.told = {
            "need": f"{self.manifest['need']['code']} {self.manifest['need']['name']}",
            "checkpoint": f"{head.origin} {head.size}",
            "keys": "given" if given else "the pack's own",
        }
        self.found.wrong += anchoring.faults(head, keys, anchors, {})
        events = self._events(head)
        rankings = Rankings(self.archive, self.manifest, keys)
        self.found.wrong += rankings.wrong
        self._check_lots(events, rankings)

    def _check_files(self) -> None:
        there = [one for one in self.manifest["files"] if one["path"] in self.sizes]
        for one in there:
            if self._digest(one["path"]) != (one["size"], one["sha256"]):
                self._wrong(f"{one['path']}: its bytes were changed")
        self.found.checked["files"] = len(there)

    def _digest(self, name: str) -> tuple[int, str]:
        digest, size = sha256(), 0
        with self.archive.open(name) as file:
            while chunk := file.read(BLOCK):
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()

    def _events(self, head: Any) -> list[Plain]:
        """What the log tells of the need; the last of them vouches for the manifest."""
        texts, bodies, place = list[str](), list[Plain](), -1
        for number, line in enumerate(self._lines(), start=1):
            if not entry_holds(line, head):
                self._wrong(f"{files.EVENTS} line {number}: not in the log")
            if line["seq"] <= place:
                self._wrong(f"{files.EVENTS} line {number}: out of order")
            texts.append(line["canonical"])
            bodies.append(json.loads(line["canonical"]))
            place = line["seq"]
        if digest_of_events(texts[:-1]) != self.manifest["events"]:
            self._wrong(f"{files.EVENTS}: events are missing or were added")
        last = bodies[-1]
        vouched = last["facts"].get("manifest_sha256") == sha256(self.text).hexdigest()
        if last["event"] != MADE or last["subject"] != self.manifest["subject"] or not vouched:
            self._wrong(f"{files.MANIFEST}: not the one that the log vouches for")
        self.found.checked["events"] = len(texts)
        return bodies

    def _lines(self) -> Iterator[Any]:
        with self.archive.open(files.EVENTS) as file:
            while line := file.readline(MOST_BYTES):
                yield json.loads(line)

    def _check_lots(self, events: Sequence[Plain], rankings: Rankings) -> None:
        """Lot by lot, so that a large pack needs little memory; then the counts."""
        counts, need = Counts(), self.manifest["need"]
        told = [one["path"] for one in self.manifest["files"] if one["kind"] == "decision"]
        for number, path in enumerate(told, start=1):
            folder = f"lots/{number:03d}"
            if path != f"{folder}/{files.DECISION}" or path not in self.sizes:
                self._wrong(f"{folder}: its decision is missing or out of place")
                continue
            lot = json.loads(self.read(path))
            if lot["code"] != f"{need['code']}-{number:02d}" or lot["method"] != need["method"]:
                self._wrong(f"{folder}: the decision is that of another lot or need")
            counts += counts_of(lot)
            check = LotCheck(folder, lot, events, self._read_or_none)
            self.found.wrong += [f"{folder}: {words}" for words in check.wrong()]
            self.found.wrong += [f"{folder}: {words}" for words in rankings.faults(lot)]
        self._check_counts(counts)

    def _read_or_none(self, name: str) -> bytes | None:
        return self.read(name) if name in self.sizes else None

    def _check_counts(self, counts: Counts) -> None:
        for name, count in vars(counts).items():
            if self.manifest["counts"].get(name) != count:
                self._wrong(f"{files.MANIFEST}: tells {self.manifest['counts'].get(name)} {name},"
                            f" the lots' files hold {count}")  # fmt: skip
        self.found.checked |= {"lots": counts.lots, "draws": counts.draws}
        self.found.checked |= {"considered": counts.considered, "left out": counts.left_out}
