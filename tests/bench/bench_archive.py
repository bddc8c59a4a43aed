"""What an archive package of two gigabytes costs: memory beside the portal's own, and its time.

Run: python -m tests.bench bench_archive
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

MIB = 1 << 20
PAPERS, EACH = 10, 200 * MIB
MOST_MEMORY = 128 * MIB
ROOT = Path(__file__).parents[2]


def figures(folder: Path) -> list[dict]:
    """Peak memory over that of the idle portal; the stream beside reading and hashing it."""
    command = [sys.executable, "-m", "tests.bench.bench_archive", str(folder)]
    told = json.loads(subprocess.check_output(command, cwd=ROOT, text=True).splitlines()[-1])
    return [
        {
            "name": "archive package of 2 GB: memory over the idle portal, beside 128 MB",
            "ours": told["memory"] / MIB,
            "reference": MOST_MEMORY / MIB,
            "unit": "MB",
            "ratio": told["memory"] / MOST_MEMORY,
            "ceiling": 1.0,
        },
        {
            "name": "archive package of 2 GB, beside reading and hashing the same bytes",
            "ours": told["seconds"],
            "reference": told["floor"],
            "unit": "s",
            "ratio": told["seconds"] / told["floor"],
        },
    ]


def measure(folder: Path) -> dict:
    """In a process of its own: make the papers, then take the package piece by piece."""
    from app import create_app
    from app.store import object_store
    from tests.archiving.finished import make_large
    from tests.conftest import begin, make_settings, migrate

    settings = make_settings(folder / "var", f"sqlite:///{folder}/portal.db", MAX_UPLOAD_BYTES=EACH)
    migrate(settings)
    app = create_app(settings)
    with app.app_context():
        engagement, officer = make_large(PAPERS, EACH)
        client = begin(app.test_client(), officer)
        at = f"/engagements/{engagement.id}/archive"
        assert client.get(at).status_code == 200
        idle, begun = peak(), time.monotonic()
        sent = sum(len(piece) for piece in client.post(at, buffered=False).iter_encoded())
        seconds, memory = time.monotonic() - begun, peak() - idle
        begun = time.monotonic()
        keys = object_store().keys()
        for key in keys:
            object_store().check(key)
    return {"memory": memory, "seconds": seconds, "floor": time.monotonic() - begun, "sent": sent}


def peak() -> int:
    """The most memory that this process ever held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024


if __name__ == "__main__":
    os.environ.setdefault("XINGPING_EMBEDDED", "1")
    print(json.dumps(measure(Path(sys.argv[1]))))
