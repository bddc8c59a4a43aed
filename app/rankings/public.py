"""What everybody may read of a ranking: rounded, and hidden where a figure would tell one's stars.

Two rankings compared must not tell a single person's stars, nor a ranking beside the means of a
round: an agency knows the sum of its three parties' stars, so a sum of other weights would tell
one of them. So an agency with fewer than two engagements or three persons has no figure but its
range in half stars; means of stars are told to a tenth, and the parties' to a half, as are all
means of an agency of which an appeal changed a rating, for it knows the sum before. A fair score
is told to a hundredth where severity and difficulty, which nobody outside knows, are in it, else
to a tenth. Pure.
"""

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from app.rankings.grouping import FEWEST_JOBS
from app.rankings.model import FEWEST_REVIEWS
from app.rankings.veiling import coarse

Plain = dict[str, Any]
COUNTS = ("agency", "state", "why", "part", "engagements", "reviews", "raters", "units", "facts",
          "changed")  # fmt: skip
PLACES = ("rank", "rank_low", "rank_high", "band", "sets")
FINE = ("score", "low", "high", "corrected")
MANY_JOBS = 6  # of an agency with a changed rating, for the parties' means
MEANS = ("mean", "weighted")
DIGITS = {"factor": 2, "reliability": 2, "top": 2, "mass": 1, "mean": 1, "weighted": 1}
COPIED = ("engagements", "reviews", "raters", "parts", "proven", "severity")


def digits_of(result: Mapping[str, Any]) -> int:
    """How many decimals a score may have: one where it is a plain mean drawn to the overall one."""
    return 1 if "spread" in result else 2


def public_result(result: Mapping[str, Any]) -> Plain:
    """The result as everybody may hold it."""
    shared, digits = result.get("spread", result) or {}, digits_of(result)
    told: Plain = {name: result[name] for name in COPIED if name in result}
    if "overall" in shared:
        told |= {"overall": round(shared["overall"], digits)}
        told |= {"shrinkage": round(shared["shrinkage"], 2)}
    if "source" in shared:
        told["source"] = shared["source"]
    told["beside"] = (result.get("beside") or {}).get("method")
    dimensions = {code: each for code, each in result.get("dimensions", {}).items() if each}
    told["dimensions"] = {code: round(each["overall"], 1) for code, each in dimensions.items()}
    rows = []
    for row in result["rows"]:
        shown = public_row(row, shared.get("overall"), digits)
        rows.append(shown | _more(result, dimensions, row) if "rank" in row else shown)
    return told | {"rows": rows}


def _more(
    result: Mapping[str, Any], dimensions: Mapping[str, Any], row: Mapping[str, Any]
) -> Plain:
    """A ranked agency's scores by dimension and its place by the other method, to a tenth.

    To a fifth, where an appeal changed a rating of it.
    """
    key, steps = str(row["agency"]), 5 if row.get("changed") else 10
    found = {code: _dimension(each["rows"][key], steps) for code, each in dimensions.items()
             if key in each["rows"]}  # fmt: skip
    other = (result.get("beside") or {"rows": {}})["rows"].get(key)
    beside = None if other is None else [other[0], _to(other[1], steps)]
    return {"dimensions": found, "beside": beside}


def _to(stars: float, steps: int) -> float:
    """To so many steps a star."""
    return round(stars, 1) if steps == 10 else round(steps * stars) / steps


def public_row(row: Mapping[str, Any], overall: float | None, digits: int) -> Plain:
    """One agency's row: rounded figures, or counts and a range alone."""
    told: Plain = {name: row[name] for name in COUNTS if name in row}
    told["reliability"] = round(row["reliability"], 2)
    if "score" not in row:
        return told
    if not _has_figures(row):
        if row["raters"] >= FEWEST_REVIEWS:
            told |= {"low": floor(2 * row["low"]) / 2, "high": ceil(2 * row["high"]) / 2}
        return told | {"reliability": round(row["reliability"], 1)}
    told |= {name: row[name] for name in PLACES if name in row} | {"parties": row["parties"]}
    told |= {name: round(row[name], n) for name, n in DIGITS.items() if name in row}
    told |= {name: round(row[name], digits) for name in FINE if name in row}
    if row.get("changed"):
        told |= _coarser(row, digits)
    return told if overall is None else told | {"band": band_of(row, overall)}


def _coarser(row: Mapping[str, Any], digits: int) -> Plain:
    """Means to half a star, the parties' of many alone; a mean drawn to the overall one to a fifth.

    The agency knows the sum of the stars before the appeal: finer ones would tell the change.
    """
    told: Plain = {name: coarse(row[name]) for name in MEANS if name in row}
    told |= {} if row["engagements"] >= MANY_JOBS else {"parties": {}}
    fifths = FINE if digits == 1 else ()
    return told | {name: _to(row[name], 5) for name in fifths if name in row}


def _has_figures(row: Mapping[str, Any]) -> bool:
    return bool(row["engagements"] >= FEWEST_JOBS and row["raters"] >= FEWEST_REVIEWS)


def band_of(row: Mapping[str, Any], overall: float) -> str | None:
    """A: the whole interval lies above the overall mean; C: below it; B: neither is proven."""
    if "rank" not in row:
        return None
    if row["low"] > overall:
        return "A"
    return "C" if row["high"] < overall else "B"


def _dimension(told: Mapping[str, Any], steps: int) -> Plain:
    places = {name: told[name] for name in ("rank", "rank_low", "rank_high")}
    return places | {name: _to(told[name], steps) for name in ("score", "low", "high")}
