"""What people do in a consultation. Each public function is one action of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import Organisation, User
from app.attachments.models import columns_of
from app.consultations import labels, queries, scores, telling
from app.consultations.models import Consultation, ConsultationFile, Opinion, Verdict
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.papers.files import StoredFile
from app.papers.models import IndexClass, PaperVersion
from app.policy import Permission, require

MOST_OPINIONS = 100


@dataclass(frozen=True)
class NewConsultation:
    """A draft on its way to a unit."""

    unit: Organisation
    version: PaperVersion
    due_on: date
    words: str = ""


@dataclass(frozen=True)
class NewOpinion:
    """An opinion as the unit writes it; the place is a page or an indicator."""

    body: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """What the agency does with an opinion, why, and which score rows it changed by it."""

    verdict: Verdict
    reason: str
    changed: Sequence[str] = ()


def send_consultation(actor: User, engagement: Engagement, new: NewConsultation) -> Consultation:
    """The lead or the bureau puts the newest draft of a report before one evaluated unit."""
    lock(engagement)
    require(actor, Permission.CONSULTATION_SEND, engagement)
    _check(engagement, new)
    consultation = Consultation(
        engagement=engagement,
        unit=new.unit,
        number=queries.next_number(engagement),
        version=new.version,
        words=new.words.strip(),
        due_on=new.due_on,
        sent_at=clock.now(),
        sent_by_id=actor.id,
        scores_before=scores.points_of(engagement),
    )
    db.session.add(consultation)
    told = {"due_on": new.due_on.isoformat(), "sha256": new.version.sha256}
    _record(actor, audit.Event.CONSULTATION_SENT, consultation, **told)
    telling.tell_unit(consultation, Kind.CONSULTATION_ASKED)
    return consultation


def respond(
    actor: User,
    consultation: Consultation,
    opinions: Sequence[NewOpinion],
    letter: StoredFile | None = None,
) -> None:
    """The unit hands in its opinions, item by item, or that it has none; once."""
    lock(consultation)
    require(actor, Permission.CONSULTATION_RESPOND, consultation)
    if consultation.responded_at is not None or consultation.closed_at is not None:
        raise Conflict(_("The opinions on this draft were handed in already"))
    if len(opinions) > MOST_OPINIONS or any(not one.body.strip() for one in opinions):
        raise Invalid(_("Each opinion says something; at most %(n)s", n=MOST_OPINIONS))
    consultation.responded_at, consultation.responded_by_id = clock.now(), actor.id
    for number, one in enumerate(opinions, start=1):
        body, place = one.body.strip(), one.place.strip()
        consultation.opinions.append(Opinion(number=number, body=body, place=place, changed=[]))
    told = {"opinions": len(opinions), "sha256": letter.sha256 if letter else None}
    _record(actor, audit.Event.CONSULTATION_ANSWERED, consultation, **told)
    telling.tell_agency(consultation, Kind.CONSULTATION_RESPONDED)
    if letter is not None:
        add_letter(actor, consultation, letter)


def add_letter(actor: User, consultation: Consultation, letter: StoredFile) -> None:
    """The unit's letter, sent with its opinions, stands beside them once it passed the check."""
    lock(consultation)
    require(actor, Permission.CONSULTATION_RESPOND, consultation)
    consultation.files.append(ConsultationFile(**columns_of(actor, letter)))
    told = {"file": letter.name, "sha256": letter.sha256, "unclassified": letter.is_unclassified}
    _record(actor, audit.Event.CONSULTATION_LETTER, consultation, **told)


