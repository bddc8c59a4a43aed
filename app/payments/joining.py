"""What the contract's money says on the page of an engagement, and to a change of its fee."""

from flask_babel import lazy_gettext as _

from app import amendments, clock, engagements
from app.accounts.models import User
from app.audit.wording import show_fact
from app.display import yuan
from app.engagements import Tab
from app.engagements.models import Engagement
from app.errors import Words
from app.papers.joining import once
from app.payments import queries
from app.policy import Permission, can


def join() -> None:
    """Join the lists of the features below once, however many portals this process makes."""
    once(engagements.tabs, tab)
    once(amendments.fee_gates, below_what_is_planned)
    once(amendments.on_fee_changed, follow_fee)
    show_fact("paid_fen", yuan)


def tab(engagement: Engagement, user: User) -> Tab | None:
    """The page of the money, with how many invoices wait; red where one is late."""
    if not can(user, Permission.PAYMENT_READ, engagement):
        return None
    plan = queries.plan_of(engagement)
    invoices = [one for part in plan.instalments for one in part.invoices] if plan else []
    waiting = [one for one in invoices if one.left_fen]
    late = any(one.due_on < clock.today() for one in waiting)
    url = f"/engagements/{engagement.id}/payments"
    return Tab(_("Payments"), url, len(waiting), "bad" if late else "warn" if waiting else "")


def below_what_is_planned(engagement: Engagement, fee_fen: int) -> Words | None:
    """The fee never falls below the instalments that were agreed."""
    plan = queries.plan_of(engagement)
    if plan is None or fee_fen >= plan.planned_fen:
        return None
    return _("The instalments already come to %(sum)s", sum=yuan(plan.planned_fen))


def follow_fee(_actor: User, engagement: Engagement) -> None:
    """The bound of all sums is the fee as it is now."""
    plan = queries.plan_of(engagement)
    if plan is not None:
        plan.fee_fen = engagement.fee_fen
