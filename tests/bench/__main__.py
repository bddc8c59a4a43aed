"""`make bench`: every figure as a ratio with both sides, on the screen and in var/bench.json."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = (
    "bench_audit:verifying_in_memory",
    "bench_audit:verifying_sqlite",
    "bench_audit:verifying_postgresql",
    "bench_audit:appending",
    "bench_store",
    "bench_uploads",
    "bench_archive",
    "bench_board",
    "bench_rankings",
    "bench_search",
    "bench_import",
)


def main(chosen: list[str]) -> int:
    """Measure; the exit status says whether every figure reached its floor."""
    out = Path(os.environ.get("XINGPING_VAR", "var")) / "bench.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    parts = chosen or list(PARTS)
    figures = measured(parts[0]) if len(parts) == 1 else apart(parts, out)
    out.write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0 if all(reached(figure) for figure in figures) else 1


def apart(parts: list[str], out: Path) -> list[dict]:
    """Each part in a process of its own: what one leaves in memory would count against the next."""
    figures = []
    for part in parts:
        out.unlink(missing_ok=True)
        subprocess.run([sys.executable, "-m", "tests.bench", part], check=False)
        figures += json.loads(out.read_text())
    return figures


def measured(part: str) -> list[dict]:
    """The figures of one part (a module, or one function of it), in a folder of its own."""
    name, _colon, function = part.partition(":")
    measure = getattr(importlib.import_module(f"tests.bench.{name}"), function or "figures")
    with tempfile.TemporaryDirectory(prefix="xingping-bench-") as folder:
        os.chmod(folder, 0o755)  # the database server runs as a user of its own
        figures = measure(Path(folder))
    for figure in figures:
        print(line_of(figure), flush=True)
    return figures


def reached(figure: dict) -> bool:
    """Whether the figure is at least its floor (or at most its ceiling)."""
    if figure.get("floor") is not None:
        return figure["ratio"] >= figure["floor"]
    if figure.get("ceiling") is not None:
        return figure["ratio"] <= figure["ceiling"]
    return True


def line_of(figure: dict) -> str:
    """One figure in words."""
    bound = f">= {figure['floor']}" if figure.get("floor") is not None else ""
    bound = f"<= {figure['ceiling']}" if figure.get("ceiling") is not None else bound
    mark = "ok  " if reached(figure) else "MISS"
    sides = f"{figure['ours']:.4g} vs {figure['reference']:.4g} {figure['unit']}"
    return f"{mark} {figure['name']:70} {figure['ratio']:7.3f} {bound:8} ({sides})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
