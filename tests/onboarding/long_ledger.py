"""A process of its own takes a ledger of people in and tells what memory that took.

Run: python -m tests.onboarding.long_ledger FOLDER ROWS
"""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.accounts.models import User
from app.db import db, transaction
from app.onboarding import importing
from app.onboarding.ledgers import LEDGERS
from app.onboarding.models import LedgerImport
from tests import conftest
from tests.factories import OrganisationFactory, UserFactory
from tests.onboarding.test_ledgers import workbook

KIB = 1024
ROOT = Path(__file__).resolve().parents[2]
HOME, FEW = "演示单位甲", 600


def people(home: str, count: int):
    """Rows of the ledger of people."""
    for n in range(count):
        yield [f"演示人员{n}", f"demo.{count}.p{n}", home, "unit_officer", None]


def held(name: str) -> int:
    """What this process holds (VmRSS) or held at most (VmHWM), in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(one.split()[1]) * KIB for one in lines if one.startswith(f"{name}:"))


def measured(folder: Path, rows: int) -> dict:
    """What a process of its own tells of so many people: its peak in bytes and its seconds."""
    place = folder / str(rows)
    place.mkdir(parents=True)
    (place / "people.xlsx").write_bytes(workbook("people", people(HOME, rows)))
    command = [sys.executable, "-m", "tests.onboarding.long_ledger", str(place), str(rows)]
    told = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    return json.loads(told.stdout)


def main(folder: Path, rows: int) -> None:
    """Take a short ledger in, which warms everything up, then the long one, and print a line."""
    settings = conftest.make_settings(folder, f"sqlite:///{folder}/portal.db")
    conftest.migrate(settings)
    LEDGERS["people"] = replace(LEDGERS["people"], most_rows=rows)
    app = create_app(settings)
    with app.app_context():
        officer_id = UserFactory().id
        OrganisationFactory(name=HOME)
        db.session.commit()
        take(officer_id, workbook("people", people(HOME, FEW)), FEW)
        print(json.dumps(take(officer_id, (folder / "people.xlsx").read_bytes(), rows)))


def take(officer_id: int, data: bytes, rows: int) -> dict:
    """Take people in; the memory held before and at most, and the seconds."""
    with transaction():
        officer = db.session.get_one(User, officer_id)
        key = importing.ask_import(officer, LEDGERS["people"], data).id
    db.session.remove()
    before = db.session.scalar(select(func.count()).select_from(User))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    base, begun = held("VmRSS"), time.perf_counter()
    importing.take_in(key)
    seconds, peak = time.perf_counter() - begun, held("VmHWM")
    db.session.remove()
    taken = db.session.scalar(select(func.count()).select_from(User)) - before
    assert taken == rows, (taken, db.session.get_one(LedgerImport, key).error)
    return {"rows": rows, "base": base, "peak": peak, "seconds": seconds}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
