"""Made-up districts as what a ranking is computed on, without a database."""

import numpy as np

from app.rankings.inputs import Entry, Inputs
from app.rankings.mixed.simulation import World, drawn
from app.rankings.model import Rules

DIMENSIONS = ("communication", "efficiency", "quality", "satisfaction")
PARTIES = ("performance", "section", "unit")
RULES = Rules(
    {party: {"quality": 40, **dict.fromkeys(DIMENSIONS[:2], 20), "satisfaction": 20}
     for party in PARTIES},
    {"performance": 40, "section": 30, "unit": 30},
)  # fmt: skip
WORLD = World(agencies=16, engagements=120, raters=24, quality=0.7, noise=0.5)
PERIOD = {"as_of": "2026-06-30", "since": None, "weights_version": 1}


def inputs_of(world=WORLD, seed=1, more=2):
    """A district of this world, each rating with four dimensions; `more` agencies are unrated."""
    made, chance = drawn(world, seed=seed), np.random.default_rng(seed)
    jobs = chance.integers(0, 5, len(made.agency))
    entries = []
    for n, star in enumerate(made.stars.tolist()):
        noise = chance.integers(-1, 2, len(DIMENSIONS)) * chance.integers(0, 2)
        stars = {c: int(np.clip(star + d, 1, 5)) for c, d in zip(DIMENSIONS, noise, strict=True)}
        entries.append(
            Entry(
                key=f"{n:032x}",
                agency=int(made.agency[n]) + 1,
                engagement=f"{made.agency[n]:016x}{jobs[n]:016x}",
                rater=f"{made.rater[n]:032x}",
                organisation=f"{made.rater[n]:032x}",
                party=PARTIES[made.kind[n]],
                service="evaluation" if jobs[n] % 2 else "assessment",
                days=int(chance.integers(0, 900)),
                stars=stars,
            )
        )
    listed = range(1, world.agencies + more + 1)
    return Inputs(tuple(listed), tuple(entries), {1: {"on_time": 0.9, "returns": 0.2, "jobs": 4}})
