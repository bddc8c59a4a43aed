"""Three-level review (三级复核): the agency's own people review a version, level after level."""

from collections.abc import Sequence
from hashlib import sha256

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import update

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Stale, Words
from app.papers import queries, review_queries, review_telling
from app.papers.models import PaperVersion
from app.papers.review_models import LEVELS, LevelReview, LevelReviewer, ReviewOutcome
from app.papers.review_queries import Turn
from app.policy import AGENCY_ROLES, Permission, require


def appoint_reviewers(actor: User, engagement: Engagement, people: Sequence[User]) -> None:
    """The agency names who reviews at levels 1, 2 and 3: three different people of its own.

    Level 1 is the lead evaluator or project manager, 2 quality control, 3 the technical head.
    """
    require(actor, Permission.LEVEL_REVIEW_APPOINT, engagement)
    _check_people(engagement, people)
    lock(engagement)
    now = clock.now()
    present = (LevelReviewer.engagement_id == engagement.id, LevelReviewer.replaced_at.is_(None))
    db.session.execute(update(LevelReviewer).where(*present).values(replaced_at=now))
    for level, person in zip(LEVELS, people, strict=True):
        db.session.add(_appointment(actor, engagement, level, person))
    names = [person.id for person in people]
    audit.record(
        actor,
        audit.Event.LEVEL_REVIEWERS_APPOINTED,
        engagement,
        scope=engagement,
        reviewers=names,
    )


def review_version(actor: User, turn: Turn, outcome: ReviewOutcome, opinion: str) -> LevelReview:
    """The reviewer of the next level passes the version or asks for a new one, with an opinion.

    In order, on the newest version only, and never by whoever prepared it.
    """
    require(actor, Permission.LEVEL_REVIEW_WRITE, turn)
    _check_turn(actor, turn)
    if not opinion.strip():
        raise Invalid(_("Write the opinion of this level"), field="opinion")
    review = _review(actor, turn, outcome, opinion.strip())
    db.session.add(review)
    about = turn.version.paper
    audit.record(actor, audit.Event.LEVEL_REVIEWED, about, scope=turn.engagement, **_told(review))
    review_telling.tell_of_review(review)
    return review


def reply_to_review(actor: User, review: LevelReview, words: str) -> None:
    """The agency answers a level's opinion once: what was done about it."""
    require(actor, Permission.LEVEL_REVIEW_REPLY, review)
    lock(review)
    if not words.strip():
        raise Invalid(_("Write the reply"), field="reply")
    if review.reviewer_id == actor.id:
        raise Conflict(_("The reviewer doesn't answer their own opinion"))
    if review.replied_at is not None:
        raise Conflict(_("This opinion was answered already"))
    review.reply, review.replied_by_id, review.replied_at = words.strip(), actor.id, clock.now()
    audit.record(
        actor,
        audit.Event.LEVEL_REVIEW_ANSWERED,
        review.version.paper,
        scope=review.engagement,
        index_no=review.version.paper.index_no,
        number=review.version.number,
        level=review.level,
        words_sha256=digest_of(review.reply),
    )


def owed_reviews(version: PaperVersion) -> Words | None:
    """A report is handed in only after its three levels passed, where the template asks for it.

    The levels passed this very version of it, and the newest one of every paper that is marked.
    """
    if version.engagement.template.needs_three_level_review and (words := _owed_of(version)):
        return words
    owed = [one.version for one in review_queries.unreviewed_papers(version.engagement)]
    if not owed:
        return None
    named = gettext(", ").join(f"{one.paper.index_no} {one.paper.title}" for one in owed)
    return _("The three-level review isn't complete of: %(papers)s", papers=named)


def _owed_of(version: PaperVersion) -> Words | None:
    standing = review_queries.standing_of(version.paper)
    if standing.version.id == version.id and standing.has_passed:
        return None
    if standing.is_changed_after_review:
        return _("The report was changed after its three-level review and has to be reviewed again")
    return _(
        "The three-level review of the report isn't complete: %(done)s of 3 levels",
        done=standing.passed,
    )


def digest_of(words: str) -> str:
    """What the log keeps of an opinion: the evaluated unit reads the time line, not the opinion."""
    return sha256(words.encode()).hexdigest()


def _check_people(engagement: Engagement, people: Sequence[User]) -> None:
    if len({person.id for person in people}) != len(LEVELS):
        raise Invalid(_("The three levels are reviewed by three different people"))
    for person in people:
        ours = person.organisation_id == engagement.agency_id and person.role in AGENCY_ROLES
        if not ours or not person.is_active:
            raise Invalid(_("Reviewers are people of the agency with an account in use"))


def _appointment(actor: User, engagement: Engagement, level: int, person: User) -> LevelReviewer:
    return LevelReviewer(
        engagement=engagement,
        level=level,
        user=person,
        appointed_by_id=actor.id,
        appointed_at=clock.now(),
    )


def _check_turn(actor: User, turn: Turn) -> None:
    """The newest version of a living, unlocked paper; its next level; three people, no preparer."""
    paper = turn.version.paper
    lock(paper)
    if turn.version.number != paper.current_version:
        raise Stale
    if paper.withdrawn_at is not None or queries.is_locked(paper):
        raise Conflict(_("This paper was withdrawn, or is locked as the final report"))
    standing = review_queries.standing_of(paper)
    if standing.turn is None or standing.turn.level != turn.level:
        raise Conflict(_("The levels review in order, each of them once"))
    if turn.version.submitted_by_id == actor.id:
        raise Conflict(_("Whoever prepared a version doesn't review it"))
    if actor.id in {review.reviewer_id for review in standing.reviews.values()}:
        raise Conflict(_("The three levels are reviewed by three different people"))


def _review(actor: User, turn: Turn, outcome: ReviewOutcome, opinion: str) -> LevelReview:
    return LevelReview(
        version=turn.version,
        level=turn.level,
        reviewer=actor,
        outcome=outcome,
        opinion=opinion,
        reviewed_at=clock.now(),
    )


def _told(review: LevelReview) -> dict[str, object]:
    return {
        "index_no": review.version.paper.index_no,
        "number": review.version.number,
        "sha256": review.version.sha256,
        "level": review.level,
        "outcome": review.outcome,
        "words_sha256": digest_of(review.opinion),
    }
