"""Questions about spills. Nothing here changes anything."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.blobs.models import WithheldFile
from app.db import Base, db
from app.engagements.models import Engagement
from app.papers.models import PaperVersion, WorkingPaper
from app.spills.models import Outcome, Spill

MORE_FILES = "version_file"  # a version's further files, where papers have them


def spills() -> Select[Spill]:
    """Every report, with what a list shows; the caller orders and pages it."""
    return select(Spill).options(
        joinedload(Spill.version)
        .joinedload(PaperVersion.paper)
        .joinedload(WorkingPaper.engagement),
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
    found = {version.sha256: version.file_name}
    if (more := more_files()) is not None:
        rows = db.session.execute(
            select(more.c.sha256, more.c.file_name).where(more.c.version_id == version.id)
        )
        found.update((sha256, name) for sha256, name in rows)
    return found


def holders_of(sha256: str) -> Sequence[PaperVersion]:
    """Every version that holds these bytes, of whatever agency: for the bureau alone."""
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
    digests = {sha256 for version in paper.versions for sha256 in files_of(version)}
    rows = db.session.scalars(
        select(WithheldFile).where(
            WithheldFile.sha256.in_(digests), WithheldFile.lifted_at.is_(None)
        )
    )
    return {row.sha256: row for row in rows}


def more_files() -> Table | None:
    """The table of further files, if papers have one."""
    return Base.metadata.tables.get(MORE_FILES)


def _holds(sha256: str) -> ColumnElement[bool]:
    main = PaperVersion.sha256 == sha256
    if (more := more_files()) is None:
        return main
    return or_(main, PaperVersion.id.in_(select(more.c.version_id).where(more.c.sha256 == sha256)))
