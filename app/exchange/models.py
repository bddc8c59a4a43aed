from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.agencies.models import Agency
from app.attachments.models import KeptFile
from app.db import Base
from app.papers.models import PaperVersion


class PostKind(StrEnum):
    """What a post is."""

    TOPIC = "topic"  # 交流话题
    NOTICE = "notice"  # 通知公告
    POLICY = "policy"  # 政策文件
    COOPERATION = "cooperation"  # 合作需求


class Post(Base):
    """Something said to everybody: plain words, shown as they were typed."""

    __tablename__ = "exchange_post"
    __table_args__ = (
        CheckConstraint("kind <> 'policy' OR document_no <> ''", name="policy_has_a_number"),
        Index("ix_exchange_post_kind", "kind", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PostKind]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(String(80))  # 文号
    in_force_on: Mapped[date | None]  # 施行日期
    ended_on: Mapped[date | None]  # 废止日期
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    hidden_words: Mapped[str] = mapped_column(Text)

    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined", innerjoin=True)
    answers: Mapped[list["PostAnswer"]] = relationship(
        back_populates="post", order_by="PostAnswer.id"
    )
    files: Mapped[list["PostFile"]] = relationship(order_by="PostFile.id")

    @property
    def is_shown(self) -> bool:
        """Whether everybody reads it."""
        return self.hidden_at is None

    @property
    def is_of_section(self) -> bool:
        """Whether it is the section's word, whoever of it wrote it."""
        return self.kind in {PostKind.NOTICE, PostKind.POLICY}

    @property
    def is_ended(self) -> bool:
        """Whether the policy is in force no more."""
        return self.ended_on is not None and self.ended_on <= clock.today()

    @property
    def is_ahead(self) -> bool:
        """Whether the policy is not in force yet."""
        return self.in_force_on is not None and self.in_force_on > clock.today()

    @property
    def user_id(self) -> int:
        """Whose it is, for the policy."""
        return self.author_id


class PostAnswer(Base):
    """An answer to a post; the author of a topic accepts one."""

    __tablename__ = "exchange_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("exchange_post.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    hidden_words: Mapped[str] = mapped_column(Text)

    post: Mapped[Post] = relationship(back_populates="answers")
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="joined", innerjoin=True)
    editions: Mapped[list["AnswerEdition"]] = relationship(
        order_by="AnswerEdition.id.desc()", lazy="selectin"
    )

    is_of_section = False  # an answer is its author's own, for the policy

    @property
    def user_id(self) -> int:
        """Whose it is, for the policy."""
        return self.author_id

    @property
    def is_shown(self) -> bool:
        """Whether everybody reads it."""
        return self.hidden_at is None and self.post.is_shown


class PostEdition(Base):
    """What a post said before it was edited."""

    __tablename__ = "exchange_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("exchange_post.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(String(80), server_default="")
    in_force_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    until: Mapped[datetime]


class AnswerEdition(Base):
    """What an answer said before it was edited."""

    __tablename__ = "exchange_answer_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("exchange_answer.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class PostFile(KeptFile, Base):
    """A file of a notice or a policy: the text as it was issued."""

    __tablename__ = "exchange_file"
    post_id: Mapped[int] = mapped_column(ForeignKey("exchange_post.id"), index=True)


class PostReport(Base):
    """Somebody says that a post or an answer must not stand here; the section settles it."""

    __tablename__ = "exchange_report"
    __table_args__ = (UniqueConstraint("post_id", "reporter_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("exchange_post.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)

    post: Mapped[Post] = relationship()


class Consortium(Base):
    """An agreement of agencies to bid together (联合体), in force when every member has agreed."""

    __tablename__ = "consortium"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    lead_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    members: Mapped[list["ConsortiumMember"]] = relationship(
        back_populates="consortium", order_by="ConsortiumMember.agency_id", lazy="selectin"
    )

    @property
    def member_ids(self) -> set[int]:
        """The agencies that it names."""
        return {each.agency_id for each in self.members}

    @property
    def is_in_force(self) -> bool:
        """Every member agreed and nobody ended it."""
        return self.ended_at is None and all(each.agreed_at for each in self.members)


class ConsortiumMember(Base):
    """One agency of a consortium, its part of the work, and its consent."""

    __tablename__ = "consortium_member"
    consortium_id: Mapped[int] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    consortium: Mapped[Consortium] = relationship(back_populates="members")
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class Case(Base):
    """An accepted working paper as an example for all, published when two people released it."""

    __tablename__ = "exchange_case"
    __table_args__ = (UniqueConstraint("version_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("paper_version.id"))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_words: Mapped[str] = mapped_column(Text)

    version: Mapped[PaperVersion] = relationship()
    releases: Mapped[list["CaseRelease"]] = relationship(lazy="selectin")

    @property
    def is_published(self) -> bool:
        """Whether everybody reads it."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def is_awaited(self) -> bool:
        """Whether it waits for a release."""
        return self.published_at is None and self.withdrawn_at is None

    @property
    def released_ids(self) -> set[int]:
        """Who released it already."""
        return {each.user_id for each in self.releases}


class CaseRelease(Base):
    """One person's word that a case may be published."""

    __tablename__ = "exchange_case_release"
    case_id: Mapped[int] = mapped_column(ForeignKey("exchange_case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    released_at: Mapped[datetime]
