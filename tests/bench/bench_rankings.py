"""The mixed model beside its peers on InstEval, its growth to a million ratings, and a refresh.

Run: python -m tests.bench bench_rankings
"""

import os
import shutil
import subprocess
import sys
import time
from math import log
from pathlib import Path

import app.rankings.mixed  # noqa: F401 # one thread, before anybody loads numpy

os.environ["RAYON_NUM_THREADS"] = "1"  # the peer's own: else one core is held against two

ROUNDS = 5
HALF, FULL = (1128, 2972, 75_000), (2000, 50_000, 1_000_000)
LME4 = """
library(lme4); times <- replicate({rounds}, system.time(
  lmer(y ~ 1 + (1|s) + (1|d), InstEval))[["elapsed"]]); cat(min(times))
"""


def figures(_folder: Path) -> list[dict]:
    """Times are the least of a few rounds; memory is a child's own."""
    ours, peer = insteval_beside("mixedlm")
    wide, beside = refresh(1000, 2000, 100_000)
    district, again = refresh(40, 300, 5_000)
    small, _peak = alone(HALF)
    large, peak = alone(FULL)
    found = [
        at_most("rankings: fit of InstEval beside the package mixedlm, one thread each", ours, peer, 0.2),
        at_most("rankings: 1,000 agencies, 100,000 ratings, 4,000 draws, ranks; of a fit of InstEval",
                wide, beside, 3),
        at_most("rankings: 40 agencies, 5,000 ratings, draws, ranks; of 3 fits of InstEval",
                district, 3 * again, 0.1),
        {"name": "rankings: exponent of growth from 75,000 to 1,000,000 ratings",
         "ratio": log(large / small) / log(FULL[2] / HALF[2]), "ours": large, "reference": small,
         "unit": "s", "ceiling": 1.15},
        {"name": "rankings: memory of a fit of 1,000,000 ratings", "ratio": peak / 2, "ours": peak,
         "reference": 2, "unit": "GB", "ceiling": 1},
    ]  # fmt: skip
    if (lme4 := by_lme4()) is not None:
        found.append(at_most("rankings: fit of InstEval beside lme4", ours, lme4, 0.35))
    return found


def at_most(name: str, ours: float, reference: float, ceiling: float) -> dict:
    return {"name": name, "ratio": ours / reference, "ours": ours, "reference": reference,
            "unit": "s", "ceiling": ceiling}  # fmt: skip


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def insteval_beside(peer: str) -> tuple[float, float]:
    """Least seconds of our fit, its reading of the table included, and of the peer's, in turns."""
    import importlib

    from app.rankings.mixed.design import read
    from app.rankings.mixed.reml import fit
    from tests.rankings.mixed.data import coded, insteval, stars

    d, s = coded("d", "s")
    y, frame = stars(), insteval().astype({"d": str, "s": str})
    lmer = importlib.import_module(peer).lmer
    ours, theirs = [], []
    for number in range(ROUNDS):
        ours += [timed(lambda: fit(read(y, {"d": d, "s": s}))) for _ in range(3)]
        if number < 3:  # each takes seconds
            theirs.append(timed(lambda: lmer("y ~ 1 + (1|s) + (1|d)", frame)))
    return min(ours), min(theirs)


def refresh(agencies: int, raters: int, ratings: int) -> tuple[float, float]:
    """Least seconds of reading, fitting, drawing and ranking; and of InstEval's fit, in turns."""
    import numpy as np

    from app.rankings.mixed.design import read
    from app.rankings.mixed.posterior import draws, ranks
    from app.rankings.mixed.reml import fit
    from tests.rankings.mixed.data import coded, made, stars

    y, agency, rater = made(agencies, raters, ratings)
    lecturer, student = coded("d", "s")

    def work() -> None:
        found = fit(read(y, {"agency": agency, "rater": rater}))
        ranks(draws(found, seed=1, count=4000, precision=np.float64))  # as what is published

    def insteval() -> None:
        fit(read(stars(), {"d": lecturer, "s": student}))

    ours, theirs = zip(*((timed(work), timed(insteval)) for _ in range(ROUNDS)), strict=True)
    return min(ours), min(theirs)


def alone(size: tuple[int, int, int]) -> tuple[float, float]:
    """Least seconds and peak gigabytes of a fit in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.bench_rankings", *map(str, size)]
    seconds, peak = subprocess.run(words, check=True, capture_output=True).stdout.split()
    return float(seconds), float(peak)


def by_lme4() -> float | None:
    """Least seconds of lme4's fit, where R and lme4 are there to compare."""
    if not shutil.which("Rscript"):
        return None
    words = ["Rscript", "-e", LME4.format(rounds=ROUNDS)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    return float(done.stdout) if done.returncode == 0 else None


def main(size: list[int]) -> None:
    import resource

    from app.rankings.mixed.design import read
    from app.rankings.mixed.reml import fit
    from tests.rankings.mixed.data import made

    y, agency, rater = made(*size)
    factors = {"agency": agency, "rater": rater}
    seconds = min(timed(lambda: fit(read(y, factors))) for _ in range(3))
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
