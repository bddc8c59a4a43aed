"""What an agency does to keep its entry true. Each public function is one user action."""

from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.accreditation.models import Evidence, Requirement
from app.accreditation.services import evidence_columns, facts_of
from app.agencies.models import Agency
from app.db import db, lock
from app.errors import Conflict
from app.papers.files import StoredFile
from app.policy import Permission, require
from app.upkeep.models import YearlyConfirmation


def confirm_register(actor: User, agency: Agency) -> None:
    """Once a year the agency's administrator says that the entry is true, or corrects it first."""
    require(actor, Permission.REGISTER_CONFIRM, agency)
    lock(agency)
    year = clock.today().year
    made = YearlyConfirmation(
        agency_id=agency.id, year=year, confirmed_at=clock.now(), confirmed_by_id=actor.id
    )
    db.session.add(made)
    audit.record(actor, audit.Event.REGISTER_CONFIRMED, agency, scope=agency, year=year)


def add_proof(
    actor: User,
    agency: Agency,
    requirement: Requirement,
    file: StoredFile,
    *,
    expires_on: date | None = None,
) -> Evidence:
    """A new document for an item, judged and scanned before; the one before is voided apart."""
    require(actor, Permission.AGENCY_EDIT, agency)
    columns = evidence_columns(requirement, file, expires_on)
    evidence = Evidence(agency_id=agency.id, sent_by_id=actor.id, **columns)
    db.session.add(evidence)
    event = audit.Event.EVIDENCE_ADDED
    audit.record(actor, event, evidence, scope=agency, **facts_of(evidence))
    return evidence


def void_proof(actor: User, evidence: Evidence) -> None:
    """A document counts no more: replaced, or sent by mistake; its bytes stay."""
    agency = evidence.agency
    require(actor, Permission.AGENCY_EDIT, agency)
    lock(evidence)
    if evidence.voided_at is not None:
        raise Conflict(_("This file was voided already"))
    evidence.voided_at = clock.now()
    told = {"file": evidence.file_name, "requirement": str(evidence.requirement)}
    audit.record(actor, audit.Event.EVIDENCE_VOIDED, evidence, scope=agency, **told)
