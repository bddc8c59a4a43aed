"""Sign-ins at trainings that somebody else made up."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.training.models import SessionSignIn


class MadeUpSignIn(Base):
    """That somebody else signed a person in afterwards (补签), and why; the sign-in says when."""

    __tablename__ = "made_up_sign_in"
    __table_args__ = (
        CheckConstraint("made_by_id <> user_id", name="made_by_another"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        ForeignKeyConstraint(
            ["session_id", "user_id"], ["session_sign_in.session_id", "session_sign_in.user_id"]
        ),
    )
    session_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)

    sign_in: Mapped[SessionSignIn] = relationship()
