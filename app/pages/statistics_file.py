"""Statistics as a workbook: the groups, the stages, and the engagements behind both."""

from flask_babel import gettext as _

from app import audit, clock
from app.accounts.models import User
from app.assessments.grading import AgencyGrade
from app.display import local_time
from app.engagements.labels import stage_label
from app.exporting import YUAN, Cell, Sheet, to_xlsx
from app.pages import statistics
from app.pages.counting import Narrowing, jobs_of
from app.pages.labels import GRADES, GROUPINGS
from app.pages.statistics import Line, StageLine, together
from app.policy import Permission, require


def export(actor: User, asked: Narrowing) -> bytes:
    """The statistics that a person sees as XLSX; that they were taken is on record."""
    require(actor, Permission.STATISTICS_READ, None)
    jobs = jobs_of(actor, asked)
    lines = statistics.lines(jobs, asked.by)
    groups = [(line.name, *_figures(line)) for line in lines]
    rows = [(one.code, one.name, one.agency[1], *_figures(together([one]))[1:]) for one in jobs]
    stages = [_stage(each) for each in statistics.by_stage(jobs)]
    last, title = len(_heads()) + 1, _title(asked)
    behind = [_("Number"), _("Engagement"), _("Agency"), *_heads()[1:]]
    sheets = {
        str(GROUPINGS[asked.by]): Sheet(
            [_("Name"), *_heads()], groups, title, formats={last - 1: YUAN}
        ),
        _("By stage"): Sheet(_stage_heads(), stages, title),
        _("Engagements"): Sheet(behind, rows, title, formats={last: YUAN}),
    }
    mine, event = f"user_account:{actor.id}", audit.Event.STATISTICS_EXPORTED
    audit.record(actor, event, mine, by=asked.by, rows=len(lines))
    return to_xlsx(sheets)


def _title(asked: Narrowing) -> str:
    """What is counted, of which year, and when: a sheet that is passed on says it itself."""
    told = {"by": GROUPINGS[asked.by], "year": asked.year or _("All years")}
    return _("Statistics · %(by)s · %(year)s · counted %(at)s", at=local_time(clock.now()), **told)


def _heads() -> list[str]:
    return [
        _("Engagements"),
        _("Stages handed in on time"),
        _("Stages that count"),
        _("Rounds of return"),
        _("Days of a stage (median)"),
        _("Opinions"),
        _("Days to an answer (median)"),
        _("Stars"),
        _("Reviews"),
        *(_("Engagements graded %(grade)s", grade=GRADES[grade]) for grade in AgencyGrade),
        _("Decided cuts (yuan)"),
    ]


def _figures(line: Line) -> tuple[Cell, ...]:
    stars = None if line.stars is None else round(line.stars, 2)
    grades = (line.grades.get(grade.value, 0) for grade in AgencyGrade)
    work = (line.jobs, line.met, line.due, line.returns, line.days, line.notes, line.answer_days)
    return (*work, stars, line.reviews, *grades, line.cut_fen / 100)


def _stage_heads() -> list[str]:
    return [
        _("Stage"),
        _("Cases"),
        _("Eight in ten took at least (working days)"),
        _("Median (working days)"),
        _("Eight in ten took at most (working days)"),
        _("Stages handed in on time"),
        _("Stages that count"),
    ]


def _stage(line: StageLine) -> tuple[Cell, ...]:
    name = str(stage_label(line.code, line.name))
    return (name, line.cases, line.low, line.middle, line.high, line.met, line.due)
