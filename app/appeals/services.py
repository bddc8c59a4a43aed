"""What the agency says to its opened rating, and how its appeal is decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.appeals import queries
from app.appeals.models import AgencyReply, Appeal, Outcome
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of, recipients
from app.policy import AGENCY_ROLES, ROLES_OF_PARTY, Permission, require
from app.reviews import services as reviews
from app.reviews.models import Review, ReviewRound, RulingKind

LONGEST = 2000


def reply(actor: User, found: ReviewRound, words: str, *, window: int) -> AgencyReply:
    """The agency answers its rating in words, within the window; all who read it read the reply."""
    require(actor, Permission.REVIEW_REPLY, found)
    _expect_in_time(found, window)
    said = AgencyReply(
        round_id=found.id,
        author_id=actor.id,
        words=_checked(words, field="words"),
        replied_at=clock.now(),
    )
    db.session.add(said)
    audit.record(actor, audit.Event.AGENCY_REPLIED, said, scope=found.engagement)
    return said


def file_appeal(
    actor: User,
    found: ReviewRound,
    grounds: str,
    quoted: Sequence[str],
    *,
    window: int,
    decision: int,
) -> Appeal:
    """The agency appeals once against its result and, if it likes, against words of it.

    It has so many working days from the opening; the decider has so many from now.
    """
    lock(found)
    require(actor, Permission.APPEAL_FILE, found)
    _expect_in_time(found, window)
    if queries.appeal_of(found) is not None:
        raise Conflict(_("An appeal against this rating was filed already"))
    known = queries.words_of(found, actor)
    filed = Appeal(
        round=found,
        author_id=actor.id,
        grounds=_checked(grounds, field="grounds"),
        quoted=[words for words in known if words in set(quoted)],
        filed_at=clock.now(),
        due_on=clock.add_working_days(clock.today(), decision),
    )
    db.session.add(filed)
    audit.record(actor, audit.Event.APPEAL_FILED, filed, scope=found.engagement)
    _tell_deciders(filed)
    return filed


def decide_appeal(
    actor: User,
    appeal: Appeal,
    verdicts: Mapping[int, RulingKind],
    reason: str,
    *,
    days: int,
) -> Appeal:
    """Somebody who rated nothing here decides: each review stands, is voided, or goes back.

    No star is ever entered. A review that isn't named stands; where none is, the appeal is
    upheld as it was (维持). Whoever gets a review back has so many working days.
    """
    lock(appeal.round)
    lock(appeal)
    require(actor, Permission.APPEAL_DECIDE, appeal)
    appeal.reason = _checked(reason, field="reason")
    ruled = [each for each in queries.judged(appeal) if each.id in verdicts]
    if len(ruled) != len(verdicts):
        raise Conflict(_("One of these reviews was ruled on already, or isn't of this rating"))
    for each in ruled:
        reviews.rule(actor, each, verdicts[each.id], appeal.reason, days=days)
    appeal.outcome = Outcome.ADJUSTED if ruled else Outcome.UPHELD
    appeal.decided_at, appeal.decided_by_id = clock.now(), actor.id
    told: dict[str, Any] = {"outcome": appeal.outcome, "rulings": len(ruled)}
    audit.record(actor, audit.Event.APPEAL_DECIDED, appeal, scope=appeal.engagement, **told)
    _tell_of_decision(appeal, ruled)
    return appeal


def _checked(words: str, field: str) -> str:
    if not words.strip():
        raise Invalid(_("Say it in words"), field=field)
    if len(words) > LONGEST:
        raise Invalid(_("At most 2000 characters"), field=field)
    return words.strip()


def _expect_in_time(found: ReviewRound, window: int) -> None:
    last: date | None = queries.last_day_of(found, window)
    if last is None or clock.today() > last:
        raise Conflict(_("The days for a reply or an appeal are over"))


def _tell_deciders(appeal: Appeal) -> None:
    people = set(holders_of(*queries.DECIDERS)) - appeal.rater_ids
    facts = {"due": appeal.due_on.isoformat(), "engagement": appeal.engagement.name}
    notifications.send(people, Kind.APPEAL_FILED, facts, f"/appeals/{appeal.id}")


def _tell_of_decision(appeal: Appeal, ruled: Sequence[Review]) -> None:
    facts = {"engagement": appeal.engagement.name}
    people = recipients({appeal.engagement.agency_id}, AGENCY_ROLES)
    notifications.send(people, Kind.APPEAL_DECIDED, facts, f"/appeals/{appeal.id}")
    for each in ruled:
        if each.ruling is None or each.ruling.closes_on is None:
            continue
        closes = {**facts, "closes": each.ruling.closes_on.isoformat()}
        place = f"/reviews/{each.invitation_id}"
        notifications.send(_writers(each), Kind.REVIEW_RETURNED, closes, place)


def _writers(review: Review) -> Sequence[int]:
    """Its writer; where that was somebody without an account, the people of the party."""
    if review.author_id is not None:
        return [review.author_id]
    party = review.invitation
    return recipients({party.organisation_id}, ROLES_OF_PARTY[party.party])
