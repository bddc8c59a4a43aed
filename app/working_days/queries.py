"""Which tables of working days people entered. Nothing here changes anything."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.working_days.models import HolidayTable


def tables() -> Sequence[HolidayTable]:
    """The table in force of each year that somebody entered, the newest year first."""
    newest = select(func.max(HolidayTable.id)).group_by(HolidayTable.year)
    query = select(HolidayTable).where(HolidayTable.id.in_(newest))
    query = query.options(joinedload(HolidayTable.added_by)).order_by(HolidayTable.year.desc())
    return db.session.scalars(query).all()


def entered() -> dict[str, Any]:
    """The same as `clock.read_table` takes it."""
    return {str(each.year): {"source": each.source, **json.loads(each.told)} for each in tables()}
