"""Objections and appeals: one for each decision, raised in time, decided by somebody else."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.assessments import queries, telling
from app.assessments.annual_models import AnnualRow
from app.assessments.credit_models import Consequence
from app.assessments.models import Assessment
from app.assessments.objection_models import Objection, Outcome
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require

Target = Assessment | AnnualRow | Consequence
KEYS = {Assessment: "assessment_id", AnnualRow: "row_id", Consequence: "consequence_id"}
LONGEST = 2000


def raise_objection(actor: User, target: Target, words: str) -> Objection:
    """The agency objects to an assessment, its row of a year, or a measure: once, and in time."""
    require(actor, Permission.OBJECTION_RAISE, target)
    lock(target)
    _expect_open(target, words)
    made = Objection(
        **{KEYS[type(target)]: target.id},
        agency_id=target.agency_id,
        words=words.strip(),
        raised_at=clock.now(),
        raised_by_id=actor.id,
        decide_by=clock.add_working_days(clock.today(), queries.rules_in_force().decision_days),
    )
    db.session.add(made)
    db.session.flush()
    telling.ask_ruling(made)
    audit.record(actor, audit.Event.OBJECTION_RAISED, made, scope=None, words=made.words)
    return made


def _expect_open(target: Target, words: str) -> None:
    if not may_object(target):
        raise Conflict(_("The time for objections is over, or this decision no longer stands"))
    if not 0 < len(words.strip()) <= LONGEST:
        told = _("Say what you object to and why, in at most %(n)s characters", n=LONGEST)
        raise Invalid(told, field="words")
    if objection_to(target) is not None:
        raise Conflict(_("An objection to this was raised already"))


def may_object(target: Target) -> bool:
    """Whether the window is open and the decision still stands."""
    until = target.objections_until
    return until is not None and clock.today() <= until and _stands(target)


def _stands(target: Target) -> bool:
    if isinstance(target, Assessment):
        return target.superseded_at is None
    if isinstance(target, AnnualRow):
        listed = target.annual_list
        ended = (listed.approved_at, listed.superseded_at, listed.returned_at)
        return all(at is None for at in ended)
    return target.revoked_at is None


def objection_to(target: Target) -> Objection | None:
    """The objection that was raised against this, if one was."""
    column = getattr(Objection, KEYS[type(target)])
    return db.session.scalar(select(Objection).where(column == target.id))


def decide_objection(actor: User, objection: Objection, outcome: Outcome, words: str) -> None:
    """Somebody who had no hand in the matter decides: the decision is upheld, or adjusted.

    Adjusting revokes a measure; an assessment is corrected by its next version, a year's list is
    drawn up anew. Nobody enters points or grades here, and everything stays readable.
    """
    require(actor, Permission.OBJECTION_DECIDE, objection)
    lock(objection)
    if objection.decided_at is not None:
        raise Conflict(_("This objection was decided already"))
    if not words.strip():
        raise Invalid(_("Give the reason"), field="words")
    objection.outcome, objection.decision_words = outcome, words.strip()
    objection.decided_by_id, objection.decided_at = actor.id, clock.now()
    if outcome is Outcome.ADJUSTED and objection.consequence is not None:
        objection.consequence.revoked_at = clock.now()
    telling.tell_ruling(objection)
    told = {"objection_outcome": outcome, "words": objection.decision_words}
    audit.record(actor, audit.Event.OBJECTION_DECIDED, objection, scope=None, **told)
