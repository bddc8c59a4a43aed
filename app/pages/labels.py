"""Words that the reading pages make themselves."""

from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from app import charts
from app.assessments.grading import AgencyGrade
from app.errors import Words
from app.fieldwork.queries import ProcessFacts
from app.policy import Role

GRADES = {grade: grade.value.upper() for grade in AgencyGrade}
VIEWS: dict[str, Words] = {
    "": lazy_gettext("Table"),
    "lanes": lazy_gettext("Swim lanes"),
    "timeline": lazy_gettext("Timeline"),
}
GROUPINGS: dict[str, Words] = {
    "agency": lazy_gettext("By agency"),
    "section": lazy_gettext("By section"),
    "unit": lazy_gettext("By unit"),
    "year": lazy_gettext("By year"),
}


def due_words(days: int) -> str:
    """How far the due day is, in working days."""
    if days < 0:
        return _("working days overdue: %(n)s", n=-days)
    if days == 0:
        return _("due today")
    return _("working days left: %(n)s", n=days)


def work_words(work: ProcessFacts) -> str:
    """What was done on the spot, in numbers; nothing where nothing is on record."""
    told = [
        (work.visits, _("site visits: %(n)s", n=work.visits)),
        (work.interviews, _("interviews: %(n)s", n=work.interviews)),
        (work.sent, _("questionnaires %(n)s of %(sent)s", n=work.returned, sent=work.sent)),
        (work.half_days, _("%(n)s person-days", n=f"{work.days:g}")),
    ]
    return " · ".join(words for number, words in told if number)


@lru_cache(maxsize=512)
def strip(position: int, stages: int, now: str) -> Markup:
    """The small stage strip, its cell `now` or `late`; each of the few is drawn once."""
    marks = [
        (str(n), "done" if n < position else now if n == position else "ahead")
        for n in range(1, stages + 1)
    ]
    return charts.stage_strip(marks, width=120)


def duties(role: Role) -> str:
    """What a role without engagements of its own does here."""
    words = {
        Role.EXPERT: _("You judge papers and plans in panels, and are shown what your panel has."),
        Role.SYSTEM_ADMIN: _(
            "You keep the portal running. Papers, ratings and logs are not shown to you."
        ),
        Role.SECURITY_ADMIN: _(
            "You open accounts and grant roles, never your own, and you use none of them."
        ),
        Role.AUDIT_ADMIN: _(
            "You read, verify and export the audit log. Nothing else changes by your hand."
        ),
    }
    return words.get(role, "")
