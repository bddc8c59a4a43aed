"""What the stages ask for, and how far it is there: for the whole engagement or for one task."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.engagements.models import Engagement, Stage, Task
from app.papers.models import PaperVersion, WorkingPaper
from app.papers.queries import RequiredPaper, required_papers


@dataclass(frozen=True)
class StageCoverage:
    """One stage, and each paper that it asks for with the one that answers it."""

    stage: Stage
    asked: Sequence[RequiredPaper]

    @property
    def met(self) -> int:
        """How many are there and were not returned."""
        return sum(one.is_met for one in self.asked)

    @property
    def owed(self) -> list[RequiredPaper]:
        """Those that are missing or were returned."""
        return [one for one in self.asked if not one.is_met]


def coverage_of(stages: Iterable[Stage], papers: Sequence[WorkingPaper]) -> list[StageCoverage]:
    """How far each stage has what it asks for; stages that ask for nothing are left out."""
    found = (StageCoverage(stage, required_papers([stage], papers)) for stage in stages)
    return [one for one in found if one.asked]


def of_task(papers: Sequence[WorkingPaper], task: Task | None) -> list[WorkingPaper]:
    """The papers of one task and those of the whole engagement, which count for every task."""
    return [paper for paper in papers if task is None or paper.task_id in {None, task.id}]


def late_papers(engagement: Engagement) -> set[int]:
    """The papers whose newest version came after its stage was approved (后补)."""
    found = (
        select(WorkingPaper.id)
        .join(WorkingPaper.versions)
        .where(
            WorkingPaper.engagement_id == engagement.id,
            PaperVersion.number == WorkingPaper.current_version,
            PaperVersion.is_late,
        )
    )
    return set(db.session.scalars(found))


def counts_by_task(papers: Sequence[WorkingPaper]) -> dict[int | None, int]:
    """How many living papers each task has of its own; None is the whole engagement."""
    counts: dict[int | None, int] = {}
    for paper in papers:
        if paper.withdrawn_at is None:
            counts[paper.task_id] = counts.get(paper.task_id, 0) + 1
    return counts
