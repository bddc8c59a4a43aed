"""What the rules find in the records of a district: pure, for today and for the past alike.

Each function takes records and thresholds and gives findings with the day on which each began to
hold and the day on which it ceased to. What holds today becomes a warning; what began in the past
is the preview of a rule.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app import clock
from app.alerts.durations import first_doubt, outlook


@dataclass(frozen=True)
class StageRecord:
    """One stage that has begun; `ended_on` is the day of its approval, or of the work's end."""

    id: int
    engagement_id: int
    code: str
    name: str
    started_on: date
    due_on: date
    ended_on: date | None
    is_approved: bool
    required: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class JobRecord:
    """One engagement: when its work began and ended, who leads it, its fee and its days."""

    id: int
    kind: str  # its template
    opened_on: date
    ended_on: date | None
    fee_fen: int
    lead_id: int
    lead: str
    days: float = 0.0  # person-days on record


@dataclass(frozen=True)
class PaperRecord:
    """A working paper: its class and title, when it came, when it was withdrawn."""

    index_class: str
    title: str
    came_on: date
    gone_on: date | None


@dataclass(frozen=True)
class ScoreRecord:
    """A score that was changed without a word, and the day."""

    engagement_id: int
    entry: int
    on: date
    code: str
    old: str
    new: str


@dataclass(frozen=True)
class Finding:
    """What a rule found: the fact's own mark, from when until when, its figures."""

    engagement_id: int
    mark: str
    began_on: date
    ended_on: date | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    came_true: bool | None = None  # of a forecast whose stage is over: was it late?

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.began_on <= day and (self.ended_on is None or self.ended_on > day)


def overdue(stages: Iterable[StageRecord], days: int) -> Iterator[Finding]:
    """Stages that are `days` working days past their due day."""
    for stage in stages:
        began = clock.add_working_days(stage.due_on, days)
        if stage.ended_on is not None and stage.ended_on <= began:
            continue
        facts = {"stage": [stage.code, stage.name], "due": stage.due_on.isoformat()}
        mark = f"overdue:{stage.id}:{stage.due_on}"
        yield Finding(stage.engagement_id, mark, began, stage.ended_on, facts)


def likely_late(
    stages: Sequence[StageRecord], percent: int, cases: int, today: date
) -> Iterator[Finding]:
    """Stages that the past gives at least so many percent to be late, before they are.

    A stage is judged only by those of its kind that were approved before it began: the preview
    knows no more than was known then.
    """
    ended = sorted((s.ended_on, s.code, _lasted(s)) for s in stages if s.is_approved and s.ended_on)
    known = [day for day, _code, _days in ended]
    for stage in stages:
        before = ended[: bisect_left(known, stage.started_on)]
        past = sorted(days for _day, code, days in before if code == stage.code)
        allotted = clock.working_days_between(stage.started_on, stage.due_on)
        doubt = first_doubt(past, allotted, percent / 100, cases)
        if doubt is None:
            continue
        began = clock.add_working_days(stage.started_on, doubt) if doubt else stage.started_on
        if stage.ended_on is None or stage.ended_on > began:
            yield _forecast(stage, past, (doubt, allotted), (began, today))


def _lasted(stage: StageRecord) -> int:
    return clock.working_days_between(stage.started_on, stage.ended_on or stage.started_on)


def _forecast(
    stage: StageRecord, past: Sequence[int], days: tuple[int, int], on: tuple[date, date]
) -> Finding:
    (doubt, allotted), (began, today) = days, on
    gone = clock.working_days_between(stage.started_on, min(today, stage.due_on))
    told = outlook(past, max(doubt, gone if stage.ended_on is None else doubt), allotted)
    told = told or outlook(past, doubt, allotted)
    facts: dict[str, Any] = {"stage": [stage.code, stage.name], "due": stage.due_on.isoformat()}
    if told is not None:
        facts |= {"percent": round(100 * told.chance), "cases": told.cases, "allotted": allotted}
        facts |= {"low": told.low, "high": told.high}
    over = min(stage.ended_on or date.max, stage.due_on + timedelta(days=1))
    late = None if stage.ended_on is None else stage.ended_on > stage.due_on
    if stage.ended_on is None and today > stage.due_on:
        late = True
    mark = f"likely:{stage.id}:{stage.due_on}"
    return Finding(stage.engagement_id, mark, began, over, facts, late)


def papers_missing(
    stages: Iterable[StageRecord], papers: Mapping[int, Sequence[PaperRecord]], days: int
) -> Iterator[Finding]:
    """Stages that lack a required paper when `days` working days or fewer are left."""
    for stage in stages:
        began = max(stage.started_on, clock.add_working_days(stage.due_on, -days))
        lacking: list[tuple[str, date | None]] = []
        for asked in stage.required:
            came = _came(asked, papers.get(stage.engagement_id, ()))
            if came is None or came > began:
                lacking.append((str(asked["title"]), came))
        if not lacking or (stage.ended_on is not None and stage.ended_on <= began):
            continue
        ends = [day for _title, day in lacking]
        whole = None if None in ends else max(day for day in ends if day)
        over = min((day for day in (whole, stage.ended_on) if day), default=None)
        titles = [title for title, _day in lacking]
        facts = {"stage": [stage.code, stage.name], "papers": titles, "count": len(titles)}
        mark = f"papers:{stage.id}:{stage.due_on}"
        yield Finding(stage.engagement_id, mark, began, over, facts)


def _came(asked: Mapping[str, Any], papers: Sequence[PaperRecord]) -> date | None:
    """When the paper that is asked for came: its class, and a title that holds the title."""
    title = str(asked["title"]).strip()
    fitting = [p for p in papers if p.index_class == asked["class"] and title in p.title]
    return min((paper.came_on for paper in fitting if paper.gone_on is None), default=None)


def silent(
    jobs: Iterable[JobRecord], acts: Mapping[int, Sequence[date]], days: int, today: date
) -> Iterator[Finding]:
    """Engagements about which nothing was written in the log for `days` working days."""
    for job in jobs:
        last = job.ended_on or today
        told = sorted({job.opened_on, *(d for d in acts.get(job.id, ()) if d <= last)})
        for day, following in zip(told, [*told[1:], None], strict=True):
            began = clock.add_working_days(day, days)
            over = following or job.ended_on
            if began <= last and (over is None or over > began):
                facts = {"since": day.isoformat(), "days": days}
                yield Finding(job.id, f"silent:{job.id}:{day}", began, over, facts)


def scores_moved(
    scores: Iterable[ScoreRecord], notes: Mapping[int, Sequence[date]], days: int
) -> Iterator[Finding]:
    """Scores that were changed without a word within `days` working days after an opinion."""
    for score in scores:
        earlier = [day for day in notes.get(score.engagement_id, ()) if day <= score.on]
        if not earlier or clock.working_days_between(max(earlier), score.on) > days:
            continue
        facts = {"code": score.code, "old": score.old, "new": score.new}
        facts |= {"note": max(earlier).isoformat()}
        mark = f"score:{score.entry}:{score.code}"
        yield Finding(score.engagement_id, mark, score.on, None, facts)
