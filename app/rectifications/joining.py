"""What rectification says on the page of an engagement."""

from flask_babel import lazy_gettext as _

from app import engagements
from app.accounts.models import User
from app.audit.wording import show_fact
from app.display import yuan
from app.engagements import Tab
from app.engagements.models import Engagement
from app.papers.joining import once
from app.policy import Permission, can
from app.rectifications import queries


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.tabs, tab)
    show_fact("amount_fen", yuan)


def tab(engagement: Engagement, user: User) -> Tab | None:
    """What is not yet put right, red until closed; before acceptance there is nothing."""
    if engagement.accepted_at is None or not engagement.unit_ids:
        return None
    count, left = queries.open_in(engagement, user)
    if not count and not can(user, Permission.RECTIFICATION_ISSUE, engagement):
        return None
    url = f"/engagements/{engagement.id}/rectifications"
    return Tab(_("Rectification"), url, left, "bad" if left else "")
