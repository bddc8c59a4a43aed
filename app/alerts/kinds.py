"""The rules that the portal ships: what each may be set to, within which bounds."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app.alerts.models import AlertKind
from app.errors import Words


@dataclass(frozen=True)
class Setting:
    """One number of a rule."""

    name: str
    label: Words
    usual: int
    low: int
    high: int


DAYS = _("Working days")
RULES: dict[AlertKind, tuple[Setting, ...]] = {
    AlertKind.OVERDUE: (Setting("days", _("Working days past the due day"), 1, 1, 60),),
    AlertKind.LIKELY_LATE: (
        Setting("percent", _("Chance of being late, in percent"), 70, 10, 100),
        Setting("cases", _("Past stages at least"), 8, 3, 200),
    ),
    AlertKind.PAPERS_MISSING: (Setting("days", _("Working days before the due day"), 3, 0, 60),),
    AlertKind.SILENT: (Setting("days", _("Working days without any entry"), 15, 3, 120),),
    AlertKind.SCORE_MOVED: (Setting("days", _("Working days after an opinion"), 20, 1, 120),),
    AlertKind.FEE_LOW: (
        Setting("yuan", _("Yuan for a person's day"), 800, 100, 10_000),
        Setting("percent", _("Below this share of it, in percent"), 50, 5, 100),
        Setting("cases", _("Finished engagements at least"), 5, 3, 200),
    ),
    AlertKind.PERSON_BUSY: (Setting("most", _("Engagements at the same time at most"), 5, 1, 50),),
    AlertKind.LATE_PAPERS: (
        Setting("papers", _("Papers that came late"), 5, 2, 200),
        Setting("days", _("Within so many working days"), 5, 0, 60),
    ),
    AlertKind.HOURS_LAPSED: (Setting("least", _("Valid hours fewer than"), 24, 1, 500),),
}
