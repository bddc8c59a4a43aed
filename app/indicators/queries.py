"""Questions about indicator systems, their scores and what was done with results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.db import db
from app.engagements.models import Engagement, Task
from app.indicators import library
from app.indicators.grading import Grade
from app.indicators.models import Indicator, IndicatorEvidence, IndicatorSystem, ResultUse
from app.papers.models import IndexClass, VersionState, WorkingPaper
from app.papers.queries import readable_engagements
from app.policy import Permission, Person, Role, can

# What can bear out a score: not the scoring sheet itself, nor the report or its control.
EVIDENCE_CLASSES = tuple(one for one in IndexClass if one not in "GHJ")
# 财预〔2020〕10号 sets the weight of 产出 and 效益 for these two kinds of evaluation only.
WEIGHED_KINDS = frozenset({"fiscal_evaluation", "departmental_evaluation"})


@dataclass(frozen=True)
class Sheet:
    """How the scores of one system stand."""

    rows: int
    scored: int
    covered: int
    points: Decimal
    total: Decimal | None  # once every row is scored

    @property
    def is_complete(self) -> bool:
        """Whether the project has its score."""
        return self.total is not None


@dataclass(frozen=True)
class Totals:
    """What one budget year's living rows add up to; each figure is re-derived from them."""

    rows: int
    proposed_fen: int
    decided_fen: int
    undecided: int
    grades: dict[Grade, int]


def scopes_of(engagement: Engagement) -> Sequence[Task | None]:
    """What has an indicator system of its own: each task, or the whole where the frame is own."""
    if library.fits(line["name"] for line in engagement.template.scoring_frame):
        return engagement.tasks
    return [None]


def frame_of(engagement: Engagement) -> list[str]:
    """The first-level indicators that the engagement's template has."""
    return [line["name"] for line in engagement.template.scoring_frame]


def whole(query: Select[IndicatorSystem]) -> Select[IndicatorSystem]:
    """Read systems with their rows, links and papers, in a fixed number of statements."""
    links = selectinload(IndicatorSystem.indicators).selectinload(Indicator.links)
    return query.options(links.joinedload(IndicatorEvidence.paper))


def systems_of(engagement: Engagement) -> Sequence[IndicatorSystem]:
    """Every version of every scope, by task, newest first."""
    query = select(IndicatorSystem).where(IndicatorSystem.engagement_id == engagement.id)
    return db.session.scalars(
        whole(query).order_by(IndicatorSystem.task_number, IndicatorSystem.version.desc())
    ).all()


def systems_in_force(engagement: Engagement) -> Sequence[IndicatorSystem]:
    """The approved versions by which scores are given."""
    query = select(IndicatorSystem).where(
        IndicatorSystem.engagement_id == engagement.id,
        IndicatorSystem.approved_at.is_not(None),
        IndicatorSystem.retired_at.is_(None),
    )
    return db.session.scalars(whole(query).order_by(IndicatorSystem.task_number)).all()


def whole_system(system_id: int) -> IndicatorSystem | None:
    """One version with everything that its pages show."""
    query = select(IndicatorSystem).where(IndicatorSystem.id == system_id)
    people = (joinedload(IndicatorSystem.made_by), joinedload(IndicatorSystem.approved_by))
    return db.session.scalar(whole(query).options(*people))


def versions_of(system: IndicatorSystem) -> Sequence[IndicatorSystem]:
    """All versions of the same scope, newest first."""
    return db.session.scalars(
        select(IndicatorSystem)
        .where(
            IndicatorSystem.engagement_id == system.engagement_id,
            IndicatorSystem.task_number == system.task_number,
        )
        .options(joinedload(IndicatorSystem.made_by))
        .order_by(IndicatorSystem.version.desc())
    ).all()


def newest_version(engagement: Engagement, task: Task | None) -> IndicatorSystem | None:
    """The newest version of a scope, whatever its state."""
    return db.session.scalar(
        select(IndicatorSystem)
        .where(
            IndicatorSystem.engagement_id == engagement.id,
            IndicatorSystem.task_number == (task.number if task else 0),
        )
        .order_by(IndicatorSystem.version.desc())
        .limit(1)
    )


def in_force_for(task: Task) -> IndicatorSystem | None:
    """The version by which a task is scored: its own, or that of the whole engagement."""
    found = systems_in_force(task.engagement)
    return next((one for one in found if one.task_id in {task.id, None}), None)


def systems_visible_to(user: Person) -> Select[IndicatorSystem]:
    """Exactly the systems for which can(user, INDICATOR_READ, system) holds."""
    return (
        select(IndicatorSystem)
        .join(IndicatorSystem.engagement)
        .where(readable_engagements(user))
        .options(contains_eager(IndicatorSystem.engagement))
        .order_by(IndicatorSystem.id)
    )


