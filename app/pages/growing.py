"""What waits of hours, posts, agreements and cases, for the workbench. Reads only."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.accreditation.models import Application, State
from app.accreditation.queries import applications
from app.agencies.models import Agency, Evaluator
from app.agencies.queries import without_account
from app.exchange import queries as exchange
from app.exchange.models import Case, Consortium, PostReport
from app.pages.waiting import Todo, count_of
from app.personal.models import CorrectionRequest
from app.personal.queries import requests_to_answer
from app.policy import Role
from app.training import queries as training
from app.training.models import HourRecord
from app.upkeep import queries as upkeep
from app.upkeep.models import Transfer


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


def applications_to_decide(_user: User) -> Todo:
    """Agencies that applied for the register and wait."""
    query = applications(State.SUBMITTED).with_only_columns(Application.id)
    told = {"state": str(State.SUBMITTED)}
    return Todo(_("Applications for the register"), count_of(query), "accreditation.index", told)


def transfers_to_decide(user: User) -> Todo:
    """People who are asked for and may be released by this person."""
    query = upkeep.transfers_to_decide(user).with_only_columns(Transfer.id)
    return Todo(_("People to release"), count_of(query), "upkeep.transfer_index", {})


def register_to_confirm(user: User) -> Todo:
    """The yearly word of this person's agency, once it is overdue."""
    query = upkeep.overdue().where(Agency.id == user.organisation_id)
    query = query.with_only_columns(Agency.id)
    told = {"agency_id": user.organisation_id}
    words = _("Yearly confirmation of the register overdue")
    return Todo(words, count_of(query), "upkeep.show", told, "bad")


def registers_overdue(_user: User) -> Todo:
    """Agencies whose yearly word is overdue."""
    query = upkeep.overdue().with_only_columns(Agency.id)
    words = _("Agencies to confirm their entry")
    return Todo(words, count_of(query), "upkeep.overdue_index", {}, "warn")


def accounts_to_open(user: User) -> Todo:
    """Lead evaluators of this person's agency who have no account yet."""
    query = without_account(user.organisation_id).with_only_columns(Evaluator.id)
    told = {"agency_id": user.organisation_id}
    return Todo(_("Lead evaluators without an account"), count_of(query), "agencies.show", told)


def corrections_to_answer(user: User) -> Todo:
    """People who asked that something about them be corrected."""
    query = requests_to_answer(user).with_only_columns(CorrectionRequest.id)
    return Todo(_("Corrections to answer"), count_of(query), "personal.corrections", {})


def questions_of(user: User) -> list[Callable[[User], Todo]]:
    """What is asked for a person of this role."""
    if user.role is Role.PERFORMANCE_OFFICER:
        asked: list[Callable[[User], Todo]] = [hours_to_decide, posts_reported]
        return [
            *asked,
            cases_to_release,
            applications_to_decide,
            transfers_to_decide,
            registers_overdue,
            corrections_to_answer,
        ]
    if user.role is Role.SECURITY_ADMIN:
        return [corrections_to_answer]
    if user.role is Role.LEADER:
        return [cases_to_release]
    if user.role is Role.AGENCY_ADMIN:
        return [consortia_to_agree, transfers_to_decide, register_to_confirm, accounts_to_open]
    return []
