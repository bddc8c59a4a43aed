from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.engagements.models import Engagement


class Field(StrEnum):
    """What an expert is asked about."""

    BUDGET = "budget"  # 预算管理
    ACCOUNTING = "accounting"  # 会计审计
    ENGINEERING = "engineering"  # 工程建设
    EDUCATION = "education"  # 教育
    HEALTH = "health"  # 医疗卫生
    WELFARE = "welfare"  # 社会保障
    AGRICULTURE = "agriculture"  # 农业农村
    ENVIRONMENT = "environment"  # 生态环境
    INFORMATION = "information"  # 信息化
    LAW = "law"  # 法律


class Rank(StrEnum):
    """The rank of a title, by which standards of fees differ."""

    SENIOR = "senior"  # 正高级
    ASSOCIATE = "associate"  # 副高级
    OTHER = "other"  # 其他


class Expert(Base):
    """What the pool keeps of an expert; the account says who it is."""

    __tablename__ = "expert"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    fields: Mapped[list[str]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(String(60))  # 职称
    employer: Mapped[str] = mapped_column(String(200), default="")
    shut_out: Mapped[list[int]] = mapped_column(JSON)  # bodies about which they judge nothing
    rank: Mapped[Rank] = mapped_column(default=Rank.OTHER)  # which rate of the fees is theirs
    entered_at: Mapped[datetime]
    rests_since: Mapped[datetime | None]  # is drawn no more until called back

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class PanelColumns(Base):
    """What every draw of a panel keeps, whatever the panel judges: list, commitment, result."""

    __abstract__ = True
    field: Mapped[Field | None]
    places: Mapped[int]
    entries: Mapped[list[list[Any]]] = mapped_column(JSON)  # [[user id, name]]
    left_out: Mapped[list[list[Any]]] = mapped_column(JSON)  # [[name, reason]]
    list_digest: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    beacon_id: Mapped[str] = mapped_column(String(200))
    beacon_from: Mapped[datetime]
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    beacon_source: Mapped[str] = mapped_column(String(400), default="")
    drawn_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def draw_id(self) -> str:
        """What the draw is called in its record."""
        raise NotImplementedError  # each kind of draw has its own name

    @property
    def is_open(self) -> bool:
        """Whether it is neither held nor void."""
        return self.record is None and self.voided_at is None


class PanelDraw(PanelColumns):
    """One attempt to draw a panel: list and commitment first, the public number later."""

    __tablename__ = "panel_draw"
    __table_args__ = (
        UniqueConstraint("engagement_id", "attempt"),
        CheckConstraint("places > 0", name="places_counted"),
        CheckConstraint("length(commitment) = 64", name="commitment_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    attempt: Mapped[int]

    engagement: Mapped[Engagement] = relationship(lazy="joined", innerjoin=True)

    @property
    def draw_id(self) -> str:
        """What the draw is called in its record."""
        return f"{self.engagement.code}-panel-{self.attempt}"

    @property
    def panel_ids(self) -> list[int]:
        """The accounts of those who were drawn, in order."""
        keys = {name: key for key, name in self.entries}
        return [keys[name] for name in self.panel]

    @property
    def panel(self) -> list[str]:
        """Who was drawn, in order."""
        return [pick[0] for pick in self.record["picks"]][: self.places] if self.record else []
