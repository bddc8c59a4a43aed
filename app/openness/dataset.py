"""A published ranking as open data: CSV and a data package with its Table Schema."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.exporting import to_csv
from app.rankings.files import cells_of
from app.rankings.labels import COLUMNS, LACKS
from app.rankings.reading import Line, Reading

CSV, PACKAGE = "ranking.csv", "datapackage.json"
WHOLE = frozenset({"rank", "rank_low", "rank_high", "set_low", "set_high", "engagements", "reviews",
                   "raters", "units", "jobs", "running", "grade_year"})  # fmt: skip
WORDS = frozenset({"band", "agency", "credit_code", "state", "why", "grade"})
STARS = frozenset({"score", "score_low", "score_high", "raw_mean", "performance_mean",
                   "section_mean", "unit_mean"})  # fmt: skip
SHARES = frozenset({"reliability", "factor", "top", "on_time"})
ENUMS = {
    "band": ["A", "B", "C"],
    "state": ["ranked", "insufficient", "unrated"],
    "why": sorted(LACKS),
}


def as_csv(lines: Sequence[Line]) -> bytes:
    """All agencies with all columns, the heads as in the schema, the codes as codes; UTF-8."""
    rows = ([_cell(line, key) for key in COLUMNS] for line in lines)
    return to_csv(list(COLUMNS), rows).removeprefix(b"\xef\xbb\xbf")


def _cell(line: Line, key: str) -> Any:
    if key in {"state", "why"}:
        return getattr(line, key) or ""
    return cells_of(line)[key]


def schema() -> dict[str, Any]:
    """The columns with their types, bounds and meanings, as a Table Schema."""
    return {"fields": [_field(key) for key in COLUMNS], "missingValues": [""]}


def _field(key: str) -> dict[str, Any]:
    title, meaning = COLUMNS[key]
    told = {"name": key, "title": str(title), "description": str(meaning), "type": _type(key)}
    bounds = _bounds(key)
    return told | ({"constraints": bounds} if bounds else {})


def _type(key: str) -> str:
    if key in WORDS:
        return "string"
    return "integer" if key in WHOLE else "number"


def _bounds(key: str) -> dict[str, Any]:
    if key in ENUMS:
        return {"enum": ENUMS[key]} | ({"required": True} if key == "state" else {})
    if key in STARS:
        return {"minimum": 1, "maximum": 5}
    if key in SHARES:
        return {"minimum": 0, "maximum": 1}
    if key == "agency":
        return {"required": True}
    return {"minimum": 0} if key in WHOLE else {}


def package(reading: Reading, lines: Sequence[Line], settings: Mapping[str, Any]) -> bytes:
    """The data package: which file, by what licence, from whom, and what each column is."""
    snapshot, data = reading.snapshot, as_csv(lines)
    told = {
        "name": f"ranking-{snapshot.code.lower()}",
        "title": snapshot.title,
        "version": snapshot.code,
        "created": f"{snapshot.published_at:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [_licence(settings)],
        "sources": [{"title": str(settings["BUREAU_NAME"]), **_path(settings, snapshot.id)}],
        "method": snapshot.method,
        "resultDigest": snapshot.result_digest,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "ranking",
                "path": CSV,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": schema(),
            }
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _licence(settings: Mapping[str, Any]) -> dict[str, str]:
    path = str(settings["OPEN_DATA_LICENCE_URL"])
    return {"name": str(settings["OPEN_DATA_LICENCE"]), **({"path": path} if path else {})}


def _path(settings: Mapping[str, Any], snapshot_id: int) -> dict[str, str]:
    portal = str(settings["PORTAL_URL"]).rstrip("/")
    return {"path": f"{portal}/public/rankings/{snapshot_id}"} if portal else {}
