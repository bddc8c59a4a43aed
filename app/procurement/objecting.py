"""Objections to an award: 质疑 7/7 and 投诉 15/30 working days where the act holds.

Below the limit the bureau's own rule gives the days: as long as the result stands publicly.
"""

from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.agencies.models import Agency
from app.db import db, lock
from app.errors import Conflict, Forbidden, Invalid, Words
from app.policy import Permission, require
from app.policy.roles import AGENCY_ROLES
from app.procurement import telling
from app.procurement.models import Award, AwardObjection

FILE, ANSWER, COMPLAIN, DECIDE = 7, 7, 15, 30  # working days (政府采购法第六章)


def last_day(award: Award) -> date:
    """The last day on which an objection is heard.

    Where the act holds, seven working days from the end of the result's public notice (政府采购法
    实施条例第五十三条); else as long as the result stands publicly.
    """
    if award.lot.need.is_statutory:
        return clock.add_working_days(award.public_until, FILE)
    return award.public_until


def rule_for(award: Award) -> Words:
    """Until when objections to a result are heard, and by which rule they are answered."""
    if award.lot.need.is_statutory:
        return _(
            "Objections (质疑) are heard until %(day)s and answered in %(n)s working days; then a"
            " complaint (投诉) is open for %(more)s working days (政府采购法第六章).",
            day=last_day(award), n=ANSWER, more=COMPLAIN,
        )  # fmt: skip
    return _(
        "By the bureau's own rule objections are heard until %(day)s, while the result stands"
        " publicly, and answered in %(n)s working days.",
        day=last_day(award),
        n=award.lot.need.rules.answer_days,
    )


def object_to(actor: User, award: Award, agency: Agency, words: str) -> AwardObjection:
    """An agency objects to a result, or the bureau enters one that came on paper.

    A contract signed meanwhile takes nobody's right away: the period alone ends it.
    """
    lock(award)
    require(actor, Permission.PROCUREMENT_OBJECT, award)
    if actor.role in AGENCY_ROLES and actor.organisation_id != agency.id:
        raise Forbidden
    if award.withdrawn_at is not None:
        raise Conflict(_("This award was withdrawn"))
    if clock.today() > last_day(award):
        raise Conflict(_("Objections were heard until %(day)s", day=last_day(award)))
    if not words.strip():
        raise Invalid(_("Say what is objected to, and by which facts"), field="words")
    days = ANSWER if award.lot.need.is_statutory else award.lot.need.rules.answer_days
    due = clock.add_working_days(clock.today(), days)
    found = AwardObjection(agency=agency, words=words.strip(), filed_at=clock.now(),
                           filed_by_id=actor.id, answer_due_on=due)  # fmt: skip
    award.objections.append(found)
    db.session.flush()
    telling.tell_bureau(award)
    told = {"agency": agency.name, "lot": award.lot.name, "words": found.words}
    audit.record(actor, audit.Event.AWARD_OBJECTED, award, **told)
    return found


def answer(actor: User, objection: AwardObjection, words: str) -> None:
    """The bureau answers in writing; how late it was follows from the day."""
    lock(objection)
    require(actor, Permission.PROCUREMENT_AWARD, objection.award)
    if objection.answered_at is not None:
        raise Conflict(_("This was answered already"))
    if not words.strip():
        raise Invalid(_("Write the answer"), field="words")
    objection.answer, objection.answered_at = words.strip(), clock.now()
    objection.answered_by_id = actor.id
    told = {"agency": objection.agency.name, "lot": objection.award.lot.name}
    audit.record(actor, audit.Event.AWARD_ANSWERED, objection.award, words=objection.answer, **told)


def complain(actor: User, objection: AwardObjection, words: str) -> None:
    """Who isn't content with the answer, or got none in time, complains (投诉)."""
    lock(objection)
    require(actor, Permission.PROCUREMENT_COMPLAIN, objection)
    if not objection.award.lot.need.is_statutory:
        raise Conflict(_("There are complaints in statutory procurement only"))
    if objection.complained_at is not None:
        raise Conflict(_("A complaint was entered already"))
    if objection.answered_at is None and clock.today() <= objection.answer_due_on:
        raise Conflict(_("The time for the answer isn't over"))
    if clock.today() > last_complaint_day(objection):
        last = last_complaint_day(objection)
        raise Conflict(_("Complaints were heard until %(day)s", day=last))
    if not words.strip():
        raise Invalid(_("Say what is complained of, and by which facts"), field="words")
    objection.complaint, objection.complained_at = words.strip(), clock.now()
    objection.decision_due_on = clock.add_working_days(clock.today(), DECIDE)
    telling.tell_bureau(objection.award)
    told = {"agency": objection.agency.name, "lot": objection.award.lot.name}
    audit.record(actor, audit.Event.AWARD_COMPLAINED, objection.award, words=words, **told)


def decide(actor: User, objection: AwardObjection, words: str) -> None:
    """The decision on a complaint is entered, as the supervising body took it."""
    lock(objection)
    require(actor, Permission.PROCUREMENT_AWARD, objection.award)
    if objection.complained_at is None or objection.decided_at is not None:
        raise Conflict(_("There is no complaint to be decided"))
    if not words.strip():
        raise Invalid(_("Write the decision"), field="words")
    objection.decision, objection.decided_at = words.strip(), clock.now()
    told = {"agency": objection.agency.name, "lot": objection.award.lot.name}
    audit.record(
        actor, audit.Event.AWARD_DECIDED, objection.award, words=objection.decision, **told
    )


def last_complaint_day(objection: AwardObjection) -> date:
    """The last day of a complaint: fifteen working days from the end of the time for the answer.

    An early answer doesn't shorten it (政府采购法第五十五条); a late one makes it begin then.
    """
    start = objection.answer_due_on
    if objection.answered_at is not None:
        start = max(start, clock.day_of(objection.answered_at))
    return clock.add_working_days(start, COMPLAIN)
