from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, User
from app.attachments.models import KeptFile
from app.db import Base
from app.engagements.models import Engagement


class DocumentKind(StrEnum):
    """The documents that the section issues about an engagement."""

    TASK = "task"  # 任务书
    CONSULTATION = "consultation"  # 征求意见函
    RECTIFICATION = "rectification"  # 整改通知
    TALK = "talk"  # 约谈通知
    ACCEPTANCE = "acceptance"  # 验收书
    ASSESSMENT = "assessment"  # 考核表
    CIRCULAR = "circular"  # 通报


class DocumentWording(Base):
    """One version of the usual words of a kind; an edit adds the next, documents keep theirs.

    Version 0 is the one that ships with the portal, in data/official_documents.json.
    """

    __tablename__ = "document_wording"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("version > 0 AND length(reason) > 0", name="edit_explained"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind]
    version: Mapped[int]
    series: Mapped[str] = mapped_column(String(20))  # 机关代字
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


class OfficialDocument(Base):
    """A document as it was issued; never edited, its number never used again."""

    __tablename__ = "official_document"
    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        CheckConstraint("number > 0 AND year BETWEEN 2000 AND 2099", name="number_counted"),
        CheckConstraint("length(title) > 0 AND length(body) > 0", name="words_told"),
        CheckConstraint("(voided_at IS NULL) = (length(void_reason) = 0)", name="void_explained"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[DocumentKind]
    wording_version: Mapped[int]
    series: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    issuer: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    copies: Mapped[str] = mapped_column(String(300), default="")  # 抄送
    dated_on: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))  # of the text, number, title, day
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")

    engagement: Mapped[Engagement] = relationship()
    addressee: Mapped[Organisation] = relationship()
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
    seal: Mapped["DocumentSeal | None"] = relationship(uselist=False)

    @property
    def document_no(self) -> str:
        """The number as it is printed (发文字号)."""
        return f"{self.series}〔{self.year}〕{self.number}号"


class DocumentSeal(KeptFile, Base):
    """The sealed PDF of a document (电子签章), which was verified before it was kept."""

    __tablename__ = "document_seal"
    __table_args__ = (
        UniqueConstraint("document_id"),
        CheckConstraint("size > 0", name="size_not_empty"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        CheckConstraint("length(signer) > 0", name="signer_named"),
    )
    document_id: Mapped[int] = mapped_column(ForeignKey("official_document.id"))
    plain_sha256: Mapped[str] = mapped_column(String(64))  # of what was given to be sealed
    signer: Mapped[str] = mapped_column(String(200))  # as the seal service's verification says
    seal_no: Mapped[str] = mapped_column(String(200))
    sealed_at: Mapped[str] = mapped_column(String(200))
