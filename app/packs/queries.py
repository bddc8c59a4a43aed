"""Questions about decision packs. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.db import db
from app.packs.models import DecisionPack
from app.procurement.models import Need

NEWEST = 10
LOST_AFTER = timedelta(hours=6)  # whoever made it was killed too often: ask again


def packs_of(need: Need) -> Sequence[DecisionPack]:
    """The newest packs of a need, with who asked for them."""
    query = select(DecisionPack).where(DecisionPack.need_id == need.id)
    query = query.options(joinedload(DecisionPack.asked_by)).order_by(DecisionPack.id.desc())
    return db.session.scalars(query.limit(NEWEST)).all()


def under_way(need: Need) -> DecisionPack | None:
    """The pack of a need that waits or is being made."""
    query = select(DecisionPack).where(DecisionPack.need_id == need.id)
    query = query.where(DecisionPack.done_at.is_(None), DecisionPack.failed_at.is_(None))
    query = query.where(DecisionPack.asked_at > clock.now() - LOST_AFTER)
    return db.session.scalar(query.limit(1))
