"""How much the common indicators are used: by engagements whose indicators are in force.

Everybody who may see the library sees the counts: they name no engagement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import db
from app.indicators.library import common_rows
from app.indicators.models import Indicator, IndicatorSystem
from app.indicators.rows import Row

MOST_USED = "-uses"
IN_FORCE = (IndicatorSystem.approved_at.is_not(None), IndicatorSystem.retired_at.is_(None))


@dataclass(frozen=True)
class Use:
    """A common indicator, and in how many engagements one of that name is in force."""

    row: Row
    uses: int


@dataclass(frozen=True)
class Uses:
    """The whole library, and how many engagements have indicators in force at all."""

    rows: list[Use]
    engagements: int


def library_uses() -> Uses:
    """Count the engagements of every common indicator; its check points count it once."""
    common = common_rows()
    engagements = func.count(IndicatorSystem.engagement_id.distinct())
    query = select(Indicator.level1, Indicator.name, engagements).join(Indicator.system)
    query = query.where(Indicator.name.in_({one.name for one in common}), *IN_FORCE)
    counted = db.session.execute(query.group_by(Indicator.level1, Indicator.name))
    found = {(level1, name): uses for level1, name, uses in counted}
    rows = [Use(one, found.get((one.level1, one.name), 0)) for one in common]
    return Uses(rows, db.session.scalar(select(engagements).where(*IN_FORCE)) or 0)


def in_order(rows: Sequence[Use], sort: str) -> list[Use]:
    """The rows as the reader wants them; within the same count by code."""
    by_code = sorted(rows, key=lambda one: one.row.code, reverse=sort == "-code")
    if sort.removeprefix("-") != "uses":
        return by_code
    return sorted(by_code, key=lambda one: one.uses, reverse=sort == MOST_USED)
