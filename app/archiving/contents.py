"""What an archive package of an engagement holds: its papers, and what is told of all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.archiving import queries
from app.archiving.enclosures import UNFIT, Enclosure, enclosures_of
from app.archiving.models import Retention
from app.blobs.destroying import withheld_among
from app.db import db
from app.engagements.models import Engagement
from app.papers.models import FinalReport, KeptFile, PaperVersion, WorkingPaper
from app.papers.review_models import LevelReview

FOLDER = "底稿"
LONGEST_NAME = 150  # bytes: a path below it still unpacks on Windows


@dataclass(frozen=True)
class Paper:
    """A file of a version that goes into the package, under its index number."""

    path: str
    file: KeptFile
    retention: Retention
    reviews: Sequence[LevelReview]

    @property
    def version(self) -> PaperVersion:
        """The version that the file is of."""
        return self.file.version


@dataclass(frozen=True)
class Contents:
    """The newest version of each living paper and every version that was a final report.

    Earlier versions and withdrawn papers stay in the portal (8号令第4条: 历次修改稿不归档); the
    package names them with their digests. So it does with files that must not be here.
    """

    engagement: Engagement
    papers: Sequence[Paper]
    left_out: Sequence[KeptFile]
    enclosures: Sequence[Enclosure] = ()  # of other records: voided and withheld ones too
    withheld: Collection[str] = ()  # the digests of those that nobody may read, or are destroyed

    @property
    def enclosed(self) -> list[Enclosure]:
        """The files of other records that are in the package."""
        return [one for one in self.enclosures if one.is_packed]

    @property
    def size(self) -> int:
        """How many bytes the files have that the package holds."""
        papers = sum(one.file.size for one in self.papers)
        return papers + sum(one.file.size for one in self.enclosed)


def contents_of(engagement: Engagement) -> Contents:
    """Gather what is archived of an engagement, in a fixed number of statements."""
    versions = _versions_of(engagement)
    withheld = withheld_among({file.sha256 for one in versions for file in one.files})
    reports = set(
        db.session.scalars(
            select(FinalReport.version_id).where(FinalReport.engagement_id == engagement.id)
        )
    )
    kept = [one for one in versions if is_final(one) or one.id in reports]
    rules, reviews = queries.retention_rules(), _reviews_of(engagement)
    papers = [
        Paper(
            path_of(file),
            file,
            rules.get(one.paper.index_class, Retention.PERMANENT),
            [review for review in reviews if review.version_id == one.id],
        )
        for one in kept
        for file in one.files
        if file.sha256 not in withheld
    ]
    chosen = {one.id for one in kept}
    left_out = [
        file
        for one in versions
        for file in one.files
        if one.id not in chosen or file.sha256 in withheld
    ]
    return Contents(engagement, papers, left_out, enclosures_of(engagement, rules), withheld)


def is_final(version: PaperVersion) -> bool:
    """The newest version of a paper that was not withdrawn."""
    return version.paper.withdrawn_at is None and version.number == version.paper.current_version


def path_of(file: KeptFile) -> str:
    """`底稿/G/G-B21 评分底稿.xlsx`; an earlier report tells its version.

    A further file of the same version is `底稿/G/G-B21 附02 照片.png`, by its own name.
    """
    version, paper, name = file.version, file.version.paper, PurePosixPath(file.file_name)
    older = "" if is_final(version) else f" v{version.number}"
    place = f" 附{file.position:02}" if file.position > 1 else ""
    title = UNFIT.sub("_", name.stem if place else paper.title).strip(" .")
    room = LONGEST_NAME - len(f"{paper.index_no}{place} {older}{name.suffix}".encode())
    title = title.encode()[:room].decode(errors="ignore").strip()
    return f"{FOLDER}/{paper.index_class}/{paper.index_no}{place} {title}{older}{name.suffix}"


def told_of_paper(paper: Paper) -> dict[str, Any]:
    """What the package tells of one of its papers."""
    return {
        "path": paper.path,
        "kind": "paper",
        **told_of_file(paper.file),
        "class": paper.version.paper.index_class,
        "title": paper.version.paper.title,
        "stage": paper.version.paper.stage.name,
        "task": paper.version.paper.task.project if paper.version.paper.task else None,
        "file_name": paper.file.file_name,
        "media_type": paper.file.media_type,
        "evidence_on": _day(paper.version.evidence_on),
        "is_late": paper.version.is_late,
        "state": paper.version.state,
        "retention": paper.retention,
        "reviews": [told_of_review(review) for review in paper.reviews],
    }


def told_of_file(file: KeptFile) -> dict[str, Any]:
    """Enough to find a file's arrival in the log."""
    version = file.version
    return {
        "paper": f"working_paper:{version.paper_id}",
        "index_no": version.paper.index_no,
        "number": version.number,
        "position": file.position,
        "size": file.size,
        "sha256": file.sha256,
        "received_at": version.submitted_at.isoformat(),
        "submitted_by": version.submitted_by.name,
    }


def told_of_review(review: LevelReview) -> dict[str, Any]:
    """One level's opinion and reply."""
    return {
        "level": review.level,
        "reviewer": review.reviewer.name,
        "outcome": review.outcome,
        "opinion": review.opinion,
        "reviewed_at": review.reviewed_at.isoformat(),
        "reply": review.reply,
        "replied_at": _day(review.replied_at),
    }


def told_of_engagement(engagement: Engagement) -> dict[str, Any]:
    """The particulars under which the package is filed."""
    return {
        "code": engagement.code,
        "name": engagement.name,
        "year": engagement.year,
        "agency": engagement.agency.name,
        "lead_evaluator": engagement.lead_evaluator.name,
        "client": engagement.client.name,
        "service_type": engagement.service_type.name,
        "template": f"{engagement.template.code}/{engagement.template.version}",
        "fee_fen": engagement.fee_fen,
        "signed_on": engagement.signed_on.isoformat(),
        "opened_at": engagement.opened_at.isoformat(),
        "accepted_at": _day(engagement.accepted_at),
        "closed_at": _day(engagement.closed_at),
        "tasks": [
            {
                "number": task.number,
                "project": task.project,
                "amount_fen": task.amount_fen,
                "unit": task.unit.name if task.unit else None,
                "section": task.section.name,
            }
            for task in engagement.tasks
        ],
        "decisions": [
            {
                "round": one.round,
                "outcome": one.outcome,
                "reasons": one.reasons,
                "decided_at": one.decided_at.isoformat(),
            }
            for one in engagement.decisions
        ],
    }


def _day(at: Any) -> str | None:
    return at.isoformat() if at else None


def _versions_of(engagement: Engagement) -> Sequence[PaperVersion]:
    return db.session.scalars(
        select(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
        .order_by(WorkingPaper.index_no, PaperVersion.number)
        .options(
            contains_eager(PaperVersion.paper).options(
                joinedload(WorkingPaper.stage), joinedload(WorkingPaper.task)
            ),
            joinedload(PaperVersion.submitted_by),
            selectinload(PaperVersion.more),
        )
    ).all()


def _reviews_of(engagement: Engagement) -> Sequence[LevelReview]:
    return db.session.scalars(
        select(LevelReview)
        .join(LevelReview.version)
        .join(PaperVersion.paper)
        .where(WorkingPaper.engagement_id == engagement.id)
        .order_by(LevelReview.version_id, LevelReview.level)
        .options(joinedload(LevelReview.reviewer))
    ).all()
