"""One dimension of the stars by the Bayesian average, as a view beside its ranking. Pure."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from app.rankings.grouping import grouped
from app.rankings.inputs import Inputs
from app.rankings.model import Rating, Rules, by_agency, counted, estimate, jobs_of, spread_of
from app.rankings.places import places_of


def averaged(inputs: Inputs, rules: Rules, ranked: Collection[int], *, seed: int) -> dict[str, Any]:
    """Every dimension by itself; only who is ranked by all of them has a rank here too."""
    codes = sorted({code for entry in inputs.entries for code in entry.stars})
    return {code: _one(inputs, rules, code, ranked, seed) for code in codes}


def _one(
    inputs: Inputs, rules: Rules, code: str, ranked: Collection[int], seed: int
) -> dict[str, Any] | None:
    groups = grouped(inputs.entries, rules, code)
    alone = replace(rules, dimension_weights={code: 1})
    told = [entry for group in groups.values() for entry, _star in group.ratings]
    ratings = [Rating(e.agency, e.engagement, e.party, {code: e.stars[code]}) for e in told]
    jobs = counted(jobs_of(ratings, alone))
    spread = spread_of(jobs, rules.prior_weight)
    if spread is None:
        return None
    estimates = {
        agency: estimate(agency, own, spread)
        for agency, own in by_agency(jobs).items()
        if agency in ranked and groups[agency].has_figures
    }
    rows = {
        str(place.agency): {
            "score": estimates[place.agency].score,
            "low": max(1.0, estimates[place.agency].low),
            "high": min(5.0, estimates[place.agency].high),
            "rank": place.rank,
            "rank_low": place.low,
            "rank_high": place.high,
        }
        for place in places_of(list(estimates.values()), spread, seed)
    }
    return {"overall": spread.overall, "rows": rows}
