"""What was entered holds in every process of every machine, and what is missing is told."""

import json
import os
from pathlib import Path

from app import clock
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Role
from app.working_days import queries

FILE = "holidays.json"


def spread(folder: Path) -> bool:
    """Write what was entered into this machine's file, which every process looks at."""
    path, found = folder / FILE, queries.entered()
    if not found:
        return False
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if {**before, **found} != before:
        fresh = path.with_name(f"{FILE}.{os.getpid()}")
        fresh.write_text(json.dumps({**before, **found}, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    clock.look_at(path)
    return True


def warn_of_missing() -> None:
    """From November on the system administrators hear each week that next year's is missing."""
    missing = clock.missing_years(clock.today())
    if missing:
        years = ", ".join(str(year) for year in missing)
        admins = people.holders_of(Role.SYSTEM_ADMIN)
        send(admins, Kind.HOLIDAYS_MISSING, {"years": years}, "/system/working-days")
