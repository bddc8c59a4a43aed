"""What everybody may know of one agency: its public particulars and counts, and nobody's name.

The legal representative is public by the registration of the business; practitioners, telephones
and proof are not told here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.agencies.models import Agency, Evaluator
from app.agencies.related import branches_of
from app.db import db
from app.engagements.models import Engagement
from app.upkeep.models import YearlyConfirmation


@dataclass(frozen=True)
class Profile:
    """One agency as the public sees it."""

    agency: Agency
    branches: list[str]
    signers: int
    practitioners: int
    accepted: int
    running: int
    confirmed_at: datetime | None


def profile(agency_id: int) -> Profile | None:
    """The public profile of an agency that is still registered."""
    agency = db.session.get(Agency, agency_id)
    if agency is None or db.session.get_one(Organisation, agency_id).closed_at is not None:
        return None
    there = select(func.count()).where(
        Evaluator.agency_id == agency_id, Evaluator.left_at.is_(None)
    )
    held = select(func.count()).where(Engagement.agency_id == agency_id)
    said = select(func.max(YearlyConfirmation.confirmed_at))
    questions = (
        there.where(Evaluator.confirmed_at.is_not(None)).scalar_subquery(),
        there.scalar_subquery(),
        held.where(Engagement.accepted_at.is_not(None)).scalar_subquery(),
        held.where(Engagement.accepted_at.is_(None), *_GOES_ON).scalar_subquery(),
        said.where(YearlyConfirmation.agency_id == agency_id).scalar_subquery(),
    )
    signers, people, accepted, running, confirmed = db.session.execute(select(*questions)).one()
    branches = [one.name for one in branches_of(agency_id)]
    return Profile(agency, branches, signers, people - signers, accepted, running, confirmed)


_GOES_ON = (
    Engagement.refused_at.is_(None),
    Engagement.terminated_at.is_(None),
    Engagement.closed_at.is_(None),
)
