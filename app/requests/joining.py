"""What document requests say on the page of an engagement."""

from flask_babel import lazy_gettext as _

from app import clock, engagements
from app.accounts.models import User
from app.engagements import Tab
from app.engagements.models import Engagement
from app.papers.joining import once
from app.requests import queries


def join() -> None:
    """Join the lists of the engagements once, however many portals this process makes."""
    once(engagements.tabs, tab)


def tab(engagement: Engagement, user: User) -> Tab | None:
    """How much is owed, beside the address of the lists; nothing where no unit is evaluated."""
    if not engagement.unit_ids:
        return None
    owed, first_due = queries.owed_in(engagement, user)
    late = first_due is not None and first_due < clock.today()
    url = f"/engagements/{engagement.id}/document-requests"
    return Tab(_("Document requests"), url, owed, "bad" if late else "")
