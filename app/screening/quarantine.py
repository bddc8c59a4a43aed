"""What the ranking in force would be without those whom a ring would set aside. Changes nothing."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from app.rankings.inputs import Entry, Inputs, key_of, unpacked
from app.rankings.methods import replayed
from app.rankings.models import RankingSnapshot
from app.rankings.queries import newest_published


@dataclass(frozen=True)
class Without:
    """One agency's place in the ranking in force, and were so many ratings set aside."""

    snapshot: RankingSnapshot
    place: int | None  # None: not ranked
    otherwise: int | None
    ratings: int


def ranking_without(agency_id: int, raters: Collection[int]) -> Without | None:
    """The ranking in force computed anew without these persons' ratings, by the same method.

    None where there is no ranking, or it holds nothing of theirs.
    """
    snapshot = newest_published() if raters else None
    if snapshot is None or snapshot.inputs is None:
        return None
    inputs = Inputs.from_text(unpacked(snapshot.inputs))
    keys = {key_of(snapshot.salt, "rater", each) for each in raters}
    kept = tuple(entry for entry in inputs.entries if entry.rater not in keys)
    if len(kept) == len(inputs.entries):
        return None
    aside = len(inputs.entries) - len(kept)
    place = _place(snapshot.result, agency_id)
    return Without(snapshot, place, _otherwise(snapshot, inputs, kept, agency_id), aside)


def _otherwise(
    snapshot: RankingSnapshot, inputs: Inputs, kept: tuple[Entry, ...], agency_id: int
) -> int | None:
    parameters = {**json.loads(snapshot.parameters), "beside": None}
    try:
        again = replayed(replace(inputs, entries=kept), parameters)
    except ValueError:  # too little is left for the method
        return None
    return _place(again.result, agency_id)


def _place(result: str, agency_id: int) -> int | None:
    rows = json.loads(result)["rows"]
    found: int | None = next((r.get("rank") for r in rows if r["agency"] == agency_id), None)
    return found
