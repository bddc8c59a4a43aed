"""Questions about how units work with agencies. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Organisation, OrganisationKind
from app.cooperation.models import Aspect, UnitRating, UnitRatingScore
from app.cooperation.pooling import Given, Pooled, pooled
from app.db import db
from app.engagements.models import Engagement, Task
from app.policy import Person

RATED_KINDS = (
    OrganisationKind.UNIT,
    OrganisationKind.DEPARTMENT,
    OrganisationKind.FINANCE_OFFICE,
)


@dataclass(frozen=True)
class Place:
    """One unit that an agency may rate after one engagement."""

    engagement: Engagement
    unit: Organisation
    ends_at: datetime

    @property
    def is_rateable(self) -> bool:
        """Whether the days for it aren't over."""
        return clock.now() < self.ends_at


def ended_at(engagement: Engagement) -> datetime | None:
    """When work on it ended."""
    ends = (engagement.accepted_at, engagement.refused_at, engagement.terminated_at)
    return next((end for end in ends if end is not None), None)


def units_of(engagement: Engagement) -> list[Organisation]:
    """Whom the agency worked with: the evaluated units, and a department that commissioned."""
    found = {task.unit.id: task.unit for task in engagement.tasks if task.unit is not None}
    if not engagement.client_is_bureau:
        found[engagement.client_id] = engagement.client
    return [found[key] for key in sorted(found)]


def place_of(engagement: Engagement, unit_id: int, *, window: int) -> Place | None:
    """The place of a unit in an engagement that is over, or nothing."""
    ended = ended_at(engagement)
    unit = next((each for each in units_of(engagement) if each.id == unit_id), None)
    if ended is None or unit is None:
        return None
    return Place(engagement, unit, ended + timedelta(days=window))


def rating_of(place: Place) -> UnitRating | None:
    """What the agency gave here already."""
    query = select(UnitRating).where(
        UnitRating.engagement_id == place.engagement.id, UnitRating.unit_id == place.unit.id
    )
    return db.session.scalar(query)


def places_of(user: Person, *, window: int) -> list[Place]:
    """Where this agency may rate now and hasn't, the earliest end first."""
    since = clock.now() - timedelta(days=window)
    ended = func.coalesce(Engagement.accepted_at, Engagement.refused_at, Engagement.terminated_at)
    query = (
        select(Engagement)
        .where(Engagement.agency_id == user.organisation_id, ended > since)
        .options(joinedload(Engagement.client))
        .order_by(ended)
    )
    over = db.session.scalars(query).unique().all()
    given = select(UnitRating.engagement_id, UnitRating.unit_id)
    mine = given.where(UnitRating.engagement_id.in_([each.id for each in over]))
    done = {(job, unit) for job, unit in db.session.execute(mine)}
    return [
        place
        for each in over
        for unit in units_of(each)
        if (each.id, unit.id) not in done and (place := place_of(each, unit.id, window=window))
    ]


def units_visible_to(user: Person) -> Select[Organisation]:
    """The units whose means this person may list: a unit itself alone, overseers all.

    The caller orders and pages them.
    """
    from app.policy import sees_whole_district

    query = select(Organisation).where(Organisation.kind.in_(RATED_KINDS))
    if sees_whole_district(user, None):
        rated = select(UnitRating.unit_id)
        evaluated = select(Task.unit_id).where(Task.unit_id.is_not(None))
        return query.where(or_(Organisation.id.in_(rated), Organisation.id.in_(evaluated)))
    return query.where(Organisation.id == user.organisation_id)


def means_of(units: Sequence[Organisation]) -> Mapping[int, Pooled | None]:
    """What may be shown of each of these units: whole groups alone, never a single rating."""
    keys = [each.id for each in units]
    query = (
        select(
            UnitRating.id,
            UnitRating.unit_id,
            Engagement.agency_id,
            UnitRatingScore.aspect,
            UnitRatingScore.stars,
        )
        .join(Engagement, UnitRating.engagement_id == Engagement.id)
        .join(UnitRatingScore, UnitRatingScore.rating_id == UnitRating.id)
        .where(UnitRating.unit_id.in_(keys))
        .order_by(UnitRating.rated_at, UnitRating.id)
    )
    found: dict[int, dict[int, Given]] = defaultdict(dict)
    for rating, unit, agency, aspect, stars in db.session.execute(query):
        told = found[unit].setdefault(rating, Given(agency, {}))
        told.stars[str(aspect)] = stars
    aspects: Iterable[str] = [str(aspect) for aspect in Aspect]
    return {key: pooled(found[key].values(), aspects) for key in keys}
