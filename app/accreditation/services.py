"""What an agency without an account does with its application. Each function is one action."""

import secrets
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, credit_code
from app.accreditation import queries
from app.accreditation.holder import Applicant
from app.accreditation.models import MOVES, Application, Evidence, Requirement, State
from app.accreditation.told import Told, first_fault
from app.agencies.models import AgencyType
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.notifications.services import send
from app.papers.files import StoredFile
from app.policy import Permission, Role, require

KEY_DAYS = timedelta(days=180)
MOST_FILES = 60


def start_application(actor: audit.Actor, told: Told) -> tuple[Application, str]:
    """An agency begins its application and gets the key to it, which is shown once and not kept."""
    _check(told)
    if queries.is_registered(credit_code.normalise(told.credit_code)):
        words = _("This credit code is registered already; ask the section for your sign-in")
        raise Conflict(words)
    key = secrets.token_urlsafe(32)
    application = Application(
        **_facts(told),
        state=State.DRAFT,
        words="",
        key_hash=queries.hash_of(key),
        key_ends_at=clock.now() + KEY_DAYS,
        started_at=clock.now(),
    )
    db.session.add(application)
    audit.record(actor, audit.Event.APPLICATION_STARTED, application)
    return application, key


def save_application(actor: Applicant, application: Application, told: Told) -> None:
    """Whoever holds the key changes what the application says, until it is handed in."""
    lock(application)
    require(actor, Permission.APPLICATION_FILL, application)
    _check(told)
    for name, value in _facts(told).items():
        setattr(application, name, value)
    audit.record(actor, audit.Event.APPLICATION_SAVED, application)


def file_evidence(
    actor: Applicant,
    application: Application,
    requirement: Requirement,
    file: StoredFile,
    *,
    expires_on: date | None = None,
) -> Evidence:
    """Whoever holds the key files proof of an item; it was judged and scanned before."""
    lock(application)
    require(actor, Permission.APPLICATION_FILL, application)
    if len(application.evidence) >= MOST_FILES:
        raise Invalid(_("At most %(n)s files in one application", n=MOST_FILES))
    evidence = Evidence(application=application, **evidence_columns(requirement, file, expires_on))
    db.session.add(evidence)
    audit.record(
        actor,
        audit.Event.EVIDENCE_ADDED,
        evidence,
        scope=application,
        **facts_of(evidence),
    )
    return evidence


def evidence_columns(
    requirement: Requirement, file: StoredFile, expires_on: date | None
) -> dict[str, Any]:
    """What the row of a proof says of its bytes; one that has ended already proves nothing."""
    if expires_on is not None and not clock.today() <= expires_on <= clock.LAST_DAY:
        raise Invalid(_("The last day of the document lies in the past"), field="expires_on")
    return {
        "requirement": requirement,
        "file_name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "store_key": file.key,
        "sent_at": clock.now(),
        "expires_on": expires_on,
    }


def facts_of(evidence: Evidence) -> dict[str, Any]:
    """What the log says of a proof."""
    day = evidence.expires_on
    return {
        "requirement": str(evidence.requirement),
        "file": evidence.file_name,
        "sha256": evidence.sha256,
        "expires_on": day.isoformat() if day else None,
    }


def void_evidence(actor: Applicant, evidence: Evidence) -> None:
    """A file that was sent by mistake counts no more; its bytes stay."""
    application = evidence.application
    require(actor, Permission.APPLICATION_FILL, application)
    lock(evidence)
    if evidence.voided_at is not None:
        raise Conflict(_("This file was voided already"))
    evidence.voided_at = clock.now()
    told = {"file": evidence.file_name, "requirement": str(evidence.requirement)}
    audit.record(actor, audit.Event.EVIDENCE_VOIDED, evidence, scope=application, **told)


def submit_application(actor: Applicant, application: Application) -> None:
    """The application is handed in, once every needed item has its proof; the section is told."""
    lock(application)
    require(actor, Permission.APPLICATION_FILL, application)
    if missing := queries.missing(application):
        raise Invalid(_("Items that still need their proof: %(n)s", n=len(missing)))
    if not any(row["kind"] == "lead" for row in application.people):
        raise Invalid(_("Name at least one lead evaluator"))
    if application.state is State.RETURNED:
        application.round += 1
    move(application, State.SUBMITTED)
    application.submitted_at = clock.now()
    send(
        holders_of(Role.PERFORMANCE_OFFICER),
        Kind.REGISTER_APPLIED,
        {"agency": application.name},
        f"/register-applications/{application.id}",
    )
    event, number = audit.Event.APPLICATION_SUBMITTED, application.round
    audit.record(actor, event, application, round=number)


def withdraw_application(actor: Applicant, application: Application) -> None:
    """The applicant gives it up; what was sent stays on record."""
    lock(application)
    require(actor, Permission.APPLICATION_FILL, application)
    move(application, State.WITHDRAWN)
    application.decided_at = clock.now()
    audit.record(actor, audit.Event.APPLICATION_WITHDRAWN, application)


def move(application: Application, state: State) -> None:
    """Go from one state to another that the table of moves allows."""
    if state not in MOVES[application.state]:
        raise Conflict
    application.state = state


def _check(told: Told) -> None:
    if fault := first_fault(told):
        raise Invalid(fault[1], field=fault[0])


def _facts(told: Told) -> dict[str, Any]:
    particulars = {
        name: value.strip() if isinstance(value, str) and name != "agency_type" else value
        for name, value in asdict(told.particulars).items()
    }
    return {
        **particulars,
        "agency_type": AgencyType(told.particulars.agency_type),
        "name": told.name.strip(),
        "credit_code": credit_code.normalise(told.credit_code),
        "login": told.login.strip().lower(),
        "contact_name": told.contact_name.strip(),
        "contact_phone": "".join(told.contact_phone.split()),
        "people": [one.as_row() for one in told.people],
        "branches": [asdict(one) for one in told.branches],
        "associates": [asdict(one) for one in told.associates],
    }
