"""What each rule reads of the district, and what it finds there today and over the past year."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select

from app import clock
from app.agencies.models import Evaluator
from app.alerts import loads, patterns
from app.alerts.loads import Hours
from app.alerts.models import AlertKind
from app.alerts.patterns import Finding, JobRecord, PaperRecord, ScoreRecord, StageRecord
from app.audit import Event
from app.audit.models import AuditEvent
from app.db import db
from app.engagements.models import Engagement, EngagementTemplate, Stage
from app.fieldwork.models import PersonDays
from app.guidance.models import GuidanceNote
from app.indicators.models import IndicatorSystem
from app.papers.models import PaperVersion, WorkingPaper
from app.training.models import ClaimState, HourRecord

Settings = Mapping[str, int]
PREVIEW = timedelta(days=365)


@dataclass(frozen=True)
class Preview:
    """What a rule would have raised in the past year, the newest first."""

    findings: list[Finding]
    still: int  # of which hold today
    judged: int  # forecasts whose stage is over
    right: int  # of which were late indeed


def found_today(kind: AlertKind, settings: Settings) -> list[Finding]:
    """What a rule finds today, oldest first."""
    today = clock.today()
    found = (each for each in FINDERS[kind](settings, today) if each.holds_on(today))
    return sorted(found, key=lambda each: (each.began_on, each.mark))


def preview(kind: AlertKind, settings: Settings) -> Preview:
    """What a rule with these numbers would have raised since a year ago."""
    today = clock.today()
    began = today - PREVIEW
    found = [each for each in FINDERS[kind](settings, today) if began <= each.began_on <= today]
    found.sort(key=lambda each: (each.began_on, each.mark), reverse=True)
    judged = [each for each in found if each.came_true is not None]
    return Preview(
        found,
        sum(each.holds_on(today) for each in found),
        len(judged),
        sum(bool(each.came_true) for each in judged),
    )


def _day(at: Any) -> date | None:
    return None if at is None else clock.day_of(at)


def stages() -> list[StageRecord]:
    """Every stage that has begun, of all engagements; one statement."""
    query = (
        select(
            Stage.id,
            Stage.engagement_id,
            Stage.code,
            Stage.name,
            Stage.started_at,
            Stage.due_on,
            Stage.approved_at,
            Stage.required_papers,
            Engagement.closed_at,
            Engagement.terminated_at,
            Engagement.refused_at,
            Engagement.accepted_at,
            case((Stage.position == Engagement.current_stage_position, 1), else_=0).label("now"),
        )
        .join(Stage.engagement)
        .where(Stage.started_at.is_not(None))
        .order_by(Stage.id)
    )
    return [_stage(row) for row in db.session.execute(query)]


def _stage(row: Any) -> StageRecord:
    ends = [row.closed_at, row.terminated_at, row.refused_at]
    ends += [] if row.now else [row.accepted_at]
    over = row.approved_at or next((at for at in ends if at is not None), None)
    return StageRecord(
        row.id, row.engagement_id, row.code, row.name, clock.day_of(row.started_at), row.due_on,
        _day(over), row.approved_at is not None, row.required_papers,
    )  # fmt: skip


def jobs() -> list[JobRecord]:
    """Every engagement with the days on record; the work is over once it is accepted or ended."""
    days = (
        select(PersonDays.engagement_id, func.sum(PersonDays.half_days).label("halves"))
        .where(PersonDays.voided_at.is_(None))
        .group_by(PersonDays.engagement_id)
        .subquery()
    )
    query = (
        select(
            Engagement.id,
            EngagementTemplate.code,
            Engagement.opened_at,
            func.coalesce(
                Engagement.accepted_at,
                Engagement.terminated_at,
                Engagement.refused_at,
                Engagement.closed_at,
            ).label("over"),
            Engagement.fee_fen,
            Evaluator.id.label("lead_id"),
            Evaluator.name,
            days.c.halves,
        )
        .join(EngagementTemplate, EngagementTemplate.id == Engagement.template_id)
        .join(Evaluator, Evaluator.id == Engagement.lead_evaluator_id)
        .outerjoin(days, days.c.engagement_id == Engagement.id)
        .order_by(Engagement.id)
    )
    return [
        JobRecord(
            row.id, row.code, clock.day_of(row.opened_at), _day(row.over), row.fee_fen,
            row.lead_id, row.name, (row.halves or 0) / 2,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


def papers() -> dict[int, list[PaperRecord]]:
    """The papers of each engagement."""
    query = select(
        WorkingPaper.engagement_id,
        WorkingPaper.index_class,
        WorkingPaper.title,
        WorkingPaper.created_at,
        WorkingPaper.withdrawn_at,
    )
    found: dict[int, list[PaperRecord]] = {}
    for key, kind, title, came, gone in db.session.execute(query):
        record = PaperRecord(str(kind.value), title, clock.day_of(came), _day(gone))
        found.setdefault(key, []).append(record)
    return found


def _by_engagement(rows: Iterable[Any]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    for key, at in rows:
        found.setdefault(key, []).append(clock.day_of(at))
    return found


def acts() -> dict[int, list[date]]:
    """The days on which the log says something of each engagement."""
    query = select(AuditEvent.scope, AuditEvent.at).where(AuditEvent.scope.like("engagement:%"))
    rows = db.session.execute(query)
    return _by_engagement((int(str(scope).partition(":")[2]), at) for scope, at in rows)


def notes() -> dict[int, list[date]]:
    """The days on which opinions were issued on each engagement's papers."""
    query = select(GuidanceNote.engagement_id, GuidanceNote.issued_at)
    return _by_engagement(db.session.execute(query))


