"""The facts beside the lines of the form, each counted from rows that a reader can open."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.assessments.credit_models import Consequence
from app.db import db
from app.engagements.models import Engagement, Stage
from app.engagements.moves import ENDING, FINAL_REPORT
from app.guidance.models import GuidanceNote, NoteKind, NoteReply
from app.indicators.models import IndicatorSystem
from app.indicators.queries import sheet_of, systems_in_force
from app.papers.models import PaperVersion, VersionState, WorkingPaper

Numbers = dict[str, int]
NOT_THE_AGENCYS = frozenset(ENDING) - {FINAL_REPORT}  # stages whose pace others set


def facts_of(engagement: Engagement) -> dict[str, Numbers]:
    """Every fact by its key; the words to it are made where it is shown."""
    return {key: count(engagement) for key, count in FACTS.items()}


def _team(engagement: Engagement) -> Numbers:
    """Whether the named lead evaluator signed the report, and how many people sent papers."""
    sent = (
        select(func.count(PaperVersion.submitted_by_id.distinct()))
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
    )
    return {"people": db.session.scalar(sent) or 0}


def _indicators(engagement: Engagement) -> Numbers:
    versions = select(func.count(), func.count(IndicatorSystem.returned_at)).where(
        IndicatorSystem.engagement_id == engagement.id
    )
    made, returned = db.session.execute(versions).one()
    return {"versions": made, "returned": returned}


def _plan(engagement: Engagement) -> Numbers:
    early = [stage for stage in engagement.stages if stage.position <= 2]
    return {"returned": sum(stage.returned_count for stage in early)}


def _returns(engagement: Engagement) -> Numbers:
    """Rounds of return: of papers, of stages, and refusals at acceptance."""
    papers = (
        select(func.count())
        .select_from(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
        .where(PaperVersion.state == VersionState.RETURNED)
    )
    return {
        "papers": db.session.scalar(papers) or 0,
        "stages": sum(stage.returned_count for stage in engagement.stages),
        "refusals": engagement.refusal_count,
    }


def _opinions(engagement: Engagement) -> Numbers:
    """What was issued, what had to be resolved, what is open; those on scores are told apart."""
    rows = db.session.execute(
        select(GuidanceNote.kind, func.count(), func.count(GuidanceNote.settled_at))
        .where(GuidanceNote.engagement_id == engagement.id)
        .group_by(GuidanceNote.kind)
    ).all()
    return {
        "issued": sum(row[1] for row in rows),
        "must": sum(row[1] for row in rows if row[0] is NoteKind.MUST_RESOLVE),
        "open": sum(row[1] - row[2] for row in rows),
    }


def _answers(engagement: Engagement) -> Numbers:
    answered = GuidanceNote.replies.any()
    count = select(func.count()).select_from(GuidanceNote)
    own = count.where(GuidanceNote.engagement_id == engagement.id)
    replies = (
        select(func.count())
        .select_from(NoteReply)
        .join(NoteReply.note)
        .where(GuidanceNote.engagement_id == engagement.id)
    )
    return {
        "issued": db.session.scalar(own) or 0,
        "answered": db.session.scalar(own.where(answered)) or 0,
        "replies": db.session.scalar(replies) or 0,
    }


def _coverage(engagement: Engagement) -> Numbers:
    rows = [row for system in systems_in_force(engagement) for row in system.indicators]
    sheet = sheet_of(rows)
    return {"covered": sheet.covered, "rows": sheet.rows}


def _late_papers(engagement: Engagement) -> Numbers:
    versions = (
        select(func.count())
        .select_from(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
    )
    late = versions.where(PaperVersion.is_late.is_(True))
    return {"late": db.session.scalar(late) or 0, "versions": db.session.scalar(versions) or 0}


def _on_time(engagement: Engagement) -> Numbers:
    ended = _ended_stages(engagement)
    late = sum(1 for stage, day in ended if day > stage.due_on)
    return {"on_time": len(ended) - late, "stages": len(ended)}


def _overdue_days(engagement: Engagement) -> Numbers:
    """Working days late, all stages together, and the most of one stage."""
    days = [
        clock.working_days_between(stage.due_on, day)
        for stage, day in _ended_stages(engagement)
        if day > stage.due_on
    ]
    return {"days": sum(days), "most": max(days, default=0)}


def _ended_stages(engagement: Engagement) -> list[tuple[Stage, date]]:
    """The stages that the agency handed in, with the day on which it did."""
    handed: list[tuple[Stage, datetime | None]] = [
        (stage, stage.submitted_at or stage.approved_at)
        for stage in engagement.stages
        if stage.code not in NOT_THE_AGENCYS
    ]
    return [(stage, clock.day_of(at)) for stage, at in handed if at is not None]


def _credit(engagement: Engagement) -> Numbers:
    found = select(func.count()).where(
        Consequence.engagement_id == engagement.id,
        Consequence.imposed_at.is_not(None),
        Consequence.revoked_at.is_(None),
        Consequence.points < 0,
    )
    return {"entries": db.session.scalar(found) or 0}


FACTS: dict[str, Callable[[Engagement], Any]] = {
    "team": _team,
    "indicators": _indicators,
    "plan": _plan,
    "returns": _returns,
    "opinions": _opinions,
    "answers": _answers,
    "coverage": _coverage,
    "late_papers": _late_papers,
    "on_time": _on_time,
    "overdue_days": _overdue_days,
    "credit": _credit,
}
