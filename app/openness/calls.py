"""Calls and results as everybody may read them. Nothing here changes anything."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.procurement.models import Award, Lot, Need


def announced() -> Select[Need]:
    """Needs that were announced or awarded, with their lots; the caller orders and pages."""
    query = select(Need).where(Need.announced_at.is_not(None))
    lots = selectinload(Need.lots).selectinload(Lot.awards)
    return query.options(joinedload(Need.client), lots.joinedload(Award.agency))


def announced_need(need_id: int) -> Need | None:
    """A need, if it is public."""
    return db.session.scalar(announced().where(Need.id == need_id))
