"""What the performance section does with an application. Each public function is one action."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.accounts.queries import user_by_login
from app.accounts.services import NewAccount, open_account_without_password
from app.accreditation import queries, told
from app.accreditation.models import Application, Remark, Requirement, State
from app.accreditation.services import KEY_DAYS, move
from app.agencies import related
from app.agencies.models import Agency
from app.agencies.qualification import falls_short
from app.agencies.services import (
    NewAgency,
    Particulars,
    confirm_evaluator,
    register_agency,
    register_evaluator,
)
from app.db import db, lock
from app.errors import Invalid
from app.onboarding.activating import Slip, issue_slips
from app.policy import Permission, Role, require

NO_REASON = _("Give a reason for at least one item")


def return_application(
    actor: User, application: Application, why: Mapping[Requirement, str], words: str = ""
) -> None:
    """Send it back with a reason for each item that must be put right; the others stand."""
    lock(application)
    require(actor, Permission.APPLICATION_DECIDE, application)
    reasons = {item: reason.strip() for item, reason in why.items() if reason.strip()}
    if not reasons:
        raise Invalid(NO_REASON, field=f"why_{next(iter(Requirement))}")
    _decide(actor, application, State.RETURNED, words)
    now = clock.now()
    for item, reason in reasons.items():
        told_now = {"requirement": item, "words": reason, "made_at": now, "made_by_id": actor.id}
        db.session.add(Remark(application=application, round=application.round, **told_now))
    facts: dict[str, Any] = {"round": application.round, "requirements": sorted(map(str, reasons))}
    audit.record(actor, audit.Event.APPLICATION_RETURNED, application, **facts)


def refuse_application(actor: User, application: Application, words: str) -> None:
    """End it without an entry, for a reason in words; taking part anywhere doesn't hang on it."""
    lock(application)
    require(actor, Permission.APPLICATION_DECIDE, application)
    if not words.strip():
        raise Invalid(_("Enter the reason"), field="words")
    _decide(actor, application, State.REFUSED, words)
    told_words = application.words
    audit.record(actor, audit.Event.APPLICATION_REFUSED, application, words=told_words)


def enter_applicant(actor: User, application: Application, login: str, days: int) -> Slip:
    """Enter the agency with its people, branches and proof, and open its first account.

    Everything comes from the application. Lead evaluators with title and years are confirmed with
    it; the others stand there until they have them. The slip's code is shown once.
    """
    lock(application)
    require(actor, Permission.APPLICATION_DECIDE, application)
    wished = _free_login(login or application.login)
    agency = register_agency(actor, _new_agency(application))
    _enter_people(actor, agency, application)
    _enter_related(actor, agency, application)
    for proof in application.evidence:
        proof.agency_id = agency.id
    name, home = application.contact_name, agency.organisation
    new = NewAccount(home, Role.AGENCY_ADMIN, wished, name)
    account = open_account_without_password(actor, new)
    db.session.flush()
    application.agency_id = agency.id
    _decide(actor, application, State.ENTERED, "")
    slip = issue_slips(actor, [account], days)[0]
    facts = {"round": application.round}
    audit.record(actor, audit.Event.APPLICATION_ENTERED, application, scope=agency, **facts)
    return slip


def renew_key(actor: User, application: Application) -> str:
    """Give a new key to an applicant who lost it and proved who they are; the old one ends."""
    require(actor, Permission.APPLICATION_READ, application)
    require(actor, Permission.AGENCY_REGISTER, None)
    lock(application)
    key = secrets.token_urlsafe(32)
    application.key_hash = queries.hash_of(key)
    application.key_ends_at = clock.now() + KEY_DAYS
    audit.record(actor, audit.Event.APPLICATION_KEY_RENEWED, application)
    return key


def _decide(actor: User, application: Application, state: State, words: str) -> None:
    move(application, state)
    application.words = words.strip()
    application.decided_at, application.decided_by_id = clock.now(), actor.id


def _free_login(wished: str) -> str:
    if not told.LOGIN.fullmatch(wished.strip()):
        raise Invalid(told.NO_LOGIN, field="login")
    if user_by_login(wished) is not None:
        raise Invalid(_("This sign-in name is taken"), field="login")
    return wished


def _new_agency(application: Application) -> NewAgency:
    names = Particulars.__annotations__
    particulars = Particulars(**{name: getattr(application, name) for name in names})
    return NewAgency(application.name, application.credit_code, particulars)


def _enter_people(actor: User, agency: Agency, application: Application) -> None:
    for row in application.people:
        person = told.practitioner(row)
        evaluator = register_evaluator(actor, agency, person.as_new())
        db.session.flush()
        if person.kind == told.LEAD and falls_short(evaluator, clock.today()) is None:
            confirm_evaluator(actor, evaluator)


def _enter_related(actor: User, agency: Agency, application: Application) -> None:
    for branch in application.branches:
        related.enter_branch(actor, agency, related.NewBranch(**branch))
    for associate in application.associates:
        related.enter_associate(actor, agency, related.NewAssociate(**associate))
