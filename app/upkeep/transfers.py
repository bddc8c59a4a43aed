"""People who go from one agency to another. Each public function is one user action."""

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.accounts.services import close_account
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import Problem
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of, recipients
from app.notifications.services import send
from app.policy import Permission, Role, can, require
from app.upkeep import queries
from app.upkeep.models import Outcome, Transfer

PAGE = "/evaluator-transfers"


def ask_transfer(actor: User, old: Agency, name: str, reason: str) -> Transfer:
    """The new agency asks for a person whom it names; the old one, or the bureau, releases."""
    require(actor, Permission.TRANSFER_ASK, None)
    if old.id == actor.organisation_id:
        raise Invalid(_("This person works for you already"), field="agency")
    transfer = Transfer(
        evaluator=_the_one(old, name),
        to_agency_id=actor.organisation_id,
        reason=reason.strip(),
        asked_by_id=actor.id,
        asked_at=clock.now(),
        answer="",
    )
    db.session.add(transfer)
    people = [*recipients([old.id], {Role.AGENCY_ADMIN}), *holders_of(Role.PERFORMANCE_OFFICER)]
    send(people, Kind.TRANSFER_ASKED, {"agency": actor.organisation.name}, PAGE)
    audit.record(actor, audit.Event.TRANSFER_ASKED, transfer, scope=old)
    return transfer


def release_transfer(actor: User, transfer: Transfer) -> Evaluator:
    """The person leaves the one agency and stands at the other, with years, title and confirmation.

    Whatever they signed and the engagements that they lead stay where they are: a running one
    needs another lead evaluator there. Their account at the old agency is closed.
    """
    lock(transfer)
    require(actor, Permission.TRANSFER_DECIDE, transfer)
    person, old = transfer.evaluator, transfer.evaluator.agency
    lock(person)
    if person.left_at is not None:
        raise Conflict(Problem.LEFT.words)
    successor = _stands_anew(transfer)
    db.session.add(successor)
    person.left_at = clock.now()
    db.session.flush()
    transfer.successor_id = successor.id
    new = transfer.to_agency
    audit.record(actor, audit.Event.EVALUATOR_ARRIVED, successor, scope=new)
    _decide(actor, transfer, Outcome.RELEASED, "")
    account = person.user
    if account and account.is_active and can(actor, Permission.ACCOUNT_CLOSE, account):
        close_account(actor, account, transfer.reason)
    audit.record(actor, audit.Event.TRANSFER_RELEASED, transfer, scope=old)
    return successor


def refuse_transfer(actor: User, transfer: Transfer, words: str) -> None:
    """The old agency, or the bureau, says no, with a reason; the new one may ask again."""
    lock(transfer)
    require(actor, Permission.TRANSFER_DECIDE, transfer)
    if not words.strip():
        raise Invalid(_("Enter the reason"), field="words")
    _decide(actor, transfer, Outcome.REFUSED, words)
    old, answer = transfer.evaluator.agency, transfer.answer
    audit.record(actor, audit.Event.TRANSFER_REFUSED, transfer, scope=old, words=answer)


def _the_one(old: Agency, name: str) -> Evaluator:
    found = queries.practitioners_named(old.id, name)
    if len(found) != 1:
        raise Invalid(_("This agency has no practitioner, or several, of this name"), field="name")
    if queries.is_asked_for(found[0].id):
        raise Conflict(_("A transfer of this person waits for its decision already"))
    return found[0]


def _decide(actor: User, transfer: Transfer, outcome: Outcome, words: str) -> None:
    transfer.outcome, transfer.answer = outcome, words.strip()
    transfer.decided_at, transfer.decided_by_id = clock.now(), actor.id
    told = {"agency": transfer.to_agency.name}
    send([transfer.asked_by_id], Kind.TRANSFER_DECIDED, told, PAGE)


def _stands_anew(transfer: Transfer) -> Evaluator:
    person = transfer.evaluator
    return Evaluator(
        agency_id=transfer.to_agency_id,
        name=person.name,
        qualification=person.qualification,
        working_since=person.working_since,
        evaluating_since=person.evaluating_since,
        confirmed_at=person.confirmed_at,
        confirmed_by_id=person.confirmed_by_id,
        remark=person.remark,
    )
