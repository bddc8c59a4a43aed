"""Questions about a need, answers to all, changes of its notice. Each function is one action."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.clarifications import queries, telling
from app.clarifications.models import Change, Question
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import times
from app.procurement.models import Need

# A change that may touch the bids leaves at least so long (财库〔2014〕214号第十四条 by its sense).
CHANGE_LEAVES = timedelta(days=5)
MOST_QUESTIONS = 20  # of one agency about one need


def ask(actor: User, need: Need, words: str) -> Question:
    """An agency asks while bids or offers are taken; nobody else ever learns who asked."""
    lock(need)
    require(actor, Permission.PROCUREMENT_OFFER, need)
    _expect_open(need)
    if not words.strip():
        raise Invalid(_("Write the question"), field="words")
    if queries.count_of(need, actor.organisation_id) >= MOST_QUESTIONS:
        raise Conflict(_("Your agency has asked %(n)s questions already", n=MOST_QUESTIONS))
    question = Question(need=need, number=queries.next_question(need), words=words.strip(),
                        agency_id=actor.organisation_id, asked_at=clock.now(),
                        asked_by_id=actor.id)  # fmt: skip
    db.session.add(question)
    db.session.flush()
    telling.tell_bureau(need)
    told = {"need": need.code, "words": question.words}
    audit.record(actor, audit.Event.NEED_QUESTION_ASKED, question, **told)
    return question


def answer(actor: User, question: Question, words: str) -> None:
    """The bureau answers to all, in time for everybody: not after the end."""
    lock(question)
    require(actor, Permission.PROCUREMENT_PLAN, question.need)
    if question.answered_at is not None:
        raise Conflict(_("This was answered already"))
    _expect_open(question.need)
    if not words.strip():
        raise Invalid(_("Write the answer"), field="words")
    question.answer, question.answered_at = words.strip(), clock.now()
    question.answered_by_id = actor.id
    telling.tell_agencies(question.need)
    told: dict[str, Any] = {"need": question.need.code, "number": question.number}
    event = audit.Event.NEED_QUESTION_ANSWERED
    audit.record(actor, event, question.need, words=question.answer, **told)


def change_notice(actor: User, need: Need, words: str) -> Change:
    """The notice is changed for all; where less than five days are left, the end moves by rule.

    Envelopes that are in stay good, and may be replaced until the new end.
    """
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    until = _expect_open(need)
    if not words.strip():
        raise Invalid(_("Write what changes"), field="words")
    change = Change(need=need, number=queries.next_change(need), words=words.strip(),
                    until_before=until, until_after=max(until, clock.now() + CHANGE_LEAVES),
                    made_at=clock.now(), made_by_id=actor.id)  # fmt: skip
    need.offers_until = change.until_after
    db.session.add(change)
    db.session.flush()
    telling.tell_agencies(need)
    told: dict[str, Any] = {"need": need.code, "words": change.words}
    ends = {"before": until.isoformat(), "until": change.until_after.isoformat()}
    audit.record(actor, audit.Event.NOTICE_CHANGED, need, **told, **ends)
    return change


def _expect_open(need: Need) -> Any:
    """Until when, by the portal's clock and by the database's; Conflict where it is over."""
    until = need.offers_until
    if not need.is_taking_offers or until is None or times.database_now() >= until:
        raise Conflict(_("The time for questions and changes is over"))
    return until
