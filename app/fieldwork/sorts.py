"""The four kinds of entries: address, record, form, and the columns of their workbooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engagements.models import Engagement
from app.errors import Invalid, Words
from app.exporting import Cell, Sheet, to_xlsx
from app.fieldwork import labels, queries
from app.fieldwork.entries import New, NewDays, NewInterview, NewQuestionnaire, NewVisit, check
from app.fieldwork.forms import (
    DaysForm,
    EntryForm,
    InterviewForm,
    QuestionnaireForm,
    VisitForm,
    by_name,
)
from app.fieldwork.models import Activity, Interview, PersonDays, Questionnaire, SiteVisit
from app.tabular import CellFault, Column, FaultyTable, Kind, read

MOST_ROWS = 500
Build = Callable[[Engagement, Mapping[str, Any]], New]
TASK = Column(("项目序号", "Task number"), Kind.WHOLE, needed=False, most=10_000)


@dataclass(frozen=True)
class Sort:
    """One kind of entry."""

    name: str
    path: str
    label: Words
    model: Any
    form: type[EntryForm]
    columns: Mapping[str, Column]
    build: Build
    example: tuple[Cell, ...]


def _task(engagement: Engagement, row: Mapping[str, Any]) -> dict[str, Any]:
    number = row["task"]
    task = next((one for one in engagement.tasks if one.number == number), None)
    if number is not None and task is None:
        raise Invalid(_("No task has this number"), field="task")
    return {"task": task}


def _texts(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] or "" for name in names}


def visit(engagement: Engagement, row: Mapping[str, Any]) -> New:
    """A row of visits."""
    texts = _texts(row, "place", "people", "hosts", "findings")
    return NewVisit(visited_on=row["visited_on"], **texts, **_task(engagement, row))


def interview(engagement: Engagement, row: Mapping[str, Any]) -> New:
    """A row of talks."""
    texts = _texts(row, "person", "topic", "people", "findings")
    return NewInterview(held_on=row["held_on"], **texts, **_task(engagement, row))


def questionnaire(engagement: Engagement, row: Mapping[str, Any]) -> New:
    """A row of rounds."""
    numbers = {name: row[name] for name in ("sent", "returned", "valid")}
    told = {"held_on": row["held_on"], "audience": row["audience"]}
    return NewQuestionnaire(**told, **numbers, **_task(engagement, row))


def days(engagement: Engagement, row: Mapping[str, Any]) -> New:
    """A row of days; the member and the activity go by their names."""
    member = by_name(queries.members_of(engagement)).get(row["member"])
    if member is None:
        raise Invalid(_("No person of the agency has this name"), field="member")
    return NewDays(
        member=member,
        began_on=row["began_on"],
        ended_on=row["ended_on"] or row["began_on"],
        half_days=round(row["days"] * 2),
        activity=_activity(row["activity"]),
        **_task(engagement, row),
    )


def _activity(words: str | None) -> Activity:
    known = {str(label): one for one, label in labels.ACTIVITIES.items()} | _CHINESE
    if words is None:
        return Activity.FIELDWORK
    if words not in known:
        told = "、".join(str(label) for label in labels.ACTIVITIES.values())
        raise Invalid(_("One of: %(names)s", names=told), field="activity")
    return known[words]


_CHINESE = {
    "前期准备": Activity.PREPARATION,
    "方案制定": Activity.PLAN,
    "现场评价": Activity.FIELDWORK,
    "报告撰写": Activity.REPORT,
    "其他": Activity.OTHER,
}
_LONG = 4000
VISITS = Sort(
    "visit",
    "site-visits",
    _("Site visits"),
    SiteVisit,
    VisitForm,
    {
        "visited_on": Column(("核查日期", "Day of the visit", "日期"), Kind.DAY),
        "place": Column(("核查地点", "Place", "地点")),
        "people": Column(("核查人员", "Who went", "人员")),
        "hosts": Column(("被核查方陪同人员", "Who was met"), needed=False),
        "findings": Column(("核查情况", "What was found"), needed=False, most=_LONG),
        "task": TASK,
    },
    visit,
    (
        "2026-03-02",
        "演示街道文化活动中心",
        "王核查、李核查",
        "张经办",
        "设施完好，账实相符",
        1,
    ),
)
INTERVIEWS = Sort(
    "interview",
    "interviews",
    _("Interviews held"),
    Interview,
    InterviewForm,
    {
        "held_on": Column(("访谈日期", "Day of the interview", "日期"), Kind.DAY),
        "person": Column(("访谈对象", "Who was interviewed")),
        "topic": Column(("访谈主题", "About what", "主题")),
        "people": Column(("访谈人员", "Who asked", "人员")),
        "findings": Column(("访谈纪要", "What was said"), needed=False, most=_LONG),
        "task": TASK,
    },
    interview,
    ("2026-03-02", "项目负责人", "项目实施情况", "王核查", "按计划推进，一处延期", 1),
)
QUESTIONNAIRES = Sort(
    "questionnaire",
    "questionnaires",
    _("Questionnaire rounds"),
    Questionnaire,
    QuestionnaireForm,
    {
        "held_on": Column(("回收日期", "Day on which they came back", "日期"), Kind.DAY),
        "audience": Column(("调查对象", "To whom")),
        "sent": Column(("发放份数", "Sent"), Kind.WHOLE, most=1_000_000),
        "returned": Column(("回收份数", "Returned"), Kind.WHOLE, most=1_000_000),
        "valid": Column(("有效份数", "Valid"), Kind.WHOLE, most=1_000_000),
        "task": TASK,
    },
    questionnaire,
    ("2026-03-02", "受益居民", 200, 186, 180, 1),
)
DAYS = Sort(
    "days",
    "person-days",
    _("Person-days"),
    PersonDays,
    DaysForm,
    {
        "member": Column(("人员", "Member", "姓名")),
        "began_on": Column(("开始日期", "From", "日期"), Kind.DAY),
        "ended_on": Column(("结束日期", "To"), Kind.DAY, needed=False),
        "days": Column(("人日", "Days", "天数"), Kind.DECIMAL, most=93),
        "activity": Column(("工作内容", "Spent on"), needed=False),
        "task": TASK,
    },
    days,
    ("王核查", "2026-03-02", "2026-03-04", 2.5, "现场评价", 1),
)
SORTS = (VISITS, INTERVIEWS, QUESTIONNAIRES, DAYS)


def entries_of(sort: Sort, engagement: Engagement, data: bytes) -> list[New]:
    """The entries of a workbook; FaultyTable names every cell that can't be taken."""
    table, found, faults = read(data, sort.columns, MOST_ROWS), list[New](), list[CellFault]()
    for line in table.lines:
        try:
            new = sort.build(engagement, line.values)
            check(engagement, new)
            found.append(new)
        except Invalid as error:
            faults.append(table.fault(line, error.field, error.message))
    if faults:
        raise FaultyTable(faults)
    return found


def blank(sort: Sort) -> bytes:
    """A workbook to be filled in, with one row that shows how."""
    heads = [column.heads[0] for column in sort.columns.values()]
    return to_xlsx({gettext("Entries"): Sheet(heads, [sort.example])})
