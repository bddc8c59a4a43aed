"""Questions about courses and hours. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, extract, false, func, or_, select

from app import clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.errors import Words
from app.policy import AGENCY_ROLES, AUDIENCES, Permission, Person, Role, can, sees_whole_district
from app.reviews.models import Dimension, Review, ReviewRound, ReviewScore
from app.training import watching
from app.training.models import (
    Audience,
    CertificateAttempt,
    ClaimState,
    Course,
    CoursePage,
    HourRecord,
    PageReading,
    QuizAttempt,
    QuizQuestion,
    SessionSignIn,
)

FEWEST = 3  # stars that a mean is made of, as everywhere
MOST_ATTEMPTS = 10  # wrong certificate numbers from one place within the hour
WITHIN = timedelta(hours=1)
FULL = 5  # stars: a weakest dimension as good as this needs no course


@dataclass(frozen=True)
class Progress:
    """How far somebody is with a course: pages and videos done of all, and whether it is over."""

    read: int
    pages: int
    is_done: bool

    @property
    def is_begun(self) -> bool:
        """Whether anything was read."""
        return self.read > 0


def audiences_of(user: Person) -> tuple[Audience, ...]:
    """The audiences that this person belongs to."""
    return tuple(one for one in Audience if user.role in AUDIENCES[one])


def _published() -> ColumnElement[bool]:
    return and_(Course.published_at.is_not(None), Course.withdrawn_at.is_(None))


def courses_visible_to(user: Person) -> Select[Course]:
    """Exactly the courses that this person may read; the caller orders and pages them."""
    query = select(Course)
    if sees_whole_district(user, None):
        return query
    if not can(user, Permission.COURSE_LIST, None):
        return query.where(false())
    mine = (Course.audience == one for one in audiences_of(user))
    return query.where(_published(), or_(*mine))  # a search asks so too: IN is put together anew


def progress_of(user: Person, courses: Sequence[Course]) -> dict[int, Progress]:
    """How far this person is with each of these courses, in four statements."""
    keys = [course.id for course in courses]
    pages = _counts(select(CoursePage.course_id, func.count()), keys)
    read = _counts(
        select(CoursePage.course_id, func.count())
        .join(PageReading, PageReading.page_id == CoursePage.id)
        .where(PageReading.user_id == user.id),
        keys,
    )
    done = select(HourRecord.course_id).where(
        HourRecord.user_id == user.id, HourRecord.course_id.in_(keys)
    )
    earned = set(db.session.scalars(done))
    videos = watching.counts(user, keys)
    told = {}
    for key in keys:
        shown, watched = videos.get(key, (0, 0))
        so_far, all_of_it = read.get(key, 0) + watched, pages.get(key, 0) + shown
        told[key] = Progress(so_far, all_of_it, is_done=key in earned)
    return told


def _counts(query: Select[int, int], keys: Collection[int]) -> dict[int, int]:
    counted = query.where(CoursePage.course_id.in_(keys)).group_by(CoursePage.course_id)
    return {key: number for key, number in db.session.execute(counted)}  # noqa: C416 - typed pairs


def pages_read(user: Person, course: Course) -> set[int]:
    """The ids of the course's pages that this person has read."""
    query = (
        select(PageReading.page_id)
        .join(CoursePage, PageReading.page_id == CoursePage.id)
        .where(PageReading.user_id == user.id, CoursePage.course_id == course.id)
    )
    return set(db.session.scalars(query))


def attempts_of(user: Person, course: Course) -> Sequence[QuizAttempt]:
    """This person's tries at the course's quiz, in order."""
    query = select(QuizAttempt).where(
        QuizAttempt.user_id == user.id, QuizAttempt.course_id == course.id
    )
    return db.session.scalars(query.order_by(QuizAttempt.number)).all()


def bank_of(course: Course) -> Sequence[QuizQuestion]:
    """The questions that are asked now."""
    query = select(QuizQuestion).where(
        QuizQuestion.course_id == course.id, QuizQuestion.retired_at.is_(None)
    )
    return db.session.scalars(query.order_by(QuizQuestion.id)).all()


def lacking(course: Course) -> list[Words]:
    """What a course needs before it is published: a page, and questions enough for its quiz."""
    found: list[Words] = [] if course.pages else [_("Write at least one page first")]
    too_few = too_few_for(course.questions_asked, len(bank_of(course)))
    return found if too_few is None else [*found, too_few]


def too_few_for(asked: int, there: int) -> Words | None:
    """What stands against a quiz of so many questions with so many in the bank, if anything."""
    words = _(
        "The quiz asks %(asked)s questions; the bank holds %(there)s", asked=asked, there=there
    )
    return words if there < asked else None


def questions_of(attempt: QuizAttempt) -> Sequence[QuizQuestion]:
    """The questions of one try, in its order."""
    query = select(QuizQuestion).where(QuizQuestion.id.in_(attempt.asked))
    found = {each.id: each for each in db.session.scalars(query)}
    return [found[key] for key in attempt.asked if key in found]