def sheet_of(indicators: Iterable[Indicator]) -> Sheet:
    """How the rows stand: scored, borne out, and the total once all have their score."""
    rows = list(indicators)
    given = [row.score_after for row in rows if row.score_after is not None]
    complete = bool(rows) and len(given) == len(rows)
    return Sheet(
        rows=len(rows),
        scored=len(given),
        covered=sum(1 for row in rows if row.is_covered),
        points=sum((row.points for row in rows), Decimal(0)),
        total=sum(given, Decimal(0)) if complete else None,
    )


def evidence_papers(engagement: Engagement) -> Sequence[WorkingPaper]:
    """The papers that may be linked to an indicator: living ones of the classes of evidence."""
    return db.session.scalars(
        select(WorkingPaper)
        .where(
            WorkingPaper.engagement_id == engagement.id,
            WorkingPaper.withdrawn_at.is_(None),
            WorkingPaper.index_class.in_(EVIDENCE_CLASSES),
        )
        .order_by(WorkingPaper.index_no)
    ).all()


def scoring_papers(engagement: Engagement) -> dict[str, WorkingPaper]:
    """The living papers of class G by their indicator: G-B21 is that of B21."""
    found = db.session.scalars(
        select(WorkingPaper).where(
            WorkingPaper.engagement_id == engagement.id,
            WorkingPaper.index_class == IndexClass.G,
            WorkingPaper.withdrawn_at.is_(None),
        )
    )
    return {paper.index_no[2:]: paper for paper in found}


def is_usable(paper: WorkingPaper) -> bool:
    """Whether a paper bears anything out: it lives and was not returned."""
    return paper.withdrawn_at is None and paper.state is not VersionState.RETURNED


# Results


def results_visible_to(user: Person) -> Select[ResultUse]:
    """Exactly the rows for which can(user, RESULT_READ, row) holds, newest first."""
    query = (
        select(ResultUse)
        .join(ResultUse.engagement)
        .options(contains_eager(ResultUse.engagement))
        .order_by(ResultUse.id.desc())
    )
    if not can(user, Permission.RESULT_LIST, None):
        return query.where(ResultUse.id < 0)
    return query.where(*_of_section(user))


def _of_section(user: Person) -> list[ColumnElement[bool]]:
    """A business section sees its own engagements; the overseers all."""
    if user.role is not Role.SECTION_OFFICER:
        return []
    return [Engagement.tasks.any(Task.section_id == user.organisation_id)]


def results_of_year(user: Person, year: int) -> Select[ResultUse]:
    """The living rows of a budget year that this person may read; a page orders them."""
    query = results_visible_to(user).where(
        ResultUse.budget_year == year, ResultUse.voided_at.is_(None)
    )
    return query.order_by(None)


def ledger_of_year(user: Person, year: int) -> Sequence[ResultUse]:
    """The same for the workbook, all of them, by engagement and task."""
    ordered = results_of_year(user, year).order_by(Engagement.code, ResultUse.task_id)
    return db.session.scalars(ordered).all()


def totals_of_year(user: Person, year: int) -> Totals:
    """The sums of the same rows, made by the database."""
    living = (ResultUse.budget_year == year, ResultUse.voided_at.is_(None))
    rows = db.session.execute(
        select(
            ResultUse.grade,
            func.count(),
            func.coalesce(func.sum(ResultUse.proposed_cut_fen), 0),
            func.coalesce(func.sum(ResultUse.decided_cut_fen), 0),
            func.count(ResultUse.decided_on),
        )
        .join(ResultUse.engagement)
        .where(*living, *_of_section(user))
        .group_by(ResultUse.grade)
    ).all()
    return Totals(
        rows=sum(int(row[1]) for row in rows),
        proposed_fen=sum(int(row[2]) for row in rows),
        decided_fen=sum(int(row[3] or 0) for row in rows),
        undecided=sum(int(row[1]) - int(row[4]) for row in rows),
        grades={row[0]: row[1] for row in rows},
    )


def budget_years(user: Person) -> list[int]:
    """The budget years that have rows for this person, newest first."""
    found = results_visible_to(user).with_only_columns(ResultUse.budget_year).order_by(None)
    return sorted(db.session.scalars(found.distinct()), reverse=True)


def results_of(engagement: Engagement) -> Sequence[ResultUse]:
    """All rows of an engagement, those voided too, newest first."""
    return db.session.scalars(
        select(ResultUse)
        .where(ResultUse.engagement_id == engagement.id)
        .order_by(ResultUse.id.desc())
    ).all()
