"""A year's working days: entered by the system administrator, spread to every process."""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app import audit, clock
from app.accounts.models import User
from app.db import after_commit, db
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, Role, require
from app.working_days import queries
from app.working_days.models import HolidayTable

FILE = "holidays.json"


@dataclass(frozen=True)
class NewTable:
    """A notice: its number, festivals with their first and last day, make-up days."""

    year: int
    source: str
    off: dict[str, tuple[date, date]]
    work: tuple[date, ...]

    def told(self) -> dict[str, object]:
        """As `clock.read_table` takes it, but for the source."""
        off = {name: [day.isoformat() for day in days] for name, days in self.off.items()}
        return {"off": off, "work": [day.isoformat() for day in self.work]}


def add_table(actor: User, new: NewTable, folder: Path) -> HolidayTable:
    """The system administrator enters a year's notice; due dates are counted by it from now on."""
    require(actor, Permission.SYSTEM_CONFIGURE, None)
    told = new.told()
    clock.read_table(json.dumps({str(new.year): {"source": new.source, **told}}))
    table = HolidayTable(
        year=new.year,
        source=new.source,
        told=json.dumps(told, ensure_ascii=False),
        added_at=clock.now(),
        added_by_id=actor.id,
    )
    db.session.add(table)
    after_commit(lambda: spread(folder))
    days = sum((last - first).days + 1 for first, last in new.off.values())
    audit.record(
        actor,
        audit.Event.HOLIDAYS_ENTERED,
        table,
        days=days,
        source=new.source,
        work_days=len(new.work),
        year=new.year,
    )
    return table


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
