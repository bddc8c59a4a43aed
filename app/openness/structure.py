"""The portal's own check of open contracting data before it leaves, everywhere and always. Pure.

It holds what the schema asks (required fields, code lists, moments, unique numbers) and what no
schema can: references that lead somewhere, releases in order, no rating of fewer than three.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.openness.processes import FEWEST_RATINGS

Json = Mapping[str, Any]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
PACKAGE = ("uri", "version", "publishedDate", "publisher")
RELEASE = ("ocid", "id", "date", "tag", "initiationType", "parties", "buyer")
MOMENTS = frozenset({"date", "publishedDate", "startDate", "endDate", "dateSigned", "dueDate",
                     "dateMet"})  # fmt: skip
CODES = {
    "tender": {"planning", "planned", "active", "cancelled", "unsuccessful", "complete",
               "withdrawn"},
    "awards": {"pending", "active", "cancelled", "unsuccessful"},
    "contracts": {"pending", "active", "cancelled", "terminated"},
    "milestones": {"scheduled", "met", "notMet", "partiallyMet"},
}  # fmt: skip
METHODS = frozenset({"open", "selective", "limited", "direct"})
LISTS = (
    "parties",
    "awards",
    "contracts",
    "items",
    "milestones",
    "metrics",
    "observations",
    "documents",
)


def faults_of(package: Json, prefix: str) -> list[str]:
    """All that is wrong with a release or record package; an empty list lets it go."""
    found = [f"package: {name} is missing" for name in PACKAGE if not package.get(name)]
    found += _walk(package, "package")
    for one in package.get("releases", []):
        found += _release(one, prefix)
    for one in package.get("records", []):
        found += _record(one, prefix)
    ids = Counter(one.get("id") for one in package.get("releases", []))
    return found + [f"release {key} stands twice" for key, count in ids.items() if count > 1]


def _record(record: Json, prefix: str) -> Iterator[str]:
    releases, compiled = record.get("releases", []), record.get("compiledRelease", {})
    dates = [one.get("date", "") for one in releases]
    if not releases or dates != sorted(dates):
        yield f"{record.get('ocid')}: its releases are not in the order of their dates"
    if compiled.get("tag") != ["compiled"]:
        yield f"{record.get('ocid')}: the compiled release has not that tag"
    for one in (*releases, compiled):
        if one.get("ocid") != record.get("ocid"):
            yield f"{record.get('ocid')}: holds a release of {one.get('ocid')}"
        yield from _release(one, prefix)


def _release(release: Json, prefix: str) -> Iterator[str]:
    where = str(release.get("id"))
    yield from (f"{where}: {name} is missing" for name in RELEASE if not release.get(name))
    if not str(release.get("ocid", "")).startswith(f"{prefix}-"):
        yield f"{where}: its number is not under the prefix"
    known = {party.get("id") for party in release.get("parties", [])}
    for named in _named(release):
        if named.get("id") not in known:
            yield f"{where}: {named.get('name')} is no party"
    yield from _sections(release, where)


def _named(release: Json) -> list[Json]:
    suppliers = [one for award in release.get("awards", []) for one in award.get("suppliers", [])]
    procuring = release.get("tender", {}).get("procuringEntity")
    return [release.get("buyer", {}), *suppliers, *([procuring] if procuring else [])]


def _sections(release: Json, where: str) -> Iterator[str]:
    tender = release.get("tender", {})
    if tender and tender.get("status") not in CODES["tender"]:
        yield f"{where}: the tender's state is none of the standard's"
    if "procurementMethod" in tender and tender["procurementMethod"] not in METHODS:
        yield f"{where}: the method is none of the standard's"
    awards = {award.get("id") for award in release.get("awards", [])}
    for contract in release.get("contracts", []):
        if awards and contract.get("awardID") not in awards:
            yield f"{where}: contract {contract.get('id')} has no award"
        yield from _metrics(contract, where)
    for name in ("awards", "contracts"):
        states = {each.get("status") for each in release.get(name, [])}
        yield from (f"{where}: {state} is no state of {name}" for state in states - CODES[name])


def _metrics(contract: Json, where: str) -> Iterator[str]:
    """No measure of fewer than three ratings, and only bands of a mean."""
    for metric in contract.get("implementation", {}).get("metrics", []):
        for seen in metric.get("observations", [{}]):
            ratings = seen.get("dimensions", {}).get("ratings", "0")
            if not ratings.isdigit() or int(ratings) < FEWEST_RATINGS:
                yield f"{where}: {metric.get('id')} tells fewer than {FEWEST_RATINGS} ratings"
            if not re.fullmatch(r"\d(\.5)?-\d(\.5)?", str(seen.get("measure"))):
                yield f"{where}: {metric.get('id')} is no band of a mean"


def _walk(told: Any, where: str) -> Iterator[str]:
    """Everywhere: no empty value, moments with their zone, lists whose numbers differ."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            if value is None or value == "" or value == [] or value == {}:
                yield f"{where}.{name} is empty"
            if name in MOMENTS and not MOMENT.fullmatch(str(value)):
                yield f"{where}.{name} is no moment"
            if name in LISTS:
                yield from _unique(value, f"{where}.{name}")
            yield from _walk(value, f"{where}.{name}")
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for number, each in enumerate(told):
            yield from _walk(each, f"{where}[{number}]")


def _unique(told: Sequence[Json], where: str) -> Iterator[str]:
    ids = Counter(each.get("id") for each in told)
    yield from (f"{where}: {key} stands twice" for key, count in ids.items() if count > 1)
    if None in ids:
        yield f"{where}: one has no number"
