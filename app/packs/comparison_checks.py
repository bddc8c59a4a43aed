"""A comparison by a panel made again: its draw, the notice, points and order. Pure."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from app import drawing
from app.comparisons.scoring import Compared, Criterion, Kind, PriceRule, Stated, compare
from app.expert_reviews.totals import Rule

Plain = Mapping[str, Any]


def faults(lot: Plain) -> Iterator[str]:
    """Everything of a comparison that does not follow; nothing where there was none."""
    told = lot.get("comparison")
    if told is None:
        return
    for panel in told["panels"]:
        if panel["record"] is not None:
            yield from (f"panel {panel['attempt']}: {one}" for one in _drawn(panel))
    scheme = told.get("scheme")
    if scheme is not None and scheme["digest"] != _digest(scheme):
        yield "the criteria are not those that the notice's digest stands for"
    if scheme is not None and "rows" in told:
        yield from _points(lot, told, scheme)


def _drawn(panel: Plain) -> Iterator[str]:
    record = panel["record"]
    yield from drawing.wrong_in(record)
    for name in ("draw_id", "list_digest", "commitment", "beacon_id"):
        if record.get(name) != panel[name]:
            yield f"its record has another {name}"


def _digest(scheme: Plain) -> str:
    names = ("criteria", "rule", "price_rule", "anonymous", "snapshot", "evidence")
    text = json.dumps({name: scheme[name] for name in names}, ensure_ascii=False, sort_keys=True,
                      separators=(",", ":"))  # fmt: skip
    return sha256(text.encode()).hexdigest()


def _points(lot: Plain, told: Plain, scheme: Plain) -> Iterator[str]:
    """Points and order again from sheets, prices and the notice; the first who stands has won."""
    nobody: Plain = {"seats": []}
    panel = next((one for one in told["panels"] if one["is_counted"]), nobody)
    sheets = [seat["sheet"] for seat in panel["seats"] if seat["sheet"] is not None]
    kept = {row["bid_id"]: row for row in told["rows"]}
    criteria = [Criterion(one["name"], one["points"], Kind(one["kind"]))
                for one in scheme["criteria"]]  # fmt: skip
    evidence = dict(map(tuple, scheme["evidence"]))
    stated = Stated(criteria, Rule(scheme["rule"]), PriceRule(scheme["price_rule"]), evidence)
    bids = [
        Compared(key, row["agency_id"], row["price_fen"],
                 [[Decimal(one) / 100 for one in sheet[str(key)]] for sheet in sheets])
        for key, row in sorted(kept.items())
    ]  # fmt: skip
    again = compare(stated, bids)
    if [row.bid_id for row in again] != [row["bid_id"] for row in told["rows"]]:
        yield "the order of those compared does not follow from the sheets"
    for row in again:
        if str(row.total) != kept[row.bid_id]["total"]:
            yield f"the points of bid {row.bid_id} do not follow from the sheets"
    yield from _winner(lot, told["rows"])


def _winner(lot: Plain, rows: Any) -> Iterator[str]:
    standing = {row["bid"]["id"]: row for row in lot["considered"]
                if "bid" in row and row["group"] != "left_out"}  # fmt: skip
    for key, row in standing.items():
        prices = [one["price_fen"] for one in rows if one["bid_id"] == key]
        if prices and prices != [row["bid"]["price_fen"]]:
            yield f"bid {key} was compared at another price"
    first = next((standing[one["bid_id"]] for one in rows if one["bid_id"] in standing), None)
    choice = lot["choice"]
    if choice and (first is None or choice["agency"] != first["agency"]):
        yield "the award did not go to the first one of those compared who stands"
