"""What people do with the data about themselves. Each public function is one user action."""

import re

from flask_babel import lazy_gettext as _

from app import audit, clock, id_number
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.person_names import true_name
from app.personal import queries
from app.personal.models import CorrectionRequest, Outcome, PersonalData
from app.policy import Permission, require

PHONE = re.compile(r"\+?[0-9][0-9-]{6,19}")


def save_own_data(actor: User, number: str, phone: str) -> PersonalData:
    """A person keeps ID number and telephone here, or takes them back; the log holds neither."""
    require(actor, Permission.PERSONAL_DATA_OWN, actor)
    number, phone = id_number.normalise(number), id_number.normalise(phone)
    if number and (problem := id_number.check(number, clock.today())):
        raise Invalid(problem.words, field="id_number")
    if phone and not PHONE.fullmatch(phone):
        raise Invalid(_("Enter a telephone number of 7 to 20 digits"), field="phone")
    kept = queries.data_of(actor) or PersonalData(user_id=actor.id)
    told = {"id_number": number or None, "phone": phone or None}
    changed = sorted(name for name in told if getattr(kept, name) != told[name])
    for name in changed:
        setattr(kept, name, told[name])
    kept.changed_at, kept.erased_at = clock.now(), None
    db.session.add(kept)
    audit.record(actor, audit.Event.PERSONAL_DATA_SAVED, actor, changed=changed)
    return kept


def note_export(actor: User, form: str) -> None:
    """A person takes what the portal holds about them."""
    require(actor, Permission.PERSONAL_DATA_OWN, actor)
    audit.record(actor, audit.Event.PERSONAL_DATA_EXPORTED, actor, form=form)


def ask_correction(actor: User, words: str, new_name: str = "") -> CorrectionRequest:
    """A person asks for a correction; the words are for whoever answers, not for the log."""
    require(actor, Permission.PERSONAL_DATA_OWN, actor)
    if not words.strip():
        raise Invalid(_("Say what is wrong and what would be right"), field="words")
    asked = CorrectionRequest(
        user_id=actor.id,
        words=words.strip(),
        new_name=true_name(new_name, "new_name") if new_name.strip() else "",
        asked_at=clock.now(),
    )
    db.session.add(asked)
    audit.record(actor, audit.Event.CORRECTION_ASKED, asked)
    return asked


def answer_correction(actor: User, asked: CorrectionRequest, outcome: Outcome, answer: str) -> None:
    """Whoever looks after the account answers in writing; a new name that is granted holds."""
    require(actor, Permission.CORRECTION_ANSWER, asked)
    lock(asked)
    if asked.answered_at is not None:
        raise Conflict(_("This request was answered already"))
    if not answer.strip():
        raise Invalid(_("Write an answer"), field="answer")
    asked.outcome, asked.answer = outcome, answer.strip()
    asked.answered_at, asked.answered_by_id = clock.now(), actor.id
    if outcome is Outcome.CORRECTED and asked.new_name:
        asked.user.name = asked.new_name
    audit.record(actor, audit.Event.CORRECTION_ANSWERED, asked, outcome=str(outcome))
