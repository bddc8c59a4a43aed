"""Questions about working papers and final reports. Nothing here changes anything."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, union
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Organisation, OrganisationKind
from app.db import db
from app.engagements.models import Engagement, Stage, Task
from app.matching import holds
from app.papers.models import (
    FinalReport,
    IndexClass,
    KeptFile,
    PaperVersion,
    Submission,
    VersionState,
    WorkingPaper,
)
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role

OVERSEERS = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}
WAITING = (VersionState.SUBMITTED, VersionState.READ)


@dataclass(frozen=True)
class PaperCounts:
    """How the papers of one engagement stand; those withdrawn don't count."""

    total: int = 0
    waiting: int = 0
    returned: int = 0
    approved: int = 0


@dataclass(frozen=True)
class RequiredPaper:
    """A paper that a stage asks for, and the one that answers it, if there is one."""

    stage: Stage
    index_class: IndexClass
    title: str
    paper: WorkingPaper | None
    is_reviewed: bool = False  # its three levels pass before the final report

    @property
    def is_met(self) -> bool:
        """Whether it is there and was not returned."""
        return self.paper is not None and self.paper.state is not VersionState.RETURNED


def readable_engagements(user: Person) -> ColumnElement[bool]:
    """Hold for exactly the engagements whose papers this person may read (PAPER_READ)."""
    own = user.organisation_id
    if user.role in OVERSEERS:
        return Engagement.id > 0
    if user.role in AGENCY_ROLES:
        return Engagement.agency_id == own
    if user.role is Role.SECTION_OFFICER:
        return Engagement.tasks.any(Task.section_id == own)
    if user.role in UNIT_ROLES:
        return and_(Engagement.client_id == own, Engagement.client.has(is_outside_bureau()))
    if user.role is Role.ARCHIVIST:
        return not_(still_open())
    return Engagement.id < 0


def is_outside_bureau() -> ColumnElement[bool]:
    """The opposite of Engagement.client_is_bureau, for lists."""
    return Organisation.kind.not_in([OrganisationKind.BUREAU, OrganisationKind.SECTION])


def still_open() -> ColumnElement[bool]:
    """The same as Engagement.is_open, for lists."""
    ends = ("accepted_at", "refused_at", "terminated_at", "closed_at")
    return and_(*(getattr(Engagement, end).is_(None) for end in ends))


def papers_visible_to(user: Person) -> Select[WorkingPaper]:
    """Return exactly the papers for which can(user, PAPER_READ, paper) holds."""
    return (
        select(WorkingPaper)
        .join(WorkingPaper.engagement)
        .where(readable_engagements(user))
        .options(contains_eager(WorkingPaper.engagement))
        .order_by(WorkingPaper.id)
    )


def papers_of(engagement: Engagement) -> Sequence[WorkingPaper]:
    """All papers of an engagement by index number, those withdrawn last."""
    query = (
        select(WorkingPaper)
        .where(WorkingPaper.engagement_id == engagement.id)
        .order_by(WorkingPaper.withdrawn_at.is_not(None), WorkingPaper.index_no, WorkingPaper.id)
        .options(joinedload(WorkingPaper.stage))
    )
    return db.session.scalars(query).all()


def whole_paper(paper_id: int) -> WorkingPaper | None:
    """A paper with its versions and who sent and decided them, in a fixed number of statements."""
    versions = selectinload(WorkingPaper.versions)
    return db.session.scalar(
        select(WorkingPaper)
        .where(WorkingPaper.id == paper_id)
        .options(
            joinedload(WorkingPaper.stage),
            joinedload(WorkingPaper.task),
            versions.joinedload(PaperVersion.submitted_by),
            versions.joinedload(PaperVersion.decided_by),
            versions.selectinload(PaperVersion.more),
        )
    )


def version_of(paper: WorkingPaper, number: int) -> PaperVersion | None:
    """One version of a paper by its number."""
    return db.session.scalar(
        select(PaperVersion).where(PaperVersion.paper_id == paper.id, PaperVersion.number == number)
    )


def file_of(version: PaperVersion, position: int) -> KeptFile | None:
    """One file of a version by its place; the first is the version's own."""
    return next((file for file in version.files if file.position == position), None)


def current_version_of(paper: WorkingPaper) -> PaperVersion:
    """The newest version; every paper has one."""
    return db.session.scalars(
        select(PaperVersion).where(
            PaperVersion.paper_id == paper.id, PaperVersion.number == paper.current_version
        )
    ).one()


def taken_numbers(engagement: Engagement) -> Sequence[str]:
    """Every index number in use, those of withdrawn papers and of files in check too."""
    used = select(WorkingPaper.index_no).where(WorkingPaper.engagement_id == engagement.id)
    waiting = select(Submission.index_no).where(
        Submission.engagement_id == engagement.id, Submission.ended_at.is_(None)
    )
    return db.session.scalars(union(used, waiting)).all()


