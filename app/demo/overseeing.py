"""The rules look at the district, its warnings are dealt with, work is assigned and reminded of."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import clock
from app.alerts import looking, queries
from app.alerts import services as alerts
from app.alerts.models import Alert
from app.db import db
from app.demo.district import District
from app.engagements.models import Engagement
from app.engagements.queries import IS_OPEN
from app.errors import PortalError
from app.guidance import stage_services
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.oversight import services as oversight

ENDINGS = (
    "已电话联系机构负责人，因单位资料迟交，机构承诺本周内补齐，持续跟踪。",
    "已约谈主评人，调整人员安排，进度恢复正常。",
    "经核实属节假日因素，不影响后续节点，予以办结。",
)


def tell(district: District) -> Iterator[datetime]:
    """Three nights of the rules, the days between, and what the section does about it."""
    today, officers = clock.today(), district.performance
    yield _at(today - timedelta(days=30), 3)
    _look()
    yield _at(today - timedelta(days=28), 10)
    _settle(district)
    yield _at(today - timedelta(days=9), 3)
    _look()
    yield _at(today - timedelta(days=8), 9)
    _assign(district)
    yield _at(today - timedelta(days=1), 3)
    _look()
    yield _at(today - timedelta(days=1), 14)
    for name, query in (("逾期项目", "state=overdue"), ("甘特图", "view=timeline")):
        oversight.save_view(officers[0], name, query)
    _guide(district)


def _look() -> None:
    """What the nightly job does, inside the day's own transaction."""
    rules = queries.rules_in_force()
    alerts.raise_alerts(
        {rule.kind: looking.found_today(rule.kind, rule.settings) for rule in rules}
    )
    alerts.escalate_due()


def _settle(district: District) -> None:
    """Every other warning is ended in words; one is in somebody's hands."""
    waiting = db.session.scalars(select(Alert).where(queries.is_waiting()).order_by(Alert.id)).all()
    for place, alert in enumerate(waiting[::2]):
        alerts.end_alert(district.performance[0], alert, ENDINGS[place % len(ENDINGS)])
    for alert in waiting[1:2]:
        alerts.take_alert(district.performance[0], alert)


def _assign(district: District) -> None:
    """The open engagements are shared out, and those that are late reminded of."""
    running = db.session.scalars(select(Engagement).where(IS_OPEN).order_by(Engagement.id)).all()
    for place, engagement in enumerate(running[:12]):
        officer = district.performance[place % len(district.performance)]
        oversight.assign_officer(district.performance[0], engagement, officer)
        stage = engagement.current_stage
        if stage is not None and stage.due_on < clock.today() and stage.submitted_at is None:
            words = "本阶段已超过计划时限，请抓紧提交并说明原因。"
            oversight.remind_agency(district.performance[0], engagement, words)


def _guide(district: District) -> None:
    """An opinion on a stage as a whole waits for the agency's answer."""
    query = select(Engagement).where(IS_OPEN).order_by(Engagement.id.desc()).limit(5)
    new = NewNote(NoteKind.MUST_RESOLVE, "现场核查点位偏少，请补充抽样说明并覆盖全部镇街。")
    for engagement in db.session.scalars(query):
        stage = engagement.current_stage
        try:
            if stage is not None and stage.approved_at is None:
                stage_services.issue_stage_note(district.performance[0], stage, new)
                return
        except PortalError:  # its time has passed meanwhile: the next one will do
            continue


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)
