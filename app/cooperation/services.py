"""What agencies say of units. Each public function is one user action."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.cooperation import queries
from app.cooperation.models import Aspect, UnitRating, UnitRatingScore
from app.cooperation.queries import Place
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require


def rate_unit(actor: User, place: Place, stars: Mapping[Aspect, int | None]) -> UnitRating:
    """The agency rates a unit once after an engagement, for good; the log holds no star.

    It is shown only together with others, never by itself: neither to the unit nor to the bureau.
    """
    lock(place.engagement)
    require(actor, Permission.UNIT_RATING_WRITE, place)
    if stars.keys() != set(Aspect):
        raise Invalid(_("Choose one to five stars, or not applicable"))
    if any(star is not None and not 1 <= star <= 5 for star in stars.values()):
        raise Invalid(_("Choose one to five stars, or not applicable"))
    if queries.rating_of(place) is not None:
        raise Conflict(_("Your agency has rated this unit for this engagement already"))
    given = UnitRating(
        engagement_id=place.engagement.id,
        unit_id=place.unit.id,
        author_id=actor.id,
        rated_at=clock.now(),
        scores=[UnitRatingScore(aspect=aspect, stars=star) for aspect, star in stars.items()],
    )
    db.session.add(given)
    audit.record(actor, audit.Event.UNIT_RATED, place.unit)
    return given
