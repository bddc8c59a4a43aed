from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.policy import Role


class Scope(StrEnum):
    """What a token may be used for. It only narrows: the policy judges the account as on pages."""

    ENGAGEMENTS = "engagements:read"
    PAPERS = "papers:read"
    FILES = "files:read"
    REVIEWS = "reviews:read"
    RANKINGS = "rankings:read"
    REGISTER = "register:read"
    NOTICES = "notices:read"
    CHANGES = "changes:read"
    IMPORT = "engagements:import"


class ApiToken(Base):
    """A key that another system holds for an account; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user_id_id", "user_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))  # its last letters, to tell it from others
    role: Mapped[Role]  # of the account when it was made: another role needs another token
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    expires_on: Mapped[date]  # its last day
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    used_at: Mapped[datetime | None]
    minute: Mapped[datetime | None]  # since when `requests` are counted
    requests: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)


class ApiReceipt(Base):
    """What a request under an idempotency key was answered: asked again, it is told again."""

    __tablename__ = "api_receipt"
    __table_args__ = (
        UniqueConstraint("token_id", "key"),
        Index("ix_api_receipt_made_at", "made_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(200))
    operation: Mapped[str] = mapped_column(String(60))
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    response_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
