"""Questions about the pool. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, Text, cast, func, select

from app.accounts.models import Organisation, User
from app.db import db
from app.engagements.models import Engagement
from app.experts.models import Expert, Field, PanelDraw
from app.experts.paneling import is_opened_by
from app.policy import Role


def people(field: Field | None = None) -> Select[User]:
    """Everybody with an expert's account that is open; of a field, those who stand in the pool."""
    query = select(User).where(User.role == Role.EXPERT, User.closed_at.is_(None))
    if field is None:
        return query
    known = cast(Expert.fields, Text).contains(f'"{field}"', autoescape=True)
    return query.join(Expert, Expert.user_id == User.id).where(known)


def profiles(user_ids: Sequence[int]) -> dict[int, Expert]:
    """What the pool keeps of these people, by account."""
    found = db.session.scalars(select(Expert).where(Expert.user_id.in_(user_ids)))
    return {one.user_id: one for one in found}


def pool() -> Sequence[Expert]:
    """The pool as it stands, by name: those whose accounts are open."""
    query = select(Expert).join(Expert.user).where(User.closed_at.is_(None))
    return db.session.scalars(query.order_by(User.name, User.id)).all()


@dataclass(frozen=True)
class Parties:
    """Whose expert can't judge an engagement: agencies, commissioning party, evaluated units."""

    ids: frozenset[int]
    names: frozenset[str]

    def tie(self, expert: Expert) -> bool:
        """Whether the expert stands aside for one of them, or works there."""
        return bool(self.ids & set(expert.shut_out)) or expert.employer.strip() in self.names


def parties_of(engagement: Engagement) -> Parties:
    """The parties of an engagement, in one statement."""
    ids = frozenset({engagement.agency_id, engagement.client_id, *engagement.unit_ids})
    names = db.session.scalars(select(Organisation.name).where(Organisation.id.in_(ids)))
    return Parties(ids, frozenset(names))


def tied_to(engagement: Engagement, user_ids: Collection[int]) -> Sequence[Expert]:
    """Those of these experts who must stand aside from an engagement, by name."""
    parties = parties_of(engagement)
    known = sorted(profiles(list(user_ids)).values(), key=lambda one: one.user.name)
    return [one for one in known if parties.tie(one)]


def reason_against(expert: Expert, parties: Parties, field: Field | None) -> str:
    """Why an expert is not on the list of this draw; empty where they are."""
    if expert.rests_since is not None:
        return "rests"
    if field is not None and field not in expert.fields:
        return "field"
    return "stands_aside" if parties.tie(expert) else ""


def draws_of(engagement_id: int) -> Sequence[PanelDraw]:
    """The attempts of an engagement, the newest first."""
    query = select(PanelDraw).where(PanelDraw.engagement_id == engagement_id)
    return db.session.scalars(query.order_by(PanelDraw.attempt.desc())).all()


def frozen_with(engagement_id: int, slip: str | None) -> PanelDraw | None:
    """The draw that waits and that this very slip opens: its form was sent again."""
    found = draws_of(engagement_id)
    return next((one for one in found if is_opened_by(one, slip)), None)


def draws() -> Select[PanelDraw]:
    """Every draw of a panel."""
    return select(PanelDraw)


def next_attempt(engagement_id: int) -> int:
    """The number of the attempt to come."""
    counted = select(func.max(PanelDraw.attempt)).where(PanelDraw.engagement_id == engagement_id)
    return (db.session.scalar(counted) or 0) + 1


def open_engagements() -> Sequence[tuple[int, str]]:
    """Engagements in work, for a list: number and name."""
    query = select(Engagement.id, Engagement.code, Engagement.name)
    query = query.where(Engagement.closed_at.is_(None), Engagement.terminated_at.is_(None))
    rows = db.session.execute(query.order_by(Engagement.id.desc()).limit(300))
    return [(key, f"{code} {name}") for key, code, name in rows]


def bodies() -> Select[Organisation]:
    """Every active organisation, by name."""
    query = select(Organisation).where(Organisation.closed_at.is_(None))
    return query.order_by(Organisation.name)
