from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Evaluator
from app.db import Base, BigKey
from app.engagements.models import Engagement, Stage, Task


class IndexClass(StrEnum):
    """Classes A to J of the working-paper index (索引号)."""

    A = "A"  # 综合类
    B = "B"  # 方案类
    C = "C"  # 资料类
    D = "D"  # 现场类
    E = "E"  # 访谈类
    F = "F"  # 问卷类
    G = "G"  # 指标评分类
    H = "H"  # 报告类
    I = "I"  # noqa: E741 - 意见类; the index's own letter
    J = "J"  # 质控类


class SealKind(StrEnum):
    """The seal on a final report. None of them is called 电子签章: nothing was verified."""

    SCANNED = "scanned"  # 扫描件用印
    ELECTRONIC = "electronic"  # 电子印章(未经核验)


class VersionState(StrEnum):
    """Where a version stands in the bureau's review."""

    SUBMITTED = "submitted"  # 待审阅
    READ = "read"  # 已阅
    RETURNED = "returned"  # 退回修改
    APPROVED = "approved"  # 审核通过


class WorkingPaper(Base):
    """A working paper (工作底稿) under its index number; its versions are only added."""

    __tablename__ = "working_paper"
    __table_args__ = (
        UniqueConstraint("engagement_id", "index_no"),
        Index("ix_working_paper_engagement_state", "engagement_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    index_class: Mapped[IndexClass]
    index_no: Mapped[str] = mapped_column(String(20))  # "C-07", "G-B21"
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[VersionState]  # of the newest version, kept here for the board
    current_version: Mapped[int]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # 作废
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")

    engagement: Mapped[Engagement] = relationship()
    task: Mapped[Task | None] = relationship()
    stage: Mapped[Stage] = relationship()
    versions: Mapped[list["PaperVersion"]] = relationship(
        back_populates="paper", order_by="PaperVersion.number"
    )


class PaperVersion(Base):
    """What was sent at one time: its first file, who sent it and when. Never overwritten.

    Where it has several files, the others stand in `more`; an opinion or a decision is on all.
    """

    __tablename__ = "paper_version"
    __table_args__ = (
        UniqueConstraint("paper_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("size > 0", name="size_not_empty"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        Index("ix_paper_version_sha256", "sha256"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("working_paper.id"))
    number: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigKey)
    sha256: Mapped[str] = mapped_column(String(64))
    store_key: Mapped[str] = mapped_column(String(200))
    evidence_on: Mapped[date | None]  # 证据形成日期, told by the agency
    is_late: Mapped[bool]  # 后补: after its stage had closed
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]  # received, by the server's clock
    state: Mapped[VersionState]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision_words: Mapped[str] = mapped_column(Text, default="")  # what a return asks for

    paper: Mapped[WorkingPaper] = relationship(back_populates="versions")
    more: Mapped[list["VersionFile"]] = relationship(
        back_populates="version", order_by="VersionFile.position"
    )
    submitted_by: Mapped[User] = relationship(foreign_keys=[submitted_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def engagement(self) -> Engagement:
        """The policy's words speak of thing.engagement."""
        return self.paper.engagement

    @property
    def version(self) -> "PaperVersion":
        """As of any of its files."""
        return self

    @property
    def position(self) -> int:
        """Its own file is the first."""
        return 1

    @property
    def files(self) -> list["KeptFile"]:
        """All its files, in their order."""
        return [self, *self.more]


class VersionFile(Base):
    """A further file of a version, after the first one."""

    __tablename__ = "version_file"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("position >= 2", name="position_after_first"),
        CheckConstraint("size > 0", name="size_not_empty"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        Index("ix_version_file_sha256", "sha256"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    position: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigKey)
    sha256: Mapped[str] = mapped_column(String(64))
    store_key: Mapped[str] = mapped_column(String(200))

    version: Mapped[PaperVersion] = relationship(back_populates="more")


KeptFile = PaperVersion | VersionFile


class Submission(Base):
    """What a form said of files that wait for the scanner: a new paper, or a paper's next version.

    It becomes that version when all its files are released, or ends with words that say why not.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("(paper_id IS NULL) = (stage_id IS NOT NULL)", name="paper_old_or_new"),
        Index("ix_submission_engagement_waiting", "engagement_id", "ended_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("working_paper.id"))
    expected: Mapped[int]  # the version that the sender saw; 0 for a new paper
    index_no: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    evidence_on: Mapped[date | None]
    received_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("paper_version.id"))  # what it became
    refusal: Mapped[str] = mapped_column(Text, default="")

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[User] = relationship()
    paper: Mapped[WorkingPaper | None] = relationship()
    stage: Mapped[Stage | None] = relationship()
    task: Mapped[Task | None] = relationship()
    version: Mapped[PaperVersion | None] = relationship()
    uploads: Mapped[list["Upload"]] = relationship(
        back_populates="submission", order_by="Upload.position", lazy="selectin"
    )


class Upload(Base):
    """A file on its way in, in parts: what was announced, and what became of it.

    Its bytes lie in quarantine, and how many there are is told by that file alone. It is no
    record: it ends when a paper takes the file over, or by itself.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("length > 0", name="length_not_empty"),
        Index("ix_upload_engagement_author", "engagement_id", "author_id"),
        Index("ix_upload_record", "record_kind", "record_id"),
    )
    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # drawn, never counted
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    length: Mapped[int] = mapped_column(BigKey)
    file_name: Mapped[str] = mapped_column(String(255))
    folder: Mapped[str] = mapped_column(String(500), default="")  # where it lay at the sender's
    is_unclassified: Mapped[bool]
    unpacks: Mapped[bool]  # an archive whose files are wanted, not itself
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]  # every byte is here
    released_at: Mapped[datetime | None]  # checked, and promoted into the store
    media_type: Mapped[str] = mapped_column(String(120), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    store_key: Mapped[str] = mapped_column(String(200), default="")
    check_asked_at: Mapped[datetime | None]  # 待检: from here on the background releases it
    refused_at: Mapped[datetime | None]  # its bytes are gone; the row says so until it expires
    finding: Mapped[str] = mapped_column(String(40), default="")  # why it was refused, or waits
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)  # among the files of its submission
    record_kind: Mapped[str] = mapped_column(String(40), default="")  # "" is for a paper
    record_id: Mapped[int | None]  # the record of an upper feature that keeps it

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[User] = relationship()
    submission: Mapped[Submission | None] = relationship(back_populates="uploads")


class FinalReport(Base):
    """The final report of one round: a PDF, its signer and seal; locked from submission on."""

    __tablename__ = "final_report"
    __table_args__ = (UniqueConstraint("engagement_id", "round"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    round: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("evaluator.id"))
    seal: Mapped[SealKind]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    version: Mapped[PaperVersion] = relationship()
    signed_by: Mapped[Evaluator] = relationship()
