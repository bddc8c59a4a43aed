"""A snapshot's own data under other weights, for the weight laboratory. Changes nothing."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.rankings.inputs import Inputs, unpacked
from app.rankings.lists import names_ranked
from app.rankings.methods import rules_of
from app.rankings.model import Rules
from app.rankings.models import RankingSnapshot
from app.rankings.reading import Reading

if TYPE_CHECKING:
    from app.rankings.laboratory import Trial

PARTIES = ("performance", "section", "unit")
Weights = Mapping[str, int]  # by party, and by "d-" + dimension


def weights_now(reading: Reading, dimensions: Collection[str]) -> dict[str, int]:
    """The ranking's own weights; a dimension's is the largest that any party gives it."""
    rules = rules_of(reading.parameters)
    found = {party: rules.party_weights.get(party, 0) for party in PARTIES}
    for code in dimensions:
        found[f"d-{code}"] = max(rules.weights_of(party).get(code, 0) for party in PARTIES)
    return found


def trial_of(snapshot: RankingSnapshot, wish: Weights | None) -> "Trial | None":
    """How often each ranked agency stays among the best; None of a ranking without its data."""
    from app.rankings import laboratory

    ranked = [key for key, _name in names_ranked(snapshot)]
    if snapshot.inputs is None or not ranked:
        return None
    parameters = json.loads(snapshot.parameters)
    rules = rules_of(parameters)
    return laboratory.tried(
        Inputs.from_text(unpacked(snapshot.inputs)),
        rules,
        ranked,
        mixed=not snapshot.method.startswith("bayes/"),
        best=int(parameters["best"]),
        asked=_rules(rules, wish) if wish else None,
    )


def _rules(rules: Rules, wish: Weights) -> Rules:
    """The rules with the weights that were asked for; a cell that is off stays off."""
    cells = {
        party: {
            code: wish.get(f"d-{code}", 0) if weight else 0
            for code, weight in rules.weights_of(party).items()
        }
        for party in PARTIES
    }
    parties = {party: wish[party] for party in PARTIES}
    return replace(rules, party_weights=parties, dimension_weights=cells)
