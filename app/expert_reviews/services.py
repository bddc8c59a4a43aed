"""What people do in an expert review. Each public function is one action of one person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.expert_reviews import call_gates, queries, telling
from app.expert_reviews.models import ExpertOpinion, ExpertReview, ExpertSeat, Ground
from app.expert_reviews.totals import LEAST_TRIMMED, Rule, total
from app.notifications.kinds import Kind
from app.papers.models import PaperVersion
from app.policy import Permission, Role, require

MOST_OPINIONS = 60


@dataclass(frozen=True)
class NewReview:
    """A meeting as it is called."""

    version: PaperVersion
    held_on: date
    place: str
    rule: Rule
    criteria: Sequence[tuple[str, int]]
    experts: Sequence[User]


@dataclass(frozen=True)
class Sheet:
    """What an expert thinks: points for each criterion, and opinions (place, words)."""

    points: Sequence[Decimal]
    opinions: Sequence[tuple[str, str]] = ()


def call_review(actor: User, engagement: Engagement, new: NewReview) -> ExpertReview:
    """The bureau, or the department that commissioned, calls experts to judge a paper's version.

    The rule of the total and the criteria are said here, before anybody scores.
    """
    lock(engagement)
    require(actor, Permission.EXPERT_REVIEW_CALL, engagement)
    _check(engagement, new)
    review = ExpertReview(
        engagement=engagement,
        number=queries.next_number(engagement),
        version=new.version,
        held_on=new.held_on,
        place=new.place.strip(),
        rule=new.rule,
        criteria=[{"name": name.strip(), "points": points} for name, points in new.criteria],
        called_by_id=actor.id,
        called_at=clock.now(),
        seats=_seats(new),
    )
    db.session.add(review)
    told = {"sha256": new.version.sha256, "total_rule": new.rule, "experts": len(review.seats)}
    _record(actor, audit.Event.EXPERT_REVIEW_CALLED, review, **told)
    telling.tell_experts(review, Kind.EXPERT_REVIEW_CALLED)
    return review


def state_grounds(actor: User, seat: ExpertSeat, grounds: Collection[Ground]) -> None:
    """The expert states on the five grounds whether they stand aside; once, before the sheet."""
    lock(seat)
    require(actor, Permission.EXPERT_SHEET_SUBMIT, seat)
    if seat.stated_at is not None or seat.review.concluded_at is not None:
        raise Conflict(_("The statement was made already"))
    seat.stated_at = clock.now()
    seat.grounds = [str(ground) for ground in Ground if ground in grounds]
    _record(actor, audit.Event.EXPERT_STATED, seat.review, seat=seat.number, grounds=seat.grounds)


def submit_sheet(actor: User, seat: ExpertSeat, sheet: Sheet) -> None:
    """An expert hands in their own points and opinions, once; nobody sees them before the end."""
    review = seat.review
    lock(review)
    require(actor, Permission.EXPERT_SHEET_SUBMIT, seat)
    if seat.stated_at is None or seat.is_recused:
        raise Conflict(_("The statement on the five grounds comes first; who stands aside is out"))
    if seat.submitted_at is not None or review.concluded_at is not None:
        raise Conflict(_("This sheet was handed in already"))
    _check_sheet(review, sheet)
    seat.scores = [int(points * 100) for points in sheet.points]
    seat.submitted_at = clock.now()
    first = len(review.opinions) + 1
    for number, (place, body) in enumerate(sheet.opinions, start=first):
        opinion = ExpertOpinion(number=number, seat=seat, place=place.strip(), body=body.strip())
        review.opinions.append(opinion)
    told = {"seat": seat.number, "opinions": len(sheet.opinions)}
    _record(actor, audit.Event.EXPERT_SHEET_SUBMITTED, review, **told)


def conclude_review(actor: User, review: ExpertReview, minutes: str) -> None:
    """Who called it ends it with minutes; the total follows from the sheets by the rule."""
    lock(review)
    require(actor, Permission.EXPERT_REVIEW_CALL, review)
    if review.concluded_at is not None:
        raise Conflict(_("This review is concluded already"))
    if not minutes.strip():
        raise Invalid(_("Write the minutes"), field="minutes")
    sheets = [seat for seat in review.seats if seat.submitted_at is not None]
    _check_sheets(review, sheets)
    found = total(review.rule, [sum(seat.points, Decimal(0)) for seat in sheets])
    review.hundredths = int(found * 100)
    review.minutes, review.concluded_at = minutes.strip(), clock.now()
    review.concluded_by_id = actor.id
    told = {"sheets": len(sheets), "opinions": len(review.opinions), "total": f"{found:f}"}
    _record(actor, audit.Event.EXPERT_REVIEW_CONCLUDED, review, **told)
    telling.tell_agency(review, Kind.EXPERT_REVIEW_CONCLUDED)


def answer_opinion(actor: User, opinion: ExpertOpinion, answer: str) -> None:
    """The agency says of each opinion what was changed, or why not (修改说明)."""
    lock(opinion.review)
    require(actor, Permission.EXPERT_OPINION_ANSWER, opinion)
    if opinion.review.concluded_at is None:
        raise Conflict(_("The review isn't concluded yet"))
    if not answer.strip():
        raise Invalid(_("Say what was changed, or why nothing was"), field="answer")
    opinion.answer = answer.strip()
    opinion.answered_at, opinion.answered_by_id = clock.now(), actor.id
    told = {"opinion": opinion.number, "words": opinion.answer}
    _record(actor, audit.Event.EXPERT_OPINION_ANSWERED, opinion.review, **told)


def _check(engagement: Engagement, new: NewReview) -> None:
    paper = new.version.paper
    if paper.engagement_id != engagement.id or paper.withdrawn_at is not None:
        raise Invalid(_("A paper of this engagement is reviewed"), field="version")
    if not new.place.strip():
        raise Invalid(_("This must be filled in"), field="place")
    if not clock.FIRST_DAY <= new.held_on <= clock.LAST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"), field="held_on")
    if sum(points for _name, points in new.criteria) != 100:
        raise Invalid(_("The points of the criteria must add up to 100"), field="criteria")
    if any(points <= 0 or not name.strip() for name, points in new.criteria):
        raise Invalid(_("Each criterion needs a name and its points"), field="criteria")
    _check_experts(engagement, new)


def _check_experts(engagement: Engagement, new: NewReview) -> None:
    if any(expert.role is not Role.EXPERT for expert in new.experts):
        raise Invalid(_("Only experts are invited"), field="experts")
    least = LEAST_TRIMMED if new.rule is Rule.TRIMMED else 1
    if len({expert.id for expert in new.experts}) < least:
        raise Invalid(_("This rule needs at least %(n)s experts", n=least), field="experts")
    for gate in call_gates:
        gate(engagement, {expert.id for expert in new.experts})


def _seats(new: NewReview) -> list[ExpertSeat]:
    people = sorted({expert.id: expert for expert in new.experts}.values(), key=lambda e: e.id)
    return [
        ExpertSeat(number=number, expert=expert, grounds=[], scores=[])
        for number, expert in enumerate(people, start=1)
    ]


def _check_sheet(review: ExpertReview, sheet: Sheet) -> None:
    if len(sheet.points) != len(review.criteria):
        raise Invalid(_("Each criterion needs its points"))
    for points, criterion in zip(sheet.points, review.criteria, strict=True):
        if not 0 <= points <= criterion["points"] or points * 100 != int(points * 100):
            words = _("From 0 to %(n)s, two decimals at most", n=criterion["points"])
            raise Invalid(words, field="points")
    if len(sheet.opinions) > MOST_OPINIONS or any(not body.strip() for _p, body in sheet.opinions):
        raise Invalid(_("Each opinion says something; at most %(n)s", n=MOST_OPINIONS))


def _check_sheets(review: ExpertReview, sheets: Sequence[ExpertSeat]) -> None:
    waiting = [s for s in review.seats if s.submitted_at is None and not s.is_recused]
    if waiting:
        raise Conflict(_("Sheets that are still missing: %(n)s", n=len(waiting)))
    least = LEAST_TRIMMED if review.rule is Rule.TRIMMED else 1
    if len(sheets) < least:
        words = _("This rule needs %(n)s sheets; call another review", n=least)
        raise Conflict(words)


def _record(actor: User, event: audit.Event, review: ExpertReview, **facts: object) -> None:
    audit.record(actor, event, review, scope=review.engagement, review=review.number, **facts)
