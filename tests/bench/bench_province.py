"""A district, and a province of ten times its rows: every page, and people who use both.

It takes half an hour of a quiet machine, so `make bench` leaves it out: python -m tests.bench
bench_province. At the real size, with a folder that keeps the databases: python -m
tests.bench.province --scale 1 --district 0.02 --folder FOLDER --mix 5
"""

import shutil
from pathlib import Path

from tests.bench import province, province_mix, province_pages

# So many rounds that what is counted once in five minutes doesn't stand for a morning's work.
DISTRICT, PROVINCE, ROUNDS = 0.01, 0.1, 5


def figures(folder: Path) -> list[dict]:
    """Load both, look at every page, let people go through their days."""
    with province.server(folder) as url:
        small = province.measured(folder, url, DISTRICT)
        large = province.measured(folder, url, PROVINCE)
        province_pages.tell(small, large)
        used = province.used_by_people(folder, url, (DISTRICT, PROVINCE), ROUNDS)
    shutil.rmtree(folder / "data", ignore_errors=True)
    return [*pages(small, large), *province_mix.figures(*used)]


def pages(small: dict[str, dict], large: dict[str, dict]) -> list[dict]:
    """The slowest page of the province, and how many pages send other statements there."""
    shown = [page for page, told in large.items() if told["type"] == "text/html"]
    worst = max(shown, key=lambda page: province_pages.cost(large[page]))
    ms = province_pages.cost(large[worst])
    others = province_pages.grown(small, large)
    failed = [page for page, told in large.items() if told["status"] >= 500]
    both = len(small.keys() & large.keys())
    return [
        {"name": f"slowest of {len(shown)} pages of a province: {worst[:40]}",
         "ratio": ms / province_pages.LIMIT_MS, "ours": ms, "reference": province_pages.LIMIT_MS,
         "unit": "ms", "ceiling": 1.0},
        {"name": "pages with no more statements in the province than in the district",
         "ratio": (both - len(others)) / both, "ours": both - len(others), "reference": both,
         "unit": "pages", "floor": 1.0},
        {"name": "pages of a province that answer", "ratio": 1 - len(failed) / len(large),
         "ours": len(large) - len(failed), "reference": len(large), "unit": "pages", "floor": 1.0},
    ]  # fmt: skip
