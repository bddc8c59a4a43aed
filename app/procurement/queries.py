"""Questions about procurement. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from statistics import fmean, pstdev

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.policy import AGENCY_ROLES, Person, sees_whole_district
from app.procurement.methods import weight_of
from app.procurement.models import Award, Draw, Lot, LotTask, Need, Offer
from app.procurement.rule_models import ProcurementRules
from app.rankings.models import RankingSnapshot
from app.rankings.queries import newest_published, rows_of


def last_version() -> int:
    """The number of the newest version of the thresholds."""
    return db.session.scalar(select(func.max(ProcurementRules.version))) or 0


def rules_on(day: date) -> ProcurementRules:
    """The version in force on a day: the newest that took effect by then, else the first."""
    query = select(ProcurementRules).where(ProcurementRules.effective_on <= day)
    order = (ProcurementRules.effective_on.desc(), ProcurementRules.version.desc())
    found = db.session.scalars(query.order_by(*order).limit(1)).first()
    first = select(ProcurementRules).order_by(ProcurementRules.version).limit(1)
    return found or db.session.scalars(first).one()


def all_rules() -> Sequence[ProcurementRules]:
    """Every version, the newest on top."""
    query = select(ProcurementRules).order_by(ProcurementRules.version.desc())
    return db.session.scalars(query).all()


def count_of_year(year: int) -> int:
    """How many needs carry a number of this year."""
    query = select(func.count()).select_from(Need).where(Need.code.startswith(f"X{year}-"))
    return db.session.scalar(query) or 0


def needs_visible_to(user: Person) -> Select[Need]:
    """Exactly the needs that this person may read: agencies find what was announced."""
    query = select(Need).options(selectinload(Need.lots).selectinload(Lot.awards))
    if sees_whole_district(user, None):
        return query
    if user.role in AGENCY_ROLES:
        return query.where(Need.announced_at.is_not(None))
    return query.where(false())


def whole_lot(lot_id: int) -> Lot | None:
    """A lot with everything that its page shows, in a fixed number of statements."""
    query = select(Lot).where(Lot.id == lot_id).options(
        joinedload(Lot.need).joinedload(Need.rules),
        joinedload(Lot.need).joinedload(Need.client),
        joinedload(Lot.need).joinedload(Need.template),
        selectinload(Lot.tasks).joinedload(LotTask.unit),
        selectinload(Lot.tasks).joinedload(LotTask.section),
        selectinload(Lot.offers).joinedload(Offer.agency),
        selectinload(Lot.offers).joinedload(Offer.evaluator),
        selectinload(Lot.draws).selectinload(Draw.numbers),
        selectinload(Lot.awards).joinedload(Award.agency),
        selectinload(Lot.awards).joinedload(Award.evaluator),
        selectinload(Lot.awards).selectinload(Award.objections),
    )  # fmt: skip
    return db.session.scalar(query)


def standing_offers(lot: Lot) -> list[Offer]:
    """The offers that nobody took back."""
    return [offer for offer in lot.offers if offer.withdrawn_at is None]


def weights(agency_ids: Sequence[int]) -> tuple[str, dict[int, int]]:
    """The weight of each agency by the newest published ranking, and the ranking's code.

    Newcomers and agencies without enough evidence for a place weigh 100, as the average does.
    """
    snapshot = newest_published()
    if snapshot is None:
        return "", dict.fromkeys(agency_ids, 100)
    ranked = {row.agency_id: row.score for row in rows_of(snapshot) if row.rank is not None}
    scores = [score for score in ranked.values() if score is not None]
    middle, spread = (fmean(scores), pstdev(scores)) if len(scores) > 1 else (0.0, 0.0)
    found = {}
    for key in agency_ids:
        score = ranked.get(key)
        found[key] = weight_of(None if score is None or not spread else (score - middle) / spread)
    return snapshot.code, found


def newcomers_at(moment: datetime, agency_ids: Collection[int]) -> set[int]:
    """Those of these agencies without a rank in the ranking that was in force at a moment."""
    query = select(RankingSnapshot).where(RankingSnapshot.published_at <= moment)
    order = (RankingSnapshot.published_at.desc(), RankingSnapshot.id.desc())
    snapshot = db.session.scalar(query.order_by(*order).limit(1))
    rows = rows_of(snapshot) if snapshot is not None else []
    return set(agency_ids) - {row.agency_id for row in rows if row.rank is not None}


def lots_of(need: Need) -> Sequence[Lot]:
    """The lots of a need with how far each is, in a fixed number of statements."""
    query = select(Lot).where(Lot.need_id == need.id).order_by(Lot.number).options(
        selectinload(Lot.offers),
        selectinload(Lot.draws),
        selectinload(Lot.awards).joinedload(Award.agency),
    )  # fmt: skip
    return db.session.scalars(query).all()
