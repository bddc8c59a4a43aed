"""What a version of the indicators says: its rows, its digest, what is worth a second look."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.indicators.models import IndicatorSystem
from app.indicators.queries import WEIGHED_KINDS
from app.indicators.rows import LEAST_OUTCOMES, Row, outcome_points


def rows_of(system: IndicatorSystem) -> list[Row]:
    """The rows of a system as they are entered."""
    return [
        Row(
            level1=one.level1,
            level2=one.level2,
            name=one.name,
            points=one.points,
            standard=one.standard,
            check_point=one.check_point,
            code=one.code,
        )
        for one in system.indicators
    ]


@dataclass(frozen=True)
class Change:
    """What a version changed in one row; nothing stands where the row wasn't or isn't."""

    code: str
    before: Row | None
    after: Row | None


def changes_between(earlier: Sequence[Row], later: Sequence[Row]) -> list[Change]:
    """Return the rows that were added, taken out or changed, by code, in the order of the later."""
    before = {row.code: row for row in earlier}
    after = {row.code: row for row in later}
    codes = [*after, *(code for code in before if code not in after)]
    found = [Change(code, before.get(code), after.get(code)) for code in codes]
    return [change for change in found if change.before != change.after]


def warnings_of(system: IndicatorSystem) -> list[Words]:
    """What is worth a second look and stops nothing: the weight of 产出 and 效益."""
    if system.engagement.service_type.code not in WEIGHED_KINDS:
        return []
    points = outcome_points(rows_of(system))
    if points >= LEAST_OUTCOMES:
        return []
    return [
        _(
            "Outputs and effects have %(points)s points together; 财预〔2020〕10号 asks for 60 or"
            " more.",
            points=f"{points.normalize():f}",
        )
    ]


def digest_of(system: IndicatorSystem) -> str:
    """SHA-256 of the frozen rows, which the log keeps at the approval."""
    rows = [{**asdict(row), "points": f"{row.points:.2f}"} for row in rows_of(system)]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
