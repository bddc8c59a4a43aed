"""The rankings that a pack encloses, and whether a lot follows from them. Pure."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

from app.audit.checkpoint import Verifier
from app.conflicts.rules import Finding as Tie
from app.conflicts.rules import LinkKind
from app.decisions.best import Candidate, Wish, sort_out
from app.packs import files
from app.rankings.bundles import PUBLIC, verify_bundle

Plain = Mapping[str, Any]
GROUPS = ("best", "behind", "unranked")


class Rankings:
    """The enclosed rankings, each checked by its own signature before anything rests on it."""

    def __init__(self, archive: ZipFile, manifest: Plain, keys: Sequence[Verifier]) -> None:
        self.known: dict[str, Plain] = {}
        self.wrong: list[str] = []
        self.unsigned = set(manifest["unsigned_rankings"])
        names = set(archive.namelist())
        for code in manifest["rankings"]:
            name = f"{files.RANKINGS}/{code}.zip"
            if name in names:
                self._take(code, archive.read(name), keys)
            else:
                self.wrong.append(f"{name}: missing")

    def _take(self, code: str, data: bytes, keys: Sequence[Verifier]) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "ranking.zip"
            path.write_bytes(data)
            found = verify_bundle(path, keys)
        self.wrong += [f"{files.RANKINGS}/{code}.zip: {words}" for words in found.wrong]
        if found.told.get("ranking") != code:
            self.wrong.append(f"{files.RANKINGS}/{code}.zip: holds another ranking")
        if not found.wrong:
            with ZipFile(io.BytesIO(data)) as bundle:
                self.known[code] = json.loads(bundle.read(PUBLIC))

    def faults(self, lot: Plain) -> Iterator[str]:
        """Digest, figures, groups and standing of a lot follow from its ranking."""
        choice = lot["choice"] or {}
        code = choice.get("ranking") or ""
        public = self.known.get(code)
        if code and public is None and code not in self.unsigned:
            yield f"its ranking {code} is not in the pack"
        if public is not None:
            if choice["result_digest"] != public["result_digest"]:
                yield f"its digest of ranking {code} is not the one that was signed"
            rows = {row["agency"]: row for row in public["rows"]}
            yield from _figures(lot["considered"], rows)
            if choice["standing"] != "unweighed":
                yield from _best_set(lot["considered"], choice, public, rows)


def _figures(considered: Sequence[Plain], rows: Mapping[int, Plain]) -> Iterator[str]:
    for row in considered:
        own, told = row["ranking"] or {}, rows.get(row["agency"], {})
        if any(told.get(name) != value for name, value in own.items()):
            yield f"the figures of {row['name']} are not those of the ranking"
        elif "rank" in told and "rank" not in own:
            yield f"the rank of {row['name']} was left out"


def _best_set(
    considered: Sequence[Plain], choice: Plain, public: Plain, rows: Mapping[int, Plain]
) -> Iterator[str]:
    """Divide everybody again as on the day of the award, and see where the chosen one stands."""
    candidates = [_candidate(row, rows) for row in considered]
    found = sort_out(candidates, Wish(), partial(_is_proven, public))
    groups = {one.agency_id: name for name in GROUPS for one in getattr(found, name)}
    groups |= {one.agency_id: "left_out" for one, _rule in found.left_out}
    for row in considered:
        if groups[row["agency"]] != row["group"]:
            yield f"{row['name']} belongs to the group {groups[row['agency']]}, not {row['group']}"
    standing = groups.get(choice["agency"], "unranked") if found.best else "no_ranking"
    if choice["standing"] != standing:
        yield f"the chosen one stands {standing}, not {choice['standing']}"


def _candidate(row: Plain, rows: Mapping[int, Plain]) -> Candidate:
    told = rows.get(row["agency"])
    line = None
    if told is not None:
        names = ("rank", "score", "low", "part", "sets")
        line = SimpleNamespace(agency_id=row["agency"], **{name: told.get(name) for name in names})
        line.part = line.part or 0
    ties = [Tie(row["agency"], LinkKind(one["kind"])) for one in row["conflicts"]]
    return Candidate(row["agency"], row["name"], line=line, findings=ties)


def _is_proven(public: Plain, first: Any, second: Any) -> bool | None:
    """The rule of the ranking itself: a pair that is proven, or confidence sets without overlap."""
    if not (first.sets and second.sets) or first.part != second.part:
        return None
    if [first.agency_id, second.agency_id] in public["summary"].get("proven", []):
        return True
    return bool(first.sets[1] < second.sets[0])
