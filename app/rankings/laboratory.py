"""What the ranking would be under other weights: how often each agency stays among the best.

Every weight is taken between half and double of itself, by chance; the variances stay those of
the ranking, so that only the weights differ. Import it only where it runs: it loads numpy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.rankings.grouping import grouped
from app.rankings.inputs import Inputs
from app.rankings.mixed.design import read
from app.rankings.mixed.effects import effects
from app.rankings.mixed.reml import at
from app.rankings.mixed.standing import Rating as Row
from app.rankings.mixed.standing import fitted
from app.rankings.model import Rating, Rules, by_agency, counted, estimate, jobs_of, spread_of
from app.rankings.modelling import ratings_of

WORLDS, FEWER = 200, 20
SEED = 1
LARGE = 20_000  # ratings from which fewer other weights are tried

Scores = Mapping[int, float]
Scorer = Callable[[Rules], Scores]


@dataclass(frozen=True)
class Stay:
    """How one agency fares: its rank by the weights asked for, and over the weights by chance."""

    agency: int
    rank: int
    asked: int | None
    best: float  # share of the weights by which it is among the best
    low: int  # 5 and 95 percent of its ranks
    high: int


@dataclass(frozen=True)
class Trial:
    """All ranked agencies by their rank, and how many weights were tried."""

    rows: list[Stay]
    worlds: int
    best: int


def tried(
    inputs: Inputs, rules: Rules, ranked: Sequence[int], *, mixed: bool, best: int,
    asked: Rules | None,
) -> Trial:  # fmt: skip
    """Rank the ranked agencies by the weights that hold, by those asked for, and by many others."""
    scorer = _by_model(inputs, rules) if mixed else _by_average(inputs)
    count = WORLDS if len(inputs.entries) < LARGE else FEWER
    own = _ranks(scorer(rules), ranked)
    wish = _ranks(scorer(asked), ranked) if asked else {}
    found = np.array(
        [[places[key] for key in ranked] for places in
         (_ranks(scorer(other), ranked) for other in others(rules, count))]
    ).reshape(count, len(ranked))  # fmt: skip
    rows = [
        Stay(
            agency=key,
            rank=own[key],
            asked=wish.get(key),
            best=float((found[:, place] <= best).mean()),
            low=int(np.quantile(found[:, place], 0.05, method="inverted_cdf")),
            high=int(np.quantile(found[:, place], 0.95, method="inverted_cdf")),
        )
        for place, key in enumerate(ranked)
    ]
    return Trial(sorted(rows, key=lambda row: row.rank), count, best)


def others(rules: Rules, count: int) -> Iterator[Rules]:
    """Rules with every weight between half and double of itself, in thousandths."""
    chance = np.random.default_rng(SEED)

    def changed(weights: Mapping[str, int]) -> dict[str, int]:
        sizes = 1000 * np.exp2(chance.uniform(-1, 1, len(weights)))
        return {key: round(weights[key] * float(size))
                for key, size in zip(sorted(weights), sizes, strict=True)}  # fmt: skip

    codes = sorted({code for party in rules.party_weights for code in rules.weights_of(party)})
    for _world in range(count):
        common = changed(dict.fromkeys(codes, 1))  # a dimension counts more or less for all
        cells = {
            party: {code: weight * common[code] for code, weight in rules.weights_of(party).items()}
            for party in rules.party_weights
        }
        yield replace(rules, party_weights=changed(rules.party_weights), dimension_weights=cells)


def _ranks(scores: Scores, ranked: Sequence[int]) -> dict[int, int]:
    """Places from 1, the best first; who has no score comes last."""
    order = sorted(ranked, key=lambda key: (-scores.get(key, 0.0), key))
    return {key: place for place, key in enumerate(order, 1)}


def _by_average(inputs: Inputs) -> Scorer:
    ratings = [Rating(e.agency, e.engagement, e.party, e.stars) for e in inputs.entries]

    def scorer(rules: Rules) -> Scores:
        jobs = counted(jobs_of(ratings, rules))
        spread = spread_of(jobs, rules.prior_weight)
        groups = by_agency(jobs) if spread else {}
        return {key: estimate(key, own, spread).score for key, own in groups.items() if spread}

    return scorer


def _by_model(inputs: Inputs, rules: Rules) -> Scorer:
    base = fitted(_table(inputs, rules), seed=SEED)
    variances = {
        **{name: base.fit.residual / ratio for name, ratio in base.fit.ratios.items()},
        "residual": base.fit.residual,
    }

    def scorer(other: Rules) -> Scores:
        design = base.fit.design
        told = {r.key: r for r in _table(inputs, other)}
        rows = [told.get(row.key, row) for row in base.rows]
        ages = design.weights / np.array([row.weight for row in base.rows])
        again = read(
            np.array([row.star for row in rows]),
            design.codes,
            columns=design.columns[:, 1:],
            weights=ages * np.array([row.weight for row in rows]),
            unshrunk=design.unshrunk,
        )
        return dict(zip(base.names, effects(at(again, variances)).tolist(), strict=True))  # type: ignore[arg-type] # ids

    return scorer


def _table(inputs: Inputs, rules: Rules) -> list[Row]:
    told = grouped(inputs.entries, rules)
    return ratings_of([group for group in told.values() if group.is_told], rules)