def signed_sessions(user: Person, course: Course) -> set[int]:
    """The trainings of a course at which this person signed in."""
    keys = [session.id for session in course.sessions]
    query = select(SessionSignIn.session_id).where(
        SessionSignIn.user_id == user.id, SessionSignIn.session_id.in_(keys)
    )
    return set(db.session.scalars(query))


def sign_in_counts(course: Course) -> dict[int, int]:
    """How many signed in at each training of a course."""
    keys = [session.id for session in course.sessions]
    query = select(SessionSignIn.session_id, func.count()).where(SessionSignIn.session_id.in_(keys))
    counted = query.group_by(SessionSignIn.session_id)
    return {key: n for key, n in db.session.execute(counted)}  # noqa: C416 - as above


def hours_visible_to(user: Person) -> Select[HourRecord]:
    """Exactly the hours that this person may see; the caller orders and pages them."""
    query = select(HourRecord)
    if sees_whole_district(user, None):
        return query
    if user.role is Role.AGENCY_ADMIN:
        people = select(User.id).where(User.organisation_id == user.organisation_id)
        return query.where(or_(HourRecord.user_id == user.id, HourRecord.user_id.in_(people)))
    return query.where(HourRecord.user_id == user.id)


def claims_waiting() -> Select[HourRecord]:
    """Hours earned elsewhere on which nobody has decided."""
    return select(HourRecord).where(HourRecord.state == ClaimState.WAITING)


def _counted(year: int, today: date) -> ColumnElement[bool]:
    return and_(
        HourRecord.state == ClaimState.ACCEPTED,
        extract("year", HourRecord.earned_on) == year,
        HourRecord.expires_on >= today,
    )


def hours_in(user: Person, year: int) -> int:
    """The hours of one person that were earned in a year and haven't expired."""
    query = select(func.coalesce(func.sum(HourRecord.hours), 0)).where(
        HourRecord.user_id == user.id, _counted(year, clock.today())
    )
    return db.session.scalar(query) or 0


def hours_of_agency(agency_id: int, year: int) -> Sequence[tuple[str, int]]:
    """The valid hours of a year by person of an agency, most first; who has none is left out."""
    query = (
        select(User.name, func.sum(HourRecord.hours))
        .join(HourRecord, HourRecord.user_id == User.id)
        .where(User.organisation_id == agency_id, User.closed_at.is_(None))
        .where(_counted(year, clock.today()))
        .group_by(User.id, User.name)
        .order_by(func.sum(HourRecord.hours).desc(), User.id)
        .limit(100)
    )
    return [(name, hours) for name, hours in db.session.execute(query)]


def record_by_certificate(number: str) -> HourRecord | None:
    """The accepted hours with exactly this certificate number."""
    query = select(HourRecord).where(HourRecord.certificate == number)
    return db.session.scalar(query.where(HourRecord.state == ClaimState.ACCEPTED))


def is_slowed(place: str) -> bool:
    """Whether a place has asked for too many numbers that name nothing, and has to wait."""
    since = clock.now() - WITHIN
    tried = select(func.count()).where(
        CertificateAttempt.place == place, CertificateAttempt.at > since
    )
    return (db.session.scalar(tried) or 0) >= MOST_ATTEMPTS


def weakest_dimension(agency_id: int) -> Dimension | None:
    """The dimension in which an agency's opened stars are lowest, if at least three parties rated.

    A dimension needs three stars of its own; where even the lowest mean is full, there is none.
    The stars are those of the opening, as in all that an agency is told.
    """
    mean = func.avg(ReviewScore.stars)
    query = (
        select(ReviewScore.dimension_id, mean)
        .join(Review, ReviewScore.review_id == Review.id)
        .join(ReviewRound, Review.round_id == ReviewRound.id)
        .join(Engagement, ReviewRound.engagement_id == Engagement.id)
        .where(Engagement.agency_id == agency_id, ReviewRound.unsealed_at.is_not(None))
        .where(ReviewScore.stars.is_not(None), Review.version == 1)
        .where(ReviewRound.id.in_(_told_rounds()))
        .group_by(ReviewScore.dimension_id)
        .having(func.count() >= FEWEST)
        .order_by(mean, ReviewScore.dimension_id)
        .limit(1)
    )
    found = db.session.execute(query).first()
    if found is None or float(found[1]) >= FULL:
        return None
    return db.session.get(Dimension, found[0])


def _told_rounds() -> Select[int]:
    """Rounds of which the agency itself is told means: at least three reviews at the opening."""
    return (
        select(Review.round_id)
        .where(Review.version == 1)
        .group_by(Review.round_id)
        .having(func.count() >= FEWEST)
    )


def suggested_to(user: Person) -> tuple[Dimension | None, Sequence[Course]]:
    """Courses for the weakest dimension of this person's agency that they haven't done."""
    weakest = weakest_dimension(user.organisation_id) if user.role in AGENCY_ROLES else None
    if weakest is None:
        return None, []
    done = select(HourRecord.course_id).where(
        HourRecord.user_id == user.id, HourRecord.course_id.is_not(None)
    )
    query = courses_visible_to(user).where(
        Course.dimension_id == weakest.id, Course.id.not_in(done)
    )
    return weakest, db.session.scalars(query.order_by(Course.id.desc()).limit(3)).all()
