"""What people do with agencies and their evaluators. Each public function is one user action."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import OrganisationKind, User
from app.accounts.services import register_organisation
from app.agencies.models import Agency, AgencyType, Evaluator
from app.agencies.qualification import Problem, falls_short
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.notifications.services import send
from app.person_names import true_name
from app.policy import Permission, Role, can, require

# Data of persons: the log says that they changed, never what they are or were.
PERSONAL = frozenset({"legal_representative", "phone"})
OF_PERSON = ("name", "qualification", "working_since", "evaluating_since", "remark")
WEIGHTY = frozenset({"name", "qualification", "working_since", "evaluating_since"})
ELSEWHERE = _("This account belongs to another organisation")


@dataclass(frozen=True)
class Particulars:
    """What may be corrected later about an agency."""

    agency_type: AgencyType
    legal_representative: str
    address: str = ""
    phone: str = ""
    established_on: date | None = None
    platform_number: str = ""

    @classmethod
    def of(cls, agency: Agency) -> "Particulars":
        """What the register says of an agency today."""
        return cls(**{name: getattr(agency, name) for name in cls.__annotations__})


@dataclass(frozen=True)
class NewAgency:
    """What is asked of an agency that is entered in the register."""

    name: str
    credit_code: str
    particulars: Particulars


@dataclass(frozen=True)
class NewEvaluator:
    """What is asked of a practitioner who shall sign as lead evaluator."""

    name: str
    qualification: str
    working_since: date
    evaluating_since: date | None
    user: User | None = None
    remark: str = ""


def register_agency(actor: User, new: NewAgency) -> Agency:
    """The performance section enters an agency under its credit code, which must be a true one."""
    require(actor, Permission.AGENCY_REGISTER, None)
    organisation = register_organisation(
        actor, OrganisationKind.AGENCY, new.name, code=new.credit_code
    )
    facts = _kept(new.particulars)
    agency = Agency(organisation=organisation, registered_at=clock.now(), **facts)
    db.session.add(agency)
    db.session.flush()
    audit.record(
        actor, audit.Event.AGENCY_REGISTERED, agency, scope=agency, type=str(agency.agency_type)
    )
    return agency


def edit_agency(actor: User, agency: Agency, new: Particulars) -> None:
    """Correct an agency's particulars; what they were before stays in the log.

    Nothing is recorded where nothing changed. Data of persons are named there as changed, and
    their values are left out: the log is never erased.
    """
    require(actor, Permission.AGENCY_EDIT, agency)
    lock(agency)
    wanted = _kept(new)
    changed = sorted(name for name in wanted if getattr(agency, name) != wanted[name])
    if not changed:
        return
    told = {
        "before": _told(asdict(Particulars.of(agency)), changed),
        "after": _told(wanted, changed),
    }
    for name in changed:
        setattr(agency, name, wanted[name])
    audit.record(actor, audit.Event.AGENCY_EDITED, agency, scope=agency, changed=changed, **told)


def _kept(told: Particulars) -> dict[str, Any]:
    name = true_name(told.legal_representative, "legal_representative")
    return asdict(told) | {"legal_representative": name}


def _told(facts: dict[str, object], changed: list[str]) -> list[str]:
    return ["…" if name in PERSONAL else str(facts[name] or "") for name in changed]


def register_evaluator(actor: User, agency: Agency, new: NewEvaluator) -> Evaluator:
    """Enter a practitioner; the performance section's confirmation makes a lead evaluator."""
    require(actor, Permission.EVALUATOR_REGISTER, agency)
    _check_days(new)
    if new.user is not None and new.user.organisation_id != agency.id:
        raise Invalid(ELSEWHERE, field="user")
    evaluator = Evaluator(
        agency=agency,
        user=new.user,
        name=true_name(new.name),
        qualification=new.qualification.strip(),
        working_since=new.working_since,
        evaluating_since=new.evaluating_since,
        remark=new.remark.strip(),
    )
    db.session.add(evaluator)
    _ask_section(actor, evaluator)
    audit.record(actor, audit.Event.EVALUATOR_REGISTERED, evaluator, scope=agency)
    return evaluator


