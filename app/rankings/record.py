"""Exact texts and their digests; and the result of the method bayes/1 as plain data. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from app.rankings.model import (
    FEWEST_REVIEWS,
    Estimate,
    Job,
    Rating,
    Rules,
    Spread,
    by_agency,
    counted,
    estimate,
    jobs_of,
    reviews_in,
    spread_of,
)
from app.rankings.places import Place, places_of
from app.rankings.veiling import coarse

RANKED, INSUFFICIENT, UNRATED = "ranked", "insufficient", "unrated"


def exact(value: object) -> str:
    """JSON in one form: sorted keys, no spaces, shortest numbers that read back the same."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def result_of(
    ratings: Iterable[Rating],
    agencies: Iterable[int],
    rules: Rules,
    seed: int,
    *,
    without: Collection[int] = (),
) -> dict[str, Any]:
    """The whole result as plain data: what all share, and one row for every agency.

    without: agencies that can't have a place, nor a party's figure.
    """
    jobs = jobs_of(ratings, rules)
    groups = by_agency(jobs)
    spread = spread_of(counted(jobs), rules.prior_weight)
    told = by_agency(counted(jobs)) if spread else {}
    estimates = [estimate(key, own, spread) for key, own in told.items()] if spread else []
    rows = _told(estimates, spread, rules, (seed, without)) if spread else []
    rows += [_hidden(key, own) for key, own in groups.items() if key not in told]
    rows += [_hidden(key, []) for key in agencies if key not in groups]
    return {
        "engagements": len(jobs),
        "reviews": reviews_in(jobs),
        "spread": asdict(spread) if spread else None,
        "rows": rows,
    }


def _told(
    estimates: list[Estimate], spread: Spread, rules: Rules, wishes: tuple[int, Collection[int]]
) -> list[dict[str, Any]]:
    """Those with a place, the best first, then those with too little evidence."""
    seed, without = wishes
    known = {each.agency: each for each in estimates}
    placed = {e.agency for e in estimates if e.has_place(rules) and e.agency not in without}
    places = places_of([each for each in estimates if each.agency in placed], spread, seed)
    rows = [_row(known[place.agency], place) for place in places]
    rows += [_row(each, None) for each in estimates if each.agency not in placed]
    return [row | {"parties": {}} if row["agency"] in without else row for row in rows]


def _row(known: Estimate, place: Place | None) -> dict[str, Any]:
    """One agency's figures; the interval is held within the stars that there are."""
    row: dict[str, Any] = {
        "agency": known.agency,
        "state": RANKED if place else INSUFFICIENT,
        "engagements": known.engagements,
        "reviews": known.reviews,
        "reliability": known.reliability,
        "score": known.score,
        "low": max(1.0, known.low),
        "high": min(5.0, known.high),
        "mean": known.mean,
        "parties": _parties(known),
    }
    if place:
        row |= {"rank": place.rank, "rank_low": place.low, "rank_high": place.high}
        row |= {"band": place.band, "top": place.top}
    return row


def _hidden(agency: int, jobs: list[Job]) -> dict[str, Any]:
    """An agency with fewer than three reviews is told of in counts alone; one with none is 未评."""
    state = INSUFFICIENT if jobs else UNRATED
    counts = {"engagements": len(jobs), "reviews": reviews_in(jobs), "reliability": 0.0}
    return {"agency": agency, "state": state, **counts}


def _parties(known: Estimate) -> dict[str, float]:
    """The means of the parties, only where none of them is made of fewer than three ratings.

    One hidden mean beside two shown ones could be worked out from the agency's own; and they are
    told to half a star, for mostly one person rates for a party and the next ranking adds one.
    """
    enough = all(count >= FEWEST_REVIEWS for count in known.party_reviews.values())
    return {party: coarse(stars) for party, stars in known.parties.items()} if enough else {}
