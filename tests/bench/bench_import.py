"""The memory that a large ledger of people takes beside a small one, each in its own process.

Run: python -m tests.bench bench_import
"""

from pathlib import Path

from tests.onboarding import long_ledger

FEW, MANY = 1_000, 5_000
MIB = 2**20


def figures(folder: Path) -> list[dict]:
    """The greatest memory of a process that takes 5,000 people in, beside one that takes 1,000."""
    few, many = (long_ledger.measured(folder, rows) for rows in (FEW, MANY))
    return [
        {"name": f"import of {MANY:,} people: memory beside that of {FEW:,}",
         "ratio": many["peak"] / few["peak"], "ours": many["peak"] / MIB,
         "reference": few["peak"] / MIB, "unit": "MiB", "ceiling": 1.05},
        {"name": f"import of {MANY:,} people: seconds a row beside those of {FEW:,}",
         "ratio": many["seconds"] / few["seconds"] * FEW / MANY, "ours": many["seconds"],
         "reference": few["seconds"], "unit": "s", "ceiling": 1.5},
    ]  # fmt: skip
