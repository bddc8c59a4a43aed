"""Questions about framework agreements. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.frameworks.models import Framework, FrameworkNeed, Member, Turn
from app.procurement.models import Lot, Need
from app.procurement.opening import lot_code
from app.rotation import VERSION, next_place


def frameworks() -> Select[Framework]:
    """Every agreement with its members; the caller orders and pages them."""
    return select(Framework).options(selectinload(Framework.members))


def whole(framework_id: int) -> Framework | None:
    """An agreement with everything that its page shows."""
    query = select(Framework).where(Framework.id == framework_id)
    return db.session.scalar(
        query.options(
            selectinload(Framework.members).joinedload(Member.agency),
            selectinload(Framework.members).joinedload(Member.evaluator),
            selectinload(Framework.turns).joinedload(Turn.lot),
        )
    )


def is_entered(code: str) -> bool:
    """Whether an agreement carries this number."""
    query = select(Framework.id).where(Framework.code == code)
    return db.session.scalar(query) is not None


def in_term(day: date) -> Sequence[Framework]:
    """The agreements that hold on a day."""
    query = select(Framework).where(Framework.starts_on <= day, Framework.ends_on >= day)
    return db.session.scalars(query.order_by(Framework.id.desc())).all()


def framework_of(need: Need) -> Framework | None:
    """The agreement under which a need is placed."""
    query = select(Framework).join(FrameworkNeed, FrameworkNeed.framework_id == Framework.id)
    query = query.where(FrameworkNeed.need_id == need.id)
    members = selectinload(Framework.members)
    return db.session.scalar(
        query.options(
            members.joinedload(Member.agency),
            members.joinedload(Member.evaluator),
            selectinload(Framework.turns),
        )
    )


def standing(framework: Framework) -> list[Member]:
    """The members who didn't leave, in the order of the rotation."""
    return [member for member in framework.members if member.left_at is None]


def needs_of(framework: Framework) -> Sequence[Need]:
    """The needs that are placed under an agreement, the newest first."""
    query = select(Need).join(FrameworkNeed, FrameworkNeed.need_id == Need.id)
    query = query.where(FrameworkNeed.framework_id == framework.id).order_by(Need.id.desc())
    return db.session.scalars(query.limit(100)).all()


def turns_for(framework: Framework, lot: Lot) -> list[Turn]:
    """The turns that a lot has had."""
    return [turn for turn in framework.turns if turn.lot_id == lot.id]


def whose_turn(framework: Framework, lot: Lot) -> Member | None:
    """The member whose turn it is for a lot; nobody where everybody had it."""
    by_place = {member.place: member for member in framework.members}
    by_id = {member.id: member for member in framework.members}
    last = framework.turns[-1] if framework.turns else None
    out = {member.place for member in framework.members if member.left_at is not None}
    out |= {by_id[turn.member_id].place for turn in turns_for(framework, lot)}
    found = next_place(list(by_place), by_id[last.member_id].place if last else None, out)
    return None if found is None else by_place[found]


def rotation_of(framework: Framework) -> dict[str, Any]:
    """The rotation as anybody can check it: members by place, turns in their order."""
    places = {member.id: member.place for member in framework.members}
    return {
        "v": VERSION,
        "framework": framework.code,
        "members": [
            {
                "place": member.place,
                "agency": member.agency.name,
                "left_at": member.left_at.isoformat() if member.left_at else None,
            }
            for member in framework.members
        ],
        "turns": [
            {
                "number": turn.number,
                "place": places[turn.member_id],
                "lot": lot_code(turn.lot),
                "outcome": turn.outcome.value,
                "reason": turn.reason,
                "at": turn.told_at.isoformat(),
            }
            for turn in framework.turns
        ],
    }


def turns_shown(framework: Framework) -> Sequence[Turn]:
    """The turns with their lots, the newest first."""
    query = select(Turn).where(Turn.framework_id == framework.id).order_by(Turn.number.desc())
    named = joinedload(Turn.member).joinedload(Member.agency)
    return db.session.scalars(query.options(named, joinedload(Turn.lot)).limit(200)).all()