def answer_opinion(actor: User, opinion: Opinion, answer: Answer) -> None:
    """The agency adopts an opinion, in part, or doesn't, and gives its reason; until it is closed.

    A score that moved since the draft was sent is named by the opinion that moved it.
    """
    consultation = opinion.consultation
    lock(consultation)
    require(actor, Permission.CONSULTATION_ANSWER, opinion)
    if consultation.closed_at is not None:
        raise Conflict(_("This consultation is closed"))
    if not answer.reason.strip():
        raise Invalid(_("Give the reason"), field="reason")
    if answer.changed and answer.verdict is Verdict.REJECTED:
        raise Invalid(_("An opinion that wasn't adopted changes no score"), field="changed")
    opinion.verdict, opinion.reason = answer.verdict, answer.reason.strip()
    opinion.changed = list(answer.changed)
    opinion.answered_at, opinion.answered_by_id = clock.now(), actor.id
    told = {"opinion": opinion.number, "verdict": answer.verdict, "reason": opinion.reason}
    _record(actor, audit.Event.OPINION_ANSWERED, consultation, **told)


def close_consultation(actor: User, consultation: Consultation, words: str = "") -> None:
    """The lead closes it: every opinion is answered and every moved score named by one.

    Where the unit stayed silent past the day, it is closed with words that say so.
    """
    lock(consultation)
    require(actor, Permission.CONSULTATION_CLOSE, consultation)
    if consultation.closed_at is not None:
        raise Conflict(_("This consultation is closed"))
    _check_closing(consultation, words)
    after = scores.points_of(consultation.engagement)
    _check_scores(consultation, after)
    consultation.closed_at, consultation.closed_by_id = clock.now(), actor.id
    consultation.close_words, consultation.scores_after = words.strip(), after
    told = {"opinions": len(consultation.opinions), "words": consultation.close_words}
    _record(actor, audit.Event.CONSULTATION_CLOSED, consultation, **told)
    telling.tell_unit(consultation, Kind.CONSULTATION_CLOSED)


def record_export(actor: User, consultation: Consultation, form: str) -> None:
    """Somebody takes the table of opinions away."""
    require(actor, Permission.CONSULTATION_READ, consultation)
    _record(actor, audit.Event.CONSULTATION_EXPORTED, consultation, form=form)


def _check(engagement: Engagement, new: NewConsultation) -> None:
    paper = new.version.paper
    if new.unit.id not in engagement.unit_ids:
        raise Invalid(_("This unit isn't evaluated in this engagement"), field="unit")
    if paper.engagement_id != engagement.id or paper.index_class is not IndexClass.H:
        raise Invalid(_("A report of this engagement (class H) is sent"), field="version")
    if paper.withdrawn_at is not None or new.version.number != paper.current_version:
        raise Invalid(_("The newest version of the draft is sent"), field="version")
    if not clock.today() < new.due_on <= clock.LAST_DAY or not clock.is_working_day(new.due_on):
        raise Invalid(_("The day must be a working day after today"), field="due_on")
    if queries.open_with(engagement, new.unit.id):
        raise Conflict(_("This unit is being consulted already"))


def _check_closing(consultation: Consultation, words: str) -> None:
    if consultation.responded_at is None:
        if consultation.due_on >= clock.today():
            raise Conflict(_("The unit still has time to answer"))
        if not words.strip():
            raise Invalid(_("Say that the unit was asked and stayed silent"), field="reason")
    left = [one.number for one in consultation.opinions if one.verdict is None]
    if left:
        told = labels.listed(f"#{number}" for number in left)
        raise Conflict(_("Opinions without an answer: %(opinions)s", opinions=told))


def _check_scores(consultation: Consultation, after: dict[str, str]) -> None:
    moved = scores.moves(consultation.scores_before, after)
    named = [row for one in consultation.opinions for row in one.changed]
    if left := scores.unnamed(moved, named):
        told = labels.listed(left)
        raise Conflict(_("Scores that moved and that no opinion names: %(rows)s", rows=told))


def _record(actor: User, event: audit.Event, consultation: Consultation, **facts: object) -> None:
    told = {"consultation": consultation.number, "unit": consultation.unit.name}
    audit.record(actor, event, consultation, scope=consultation.engagement, **told, **facts)
