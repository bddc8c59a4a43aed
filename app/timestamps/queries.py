"""Questions about time stamps. Nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import String, cast, func, literal, select

from app.audit.models import AuditCheckpoint
from app.db import db
from app.papers.models import FinalReport, PaperVersion, WorkingPaper
from app.timestamps.models import TimeStamp

CHECKPOINT = "audit_checkpoint:"
REPORT = "final_report:"


def stamps_of(paper: WorkingPaper) -> Sequence[tuple[TimeStamp, int]]:
    """The stamps of final reports that are versions of this paper, with the version's number."""
    query = (
        select(TimeStamp, PaperVersion.number)
        .join(FinalReport, TimeStamp.about == literal(REPORT) + cast(FinalReport.id, String))
        .join(PaperVersion, PaperVersion.id == FinalReport.version_id)
        .where(PaperVersion.paper_id == paper.id)
        .order_by(PaperVersion.number)
    )
    return [(stamp, number) for stamp, number in db.session.execute(query)]


def unstamped_reports(limit: int) -> Sequence[tuple[int, str]]:
    """Final reports without a stamp, the newest first: their number and their file's digest."""
    stamped = select(TimeStamp.id).where(
        TimeStamp.about == literal(REPORT) + cast(FinalReport.id, String)
    )
    query = (
        select(FinalReport.id, PaperVersion.sha256)
        .join(PaperVersion, PaperVersion.id == FinalReport.version_id)
        .where(~stamped.exists())
        .order_by(FinalReport.id.desc())
        .limit(limit)
    )
    return [(key, digest) for key, digest in db.session.execute(query)]


def newest_checkpoint() -> AuditCheckpoint | None:
    """The newest signed head of the log."""
    return db.session.scalar(select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1))


def newest_of_log() -> TimeStamp | None:
    """The newest stamp of a checkpoint."""
    begins = func.substr(TimeStamp.about, 1, len(CHECKPOINT)) == CHECKPOINT
    return db.session.scalar(select(TimeStamp).where(begins).order_by(TimeStamp.id.desc()).limit(1))


def checkpoint_of(stamp: TimeStamp) -> AuditCheckpoint | None:
    """The checkpoint that a stamp is about."""
    return db.session.get(AuditCheckpoint, int(stamp.about.removeprefix(CHECKPOINT)))


def report_of(stamp: TimeStamp) -> FinalReport | None:
    """The final report that a stamp is about."""
    return db.session.get(FinalReport, int(stamp.about.removeprefix(REPORT)))
