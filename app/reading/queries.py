"""Questions about who gets originals."""

from collections.abc import Mapping

from sqlalchemy import select

from app.db import db
from app.policy import AGENCY_ROLES, UNIT_ROLES, Person, Role
from app.reading.models import Handout, ReadingRule

# Who may read working papers at all, in the order of the page.
READERS = (
    Role.PERFORMANCE_OFFICER,
    Role.SECTION_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
    Role.ARCHIVIST,
    *sorted(UNIT_ROLES),
    *sorted(AGENCY_ROLES),
    Role.EXPERT,
)


def reading_rules() -> Mapping[Role, Handout]:
    """What each role of readers gets; the original where nobody has said otherwise."""
    told = {rule.role: rule.handout for rule in db.session.scalars(select(ReadingRule))}
    return {role: told.get(role, Handout.ORIGINAL) for role in READERS}


def gets_original(user: Person) -> bool:
    """Whether a download gives this person the file itself."""
    rule = db.session.get(ReadingRule, user.role)
    return rule is None or rule.handout is Handout.ORIGINAL
