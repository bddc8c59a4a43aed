"""A year's working days are entered by the system administrator."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app import audit, clock
from app.accounts.models import User
from app.db import after_commit, db
from app.policy import Permission, require
from app.working_days.models import HolidayTable
from app.working_days.spreading import spread


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
    _record(actor, table, new)
    return table


def _record(actor: User, table: HolidayTable, new: NewTable) -> None:
    audit.record(
        actor,
        audit.Event.HOLIDAYS_ENTERED,
        table,
        days=sum((last - first).days + 1 for first, last in new.off.values()),
        source=new.source,
        work_days=len(new.work),
        year=new.year,
    )
