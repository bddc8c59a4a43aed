"""Statistics of the work: what is counted for an agency, section, unit or year. Pure.

On time: of the stages that were handed in (or approved, where nothing is handed in) or whose day
is over, the share that came by the due day; after a return the last handing-in counts. Days per
stage: working days from its start to its approval. An answer's days run from an opinion to the
agency's first reply. Stars are a plain mean of reviews whose rounds are opened, each review being
the mean of its own dimensions, and are told only of three reviews or more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app import clock
from app.alerts.durations import quantile

FEWEST = 3  # reviews, below which no stars are told
BY = ("agency", "section", "unit", "year")


@dataclass(frozen=True)
class StageFact:
    """One stage that has begun."""

    code: str
    name: str
    started_at: datetime
    due_on: date
    handed_at: datetime | None
    approved_at: datetime | None
    returns: int
    is_over: bool  # the work ended: nothing more is handed in


@dataclass(frozen=True)
class TaskFact:
    """One task: its unit and section, and the cut that was decided after it."""

    unit: tuple[int, str] | None
    section: tuple[int, str]
    cut_fen: int


@dataclass
class Job:
    """All that is counted of one engagement."""

    id: int
    code: str
    name: str
    agency: tuple[int, str]
    year: int
    refusals: int
    grade: str | None = None
    stages: list[StageFact] = field(default_factory=list)
    tasks: list[TaskFact] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)  # days, None where there is none
    stars: list[float] = field(default_factory=list)

    def groups(self, by: str) -> list[tuple[int, str]]:
        """The groups that it counts in: several where it has tasks of several units."""
        if by == "agency":
            return [self.agency]
        if by == "year":
            return [(self.year, str(self.year))]
        found = [task.unit if by == "unit" else task.section for task in self.tasks]
        return sorted({each for each in found if each is not None})

    def cut_of(self, by: str, key: int) -> int:
        """What was cut of the tasks of this group."""
        return sum(task.cut_fen for task in self.tasks if _belongs(task, by, key))


def _belongs(task: TaskFact, by: str, key: int) -> bool:
    if by == "unit":
        return task.unit is not None and task.unit[0] == key
    return by != "section" or task.section[0] == key


@dataclass(frozen=True)
class Line:
    """The figures of one group."""

    key: int
    name: str
    jobs: int
    met: int  # stages on time
    due: int  # stages that count for it
    returns: int  # stages returned and acceptances refused
    days: int | None  # median working days of a stage
    notes: int
    answer_days: int | None  # median working days to the first reply
    stars: float | None
    reviews: int
    grades: Mapping[str, int]
    cut_fen: int

    @property
    def on_time(self) -> float | None:
        """The share of stages on time."""
        return self.met / self.due if self.due else None


@dataclass(frozen=True)
class StageLine:
    """How long one kind of stage took: cases, median, and what eight in ten took."""

    code: str
    name: str
    cases: int
    low: int
    middle: int
    high: int
    met: int
    due: int


def lines(jobs: Iterable[Job], by: str) -> list[Line]:
    """One line a group, the largest on top; years run from the newest."""
    found: dict[tuple[int, str], list[Job]] = {}
    for job in jobs:
        for group in job.groups(by):
            found.setdefault(group, []).append(job)
    told = [line_of(group, mine, by) for group, mine in found.items()]
    if by == "year":
        return sorted(told, key=lambda line: -line.key)
    return sorted(told, key=lambda line: (-line.jobs, line.name))


def line_of(group: tuple[int, str], jobs: Sequence[Job], by: str) -> Line:
    """The figures of some engagements together."""
    stages = [stage for job in jobs for stage in job.stages]
    answers = [days for job in jobs for days in job.answers]
    stars = [mean for job in jobs for mean in job.stars]
    met, due = punctuality(stages)
    return Line(
        key=group[0],
        name=group[1],
        jobs=len(jobs),
        met=met,
        due=due,
        returns=sum(stage.returns for stage in stages) + sum(job.refusals for job in jobs),
        days=median(durations(stages)),
        notes=len(answers),
        answer_days=median([days for days in answers if days is not None]),
        stars=sum(stars) / len(stars) if len(stars) >= FEWEST else None,
        reviews=len(stars),
        grades=Counter(job.grade for job in jobs if job.grade),
        cut_fen=sum(job.cut_of(by, group[0]) for job in jobs),
    )


def together(jobs: Sequence[Job]) -> Line:
    """The figures of some engagements, whatever they are grouped by."""
    return line_of((0, ""), jobs, "agency")


def punctuality(stages: Iterable[StageFact]) -> tuple[int, int]:
    """How many stages came by their day, and of how many that can be said."""
    met = due = 0
    today = clock.today()
    for stage in stages:
        came = stage.handed_at or stage.approved_at
        if came is not None:
            due += 1
            met += clock.day_of(came) <= stage.due_on
        elif stage.due_on < today and not stage.is_over:
            due += 1
    return met, due


def durations(stages: Iterable[StageFact]) -> list[int]:
    """The working days that approved stages took, rising."""
    return sorted(
        clock.working_days_between(clock.day_of(s.started_at), clock.day_of(s.approved_at))
        for s in stages
        if s.approved_at is not None
    )


def median(values: Sequence[int]) -> int | None:
    """The middle one of the values, one that was seen; nothing of nothing."""
    return quantile(sorted(values), 0.5) if values else None


def by_stage(jobs: Iterable[Job]) -> list[StageLine]:
    """How long each kind of stage took, in the order in which the stages first come."""
    found: dict[str, list[StageFact]] = {}
    for job in jobs:
        for stage in job.stages:
            found.setdefault(stage.code, []).append(stage)
    told = []
    for code, mine in found.items():
        if days := durations(mine):
            low, middle, high = (quantile(days, share) for share in (0.1, 0.5, 0.9))
            met, due = punctuality(mine)
            told.append(StageLine(code, mine[0].name, len(days), low, middle, high, met, due))
    return told