def late_papers() -> dict[int, list[date]]:
    """The days on which versions came after their stage had been approved (后补)."""
    query = select(WorkingPaper.engagement_id, PaperVersion.submitted_at).join(PaperVersion.paper)
    return _by_engagement(db.session.execute(query.where(PaperVersion.is_late)))


def hours() -> dict[int, list[Hours]]:
    """The accepted hours of training of each evaluator who has an account."""
    query = (
        select(Evaluator.id, HourRecord.hours, HourRecord.earned_on, HourRecord.expires_on)
        .join(HourRecord, HourRecord.user_id == Evaluator.user_id)
        .where(HourRecord.state == ClaimState.ACCEPTED)
    )
    found: dict[int, list[Hours]] = {}
    for key, number, earned_on, expires_on in db.session.execute(query):
        found.setdefault(key, []).append(Hours(number, earned_on, expires_on))
    return found


def scores() -> list[ScoreRecord]:
    """Scores that were changed while neither explanation, reason nor evidence was, by the log."""
    homes = {
        f"indicator_system:{key}": job
        for key, job in db.session.execute(
            select(IndicatorSystem.id, IndicatorSystem.engagement_id)
        )
    }
    query = select(AuditEvent.id, AuditEvent.subject, AuditEvent.at, AuditEvent.canonical)
    query = query.where(AuditEvent.event == Event.SCORES_SAVED.label).order_by(AuditEvent.id)
    return [
        ScoreRecord(homes[subject], entry, clock.day_of(at), *told)
        for entry, subject, at, text in db.session.execute(query)
        if subject in homes
        for told in _unexplained(json.loads(text))
    ]


def _unexplained(entry: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Code, old and new figures of the rows whose words stayed as they were."""
    for line in entry["facts"]["changed"]:
        code, _colon, told = line.partition(": ")
        before, _arrow, after = told.partition(" → ")
        old, _mark, old_words = before.partition("; ")
        new, _mark, new_words = after.partition("; ")
        if old != new and old_words == new_words and not old.endswith("—"):
            yield code, old, new


FINDERS: dict[AlertKind, Callable[[Settings, date], Iterable[Finding]]] = {
    AlertKind.OVERDUE: lambda told, _today: patterns.overdue(stages(), told["days"]),
    AlertKind.LIKELY_LATE: lambda told, today: patterns.likely_late(
        stages(), told["percent"], told["cases"], today
    ),
    AlertKind.PAPERS_MISSING: lambda told, _today: patterns.papers_missing(
        stages(), papers(), told["days"]
    ),
    AlertKind.SILENT: lambda told, today: patterns.silent(jobs(), acts(), told["days"], today),
    AlertKind.SCORE_MOVED: lambda told, _today: patterns.scores_moved(
        scores(), notes(), told["days"]
    ),
    AlertKind.FEE_LOW: lambda told, _today: loads.fees_low(
        jobs(), told["yuan"] * 100, told["percent"], told["cases"]
    ),
    AlertKind.PERSON_BUSY: lambda told, _today: loads.people_busy(jobs(), told["most"]),
    AlertKind.LATE_PAPERS: lambda told, _today: loads.late_in_bulk(
        late_papers(), told["papers"], told["days"]
    ),
    AlertKind.HOURS_LAPSED: lambda told, _today: loads.hours_lapsed(jobs(), hours(), told["least"]),
}
