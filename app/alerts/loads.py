"""What the rules find in fees, people, hours and papers that came late: pure, like the others."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app import clock
from app.alerts.durations import quantile
from app.alerts.patterns import Finding, JobRecord


def fees_low(
    jobs: Sequence[JobRecord], day_rate_fen: int, percent: int, cases: int
) -> Iterator[Finding]:
    """Fees below so many percent of the estimated person-days at the day rate.

    The estimate is the median of the person-days that finished engagements of the same kind had
    on record when this one was opened, with at least `cases` of them; where more days than that
    are on record already, those.
    """
    for job in jobs:
        past = sorted(
            round(2 * one.days)
            for one in jobs
            if one.kind == job.kind and one.days and one.ended_on and one.ended_on <= job.opened_on
        )
        usual = quantile(past, 0.5) / 2 if len(past) >= cases else 0.0
        estimate = max(usual, job.days)
        worth = round(estimate * day_rate_fen)
        if estimate and job.fee_fen * 100 < worth * percent:
            facts = {"fee_fen": job.fee_fen, "worth_fen": worth, "days": f"{estimate:g}"}
            facts |= {"percent": round(100 * job.fee_fen / worth), "cases": len(past)}
            yield Finding(job.id, f"fee:{job.id}", job.opened_on, job.ended_on, facts)


def people_busy(jobs: Sequence[JobRecord], most: int) -> Iterator[Finding]:
    """Lead evaluators who have more than `most` engagements at the same time.

    One finding for each engagement that goes beyond, from its opening until the number is down.
    """
    led: dict[int, list[JobRecord]] = {}
    for job in sorted(jobs, key=lambda one: (one.opened_on, one.id)):
        led.setdefault(job.lead_id, []).append(job)
    for mine in led.values():
        for place, job in enumerate(mine):
            others = [
                one for one in mine[:place] if one.ended_on is None or one.ended_on > job.opened_on
            ]
            if len(others) < most:
                continue
            ends = sorted(one.ended_on or date.max for one in [*others, job])
            down = ends[len(others) - most]
            over = min(down, job.ended_on or date.max)
            facts = {"person": job.lead, "count": len(others) + 1, "most": most}
            last = None if over == date.max else over
            yield Finding(job.id, f"busy:{job.lead_id}:{job.id}", job.opened_on, last, facts)


def late_in_bulk(late: Mapping[int, Sequence[date]], papers: int, days: int) -> Iterator[Finding]:
    """Engagements where so many papers came after their stage within so many working days.

    One finding a burst; it begins on the day of the paper that makes the number full.
    """
    for job, found in late.items():
        came, first = sorted(found), 0
        while first + papers <= len(came):
            full = came[first + papers - 1]
            if clock.working_days_between(came[first], full) > days:
                first += 1
                continue
            inside = [d for d in came[first:] if clock.working_days_between(came[first], d) <= days]
            facts = {"count": len(inside), "since": came[first].isoformat(), "days": days}
            yield Finding(job, f"bulk:{job}:{came[first]}", full, None, facts)
            first += len(inside)


class Hours(NamedTuple):
    """Accepted hours of training: from the day they were earned to the last day they hold."""

    number: int
    earned_on: date
    expires_on: date


def hours_lapsed(
    jobs: Sequence[JobRecord], hours: Mapping[int, Sequence[Hours]], least: int
) -> Iterator[Finding]:
    """Engagements whose lead evaluator has fewer than `least` valid hours since some ran out.

    Whoever never had hours here is not named: they may have theirs elsewhere.
    """
    for job in jobs:
        for began, ended, valid in _lapses(hours.get(job.lead_id, ()), least):
            start = max(began, job.opened_on)
            over = min((day for day in (ended, job.ended_on) if day), default=None)
            if over is None or over > start:
                facts = {"person": job.lead, "hours": valid, "least": least}
                facts["since"] = began.isoformat()
                yield Finding(job.id, f"hours:{job.lead_id}:{job.id}:{began}", start, over, facts)


def _lapses(mine: Sequence[Hours], least: int) -> Iterator[tuple[date, date | None, int]]:
    """From when until when too few hours were valid, and how many on the first day."""
    ends = {each.expires_on + timedelta(days=1) for each in mine}
    low: tuple[date, int] | None = None
    for day in sorted(ends | {each.earned_on for each in mine}):
        valid = sum(each.number for each in mine if each.earned_on <= day <= each.expires_on)
        is_low = valid < least and day >= min(ends)
        if is_low and low is None:
            low = day, valid
        elif low is not None and not is_low:
            yield low[0], day, low[1]
            low = None
    if low is not None:
        yield low[0], None, low[1]