def required_papers(stages: Iterable[Stage], papers: Sequence[WorkingPaper]) -> list[RequiredPaper]:
    """What the stages ask for, each with the paper of the same class whose title holds its own."""
    living = [paper for paper in papers if paper.withdrawn_at is None]
    return [
        RequiredPaper(
            stage,
            IndexClass(asked["class"]),
            asked["title"],
            next((p for p in living if answers(p, asked)), None),
            bool(asked.get("reviewed")),
        )
        for stage in stages
        for asked in stage.required_papers
    ]


def answers(paper: WorkingPaper, asked: Mapping[str, Any]) -> bool:
    """Whether a paper is the one asked for: its class, and a title that holds the title."""
    return paper.index_class == asked["class"] and str(asked["title"]).strip() in paper.title


def paper_counts(engagement_ids: Collection[int]) -> dict[int, PaperCounts]:
    """How the papers of many engagements stand, in one statement; each asked id has an answer."""
    counted = {key: PaperCounts() for key in engagement_ids}
    if not counted:
        return counted

    def number(*states: VersionState) -> ColumnElement[int]:
        return func.sum(case((WorkingPaper.state.in_(states), 1), else_=0))

    rows = db.session.execute(
        select(
            WorkingPaper.engagement_id,
            func.count(),
            number(*WAITING),
            number(VersionState.RETURNED),
            number(VersionState.APPROVED),
        )
        .where(WorkingPaper.engagement_id.in_(counted), WorkingPaper.withdrawn_at.is_(None))
        .group_by(WorkingPaper.engagement_id)
    )
    return counted | {key: PaperCounts(*numbers) for key, *numbers in rows}


def counted(papers: Iterable[WorkingPaper]) -> PaperCounts:
    """The same of papers that were read already."""
    states = [paper.state for paper in papers if paper.withdrawn_at is None]
    return PaperCounts(
        total=len(states),
        waiting=sum(state in WAITING for state in states),
        returned=states.count(VersionState.RETURNED),
        approved=states.count(VersionState.APPROVED),
    )


def waiting_papers() -> Select[WorkingPaper]:
    """Papers of open engagements that the bureau has still to decide on, oldest first."""
    return (
        select(WorkingPaper)
        .join(WorkingPaper.engagement)
        .where(still_open(), WorkingPaper.withdrawn_at.is_(None), WorkingPaper.state.in_(WAITING))
        .options(contains_eager(WorkingPaper.engagement))
        .order_by(WorkingPaper.id)
    )


def reports_of(engagement: Engagement) -> Sequence[FinalReport]:
    """The final reports of an engagement, newest round first."""
    return db.session.scalars(
        select(FinalReport)
        .where(FinalReport.engagement_id == engagement.id)
        .order_by(FinalReport.round.desc())
        .options(
            joinedload(FinalReport.version).joinedload(PaperVersion.paper),
            joinedload(FinalReport.signed_by),
        )
    ).all()


def report_of_round(engagement: Engagement) -> FinalReport | None:
    """The report of the round that is now before the commissioning party."""
    return db.session.scalar(
        select(FinalReport).where(
            FinalReport.engagement_id == engagement.id,
            FinalReport.round == engagement.refusal_count + 1,
        )
    )


def is_locked(paper: WorkingPaper) -> bool:
    """Whether the paper is this round's final report; a refusal for rework opens it again."""
    report = report_of_round(paper.engagement)
    return report is not None and report.version.paper_id == paper.id


def was_reported(version: PaperVersion) -> bool:
    """Whether the version went out as the report of some round."""
    return (
        db.session.scalar(select(FinalReport.id).where(FinalReport.version_id == version.id))
        is not None
    )


def report_versions(engagement: Engagement) -> Sequence[PaperVersion]:
    """The newest versions of the engagement's reports (class H) that are PDF and not returned."""
    return db.session.scalars(
        select(PaperVersion)
        .join(PaperVersion.paper)
        .where(
            WorkingPaper.engagement_id == engagement.id,
            WorkingPaper.index_class == IndexClass.H,
            WorkingPaper.withdrawn_at.is_(None),
            PaperVersion.number == WorkingPaper.current_version,
            PaperVersion.media_type == "application/pdf",
            PaperVersion.state != VersionState.RETURNED,
        )
        .options(contains_eager(PaperVersion.paper))
        .order_by(WorkingPaper.index_no)
    ).all()


def search(user: Person, words: str) -> Select[WorkingPaper]:
    """The visible papers whose title or index number holds the words."""
    words, columns = words.strip(), (WorkingPaper.title, WorkingPaper.index_no)
    return papers_visible_to(user).where(or_(*(holds(column, words) for column in columns)))
