"""Agencies that sign up together."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class JointOffer(Base):
    """The agreement by which several agencies sign up as one (联合体), as it stood then."""

    __tablename__ = "joint_offer"
    offer_id: Mapped[int] = mapped_column(ForeignKey("procurement_offer.id"), primary_key=True)
    consortium_id: Mapped[int] = mapped_column(ForeignKey("consortium.id"))
    name: Mapped[str] = mapped_column(String(120))
    # [[agency id, name, part]], leader first
    members: Mapped[list[list[Any]]] = mapped_column(JSON)

    @property
    def words(self) -> str:
        """Its name, and each member with its part."""
        parts = "；".join(f"{name}（{part}）" for _key, name, part in self.members)
        return f"{self.name}：{parts}"

    @property
    def partner_ids(self) -> list[int]:
        """The members beside the leader."""
        return [key for key, _name, _part in self.members[1:]]