def _ask_section(actor: User, evaluator: Evaluator) -> None:
    """Whom an agency enters or corrects and who could sign waits for the section: it is told."""
    waits = evaluator.confirmed_at is None and falls_short(evaluator, clock.today()) is None
    if waits and not can(actor, Permission.EVALUATOR_CONFIRM, evaluator):
        agency = evaluator.agency
        facts, link = {"agency": agency.name}, f"/agencies/{agency.id}"
        send(holders_of(Role.PERFORMANCE_OFFICER), Kind.EVALUATOR_WAITS, facts, link)


def _check_days(new: NewEvaluator) -> None:
    if new.working_since > clock.today():
        words = _("The first day of work can't lie in the future")
        raise Invalid(words, field="working_since")
    if new.evaluating_since is not None and new.evaluating_since < new.working_since:
        words = _("Performance evaluation can't have begun before work did")
        raise Invalid(words, field="evaluating_since")


def correct_evaluator(actor: User, evaluator: Evaluator, new: NewEvaluator) -> None:
    """Correct what is entered of a practitioner; the log says what changed, never to what.

    A confirmation was the section's word about title and years: where the agency changes these,
    or they no longer suffice, the section has to confirm anew.
    """
    require(actor, Permission.EVALUATOR_REGISTER, evaluator)
    lock(evaluator)
    _check_days(new)
    wanted = {name: getattr(new, name) for name in OF_PERSON} | {"name": true_name(new.name)}
    changed = sorted(name for name in wanted if getattr(evaluator, name) != wanted[name])
    if not changed:
        return
    for name in changed:
        setattr(evaluator, name, wanted[name])
    trusted = can(actor, Permission.EVALUATOR_CONFIRM, evaluator) or not set(changed) & WEIGHTY
    if not trusted or falls_short(evaluator, clock.today()) is not None:
        evaluator.confirmed_at = evaluator.confirmed_by_id = None
    _ask_section(actor, evaluator)
    agency, event = evaluator.agency, audit.Event.EVALUATOR_EDITED
    audit.record(actor, event, evaluator, scope=agency, changed=changed)


def link_account(actor: User, evaluator: Evaluator, user: User | None) -> None:
    """Say which account is a practitioner's own, opened after them or at a new agency, or none.

    Hours of courses are shown beside the name by this account; it gives no right.
    """
    require(actor, Permission.EVALUATOR_REGISTER, evaluator)
    lock(evaluator)
    if evaluator.user_id == (user.id if user else None):
        return
    if user is not None and user.organisation_id != evaluator.agency_id:
        raise Invalid(ELSEWHERE, field="user")
    evaluator.user = user
    db.session.flush()
    agency, event = evaluator.agency, audit.Event.EVALUATOR_EDITED
    audit.record(actor, event, evaluator, scope=agency, changed=["account"])


def confirm_evaluator(actor: User, evaluator: Evaluator) -> None:
    """The performance section confirms a lead evaluator who has the years and the title today."""
    require(actor, Permission.EVALUATOR_CONFIRM, evaluator)
    lock(evaluator)
    if evaluator.confirmed_at is not None:
        raise Conflict(_("This lead evaluator is confirmed already"))
    if problem := falls_short(evaluator, clock.today()):
        raise Invalid(problem.words)
    evaluator.confirmed_at, evaluator.confirmed_by_id = clock.now(), actor.id
    audit.record(actor, audit.Event.EVALUATOR_CONFIRMED, evaluator, scope=evaluator.agency)


def mark_left(actor: User, evaluator: Evaluator) -> None:
    """Note that somebody no longer works for the agency; from that day they sign nothing."""
    require(actor, Permission.EVALUATOR_REGISTER, evaluator)
    lock(evaluator)
    if evaluator.left_at is not None:
        raise Conflict(Problem.LEFT.words)
    evaluator.left_at = clock.now()
    audit.record(actor, audit.Event.EVALUATOR_LEFT, evaluator, scope=evaluator.agency)
