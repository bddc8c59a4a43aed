"""Questions about spills. Nothing here changes anything."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.blobs.models import WithheldFile
from app.db import db
from app.engagements.models import Engagement
from app.papers.models import PaperVersion, VersionFile, WorkingPaper
from app.spills.models import Outcome, Spill


def spills() -> Select[Spill]:
    """Every report, with what a list shows; the caller orders and pages it."""
    return select(Spill).options(
        joinedload(Spill.version).joinedload(PaperVersion.paper),
        joinedload(Spill.engagement),
        joinedload(Spill.reported_by),
        joinedload(Spill.decided_by),
    )


def open_spills() -> Select[Any]:
    """Those that wait for the second person."""
    return select(Spill.id).where(Spill.decided_at.is_(None))


def open_or_destroyed(sha256: str) -> Spill | None:
    """The report of this content that still stands: it waits, or led to its destruction."""
    return db.session.scalar(
        select(Spill)
        .where(Spill.sha256 == sha256)
        .where(or_(Spill.decided_at.is_(None), Spill.outcome == Outcome.DESTROYED))
        .order_by(Spill.id.desc())
        .limit(1)
        .options(joinedload(Spill.reported_by), joinedload(Spill.decided_by))
    )


def files_of(version: PaperVersion) -> dict[str, str]:
    """The names of a version's files by their digests."""
    return {file.sha256: file.file_name for file in version.files}


def versions_with(sha256: str) -> Sequence[PaperVersion]:
    """Every version of a paper that holds these bytes, of whatever agency: for the bureau alone."""
    return db.session.scalars(
        select(PaperVersion)
        .join(PaperVersion.paper)
        .join(WorkingPaper.engagement)
        .where(_holds(sha256))
        .order_by(PaperVersion.id)
        .options(
            contains_eager(PaperVersion.paper)
            .contains_eager(WorkingPaper.engagement)
            .joinedload(Engagement.agency)
        )
    ).all()


def withheld_of(paper: WorkingPaper) -> dict[str, WithheldFile]:
    """The contents of a paper's versions that nobody may read now, by digest."""
    return withheld_in(sha256 for version in paper.versions for sha256 in files_of(version))


def withheld_in(digests: Iterable[str]) -> dict[str, WithheldFile]:
    """Which of these contents nobody may read now, by digest."""
    rows = db.session.scalars(
        select(WithheldFile).where(
            WithheldFile.sha256.in_(set(digests)), WithheldFile.lifted_at.is_(None)
        )
    )
    return {row.sha256: row for row in rows}


def _holds(sha256: str) -> ColumnElement[bool]:
    further = select(VersionFile.version_id).where(VersionFile.sha256 == sha256)
    return or_(PaperVersion.sha256 == sha256, PaperVersion.id.in_(further))
