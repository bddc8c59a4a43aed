"""What every change is entered with, and what a new lead evaluator must be."""

from flask_babel import lazy_gettext as _

from app import clock
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.agencies.qualification import WORDS, qualifies
from app.amendments import queries
from app.amendments.models import Amendment
from app.amendments.models import AmendmentKind as Kind
from app.amendments.models import AmendmentState as State
from app.db import db
from app.engagements.models import Engagement
from app.errors import Invalid


def check_lead(engagement: Engagement, person: Evaluator) -> None:
    """The new lead evaluator is another one of the agency's own, qualified on this day."""
    if person.agency_id != engagement.agency_id:
        words = _("The lead evaluator doesn't belong to this agency")
        raise Invalid(words, field="evaluator")
    if person.id == engagement.lead_evaluator_id:
        raise Invalid(_("This person leads the engagement already"), field="evaluator")
    if problem := qualifies(person, clock.today()):
        raise Invalid(WORDS[problem], field="evaluator")


def added(
    engagement: Engagement, kind: Kind, actor: User, *, reason: str, **told: object
) -> Amendment:
    """A further row of the engagement; the caller holds its lock."""
    if not reason.strip():
        raise Invalid(_("Say why"), field="reason")
    asked = kind in {Kind.EXTENSION, Kind.LEAD}
    amendment = Amendment(
        engagement=engagement,
        number=queries.next_number(engagement),
        kind=kind,
        state=State.ASKED if asked else State.IN_FORCE,
        reason=reason.strip(),
        asked_by_id=actor.id,
        asked_at=clock.now(),
        **told,
    )
    db.session.add(amendment)
    db.session.flush()
    return amendment
