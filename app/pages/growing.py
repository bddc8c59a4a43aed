"""What waits of hours, posts, agreements and cases, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.exchange import queries as exchange
from app.exchange.models import Case, Consortium, PostReport
from app.pages.waiting import Todo, count_of
from app.policy import Role
from app.training import queries as training
from app.training.models import HourRecord


def hours_to_decide(_user: User) -> Todo:
    """Hours earned elsewhere on which nobody has decided."""
    query = training.claims_waiting().with_only_columns(HourRecord.id)
    return Todo(_("Hours to decide on"), count_of(query), "training.hours", {"state": "waiting"})


def posts_reported(_user: User) -> Todo:
    """Posts that somebody reported."""
    query = exchange.open_reports().with_only_columns(PostReport.post_id).distinct()
    return Todo(_("Reported posts"), count_of(query), "exchange.index", {"reported": "1"}, "warn")


def cases_to_release(user: User) -> Todo:
    """Cases that wait for this person's word."""
    query = exchange.cases_to_release(user).with_only_columns(Case.id)
    return Todo(_("Cases to release"), count_of(query), "exchange.cases", {})


def consortia_to_agree(user: User) -> Todo:
    """Agreements to which this person's agency has not agreed."""
    query = exchange.consortia_waiting_for(user).with_only_columns(Consortium.id)
    return Todo(_("Consortia to agree to"), count_of(query), "exchange.consortia", {}, "warn")


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        return [hours_to_decide, posts_reported, cases_to_release]
    if user.role is Role.LEADER:
        return [cases_to_release]
    return [consortia_to_agree] if user.role is Role.AGENCY_ADMIN else []
