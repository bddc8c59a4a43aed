"""What the performance section does: courses, their banks, trainings, and hours from elsewhere."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.attachments.models import columns_of
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.papers.files import StoredFile
from app.policy import Permission, require
from app.training import queries, quizzing
from app.training.models import (
    Audience,
    ClaimState,
    Course,
    CourseFile,
    CoursePage,
    HourRecord,
    QuizQuestion,
    TrainingSession,
)

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MOST_OPTIONS = 10


@dataclass(frozen=True)
class CourseFacts:
    """What a course says of itself, and its rule for hours."""

    title: str
    summary: str
    audience: Audience
    dimension_id: int | None
    hours: int
    valid_months: int
    questions_asked: int
    pass_percent: int
    minutes: int
    attempts_allowed: int


@dataclass(frozen=True)
class NewSession:
    """A training at a time and a place."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    hours: int


def make_course(actor: User, facts: CourseFacts) -> Course:
    """The performance section makes a course; nobody else sees it until it is published."""
    require(actor, Permission.COURSE_EDIT, None)
    course = Course(**asdict(facts), made_by_id=actor.id, made_at=clock.now())
    db.session.add(course)
    audit.record(actor, audit.Event.COURSE_MADE, course, title=facts.title)
    return course


def edit_course(actor: User, course: Course, facts: CourseFacts) -> None:
    """Change what a course says; hours that were earned stay as they are.

    A course in use keeps questions enough for its quiz: nobody could pass it otherwise.
    """
    lock(course)
    require(actor, Permission.COURSE_EDIT, course)
    too_few = queries.too_few_for(facts.questions_asked, len(queries.bank_of(course)))
    if course.is_published and too_few:
        raise Invalid(too_few, field="questions_asked")
    for name, value in asdict(facts).items():
        setattr(course, name, value)
    course.edited_at = clock.now()
    audit.record(actor, audit.Event.COURSE_EDITED, course, title=facts.title)


def write_page(actor: User, course: Course, title: str, body: str) -> CoursePage:
    """Add a page at the end of a course."""
    lock(course)
    require(actor, Permission.COURSE_EDIT, course)
    position = len(course.pages) + 1
    page = CoursePage(position=position, title=title.strip(), body=body.strip())
    course.pages.append(page)
    course.edited_at = clock.now()
    audit.record(actor, audit.Event.COURSE_PAGE_WRITTEN, course, position=position)
    return page


def rewrite_page(actor: User, course: Course, page: CoursePage, title: str, body: str) -> None:
    """Change the words of a page."""
    require(actor, Permission.COURSE_EDIT, course)
    page.title, page.body = title.strip(), body.strip()
    course.edited_at = clock.now()
    audit.record(actor, audit.Event.COURSE_PAGE_WRITTEN, course, position=page.position)


def add_file(actor: User, course: Course, file: StoredFile) -> CourseFile:
    """Add a file to a course."""
    require(actor, Permission.COURSE_EDIT, course)
    kept = CourseFile(course_id=course.id, **columns_of(actor, file))
    db.session.add(kept)
    facts = {"file": file.name, "sha256": file.sha256}
    audit.record(actor, audit.Event.COURSE_FILE_ADDED, course, **facts)
    return kept


def write_question(actor: User, course: Course, words: str, options: str) -> QuizQuestion:
    """Add a question to the bank: its options one a line, the right ones with a star before."""
    require(actor, Permission.COURSE_EDIT, course)
    shown, right = quizzing.parsed(options)
    if not 2 <= len(shown) <= MOST_OPTIONS or len(set(shown)) < len(shown):
        raise Invalid(_("Enter 2 to 10 different options, one a line"), field="options")
    if not right:
        raise Invalid(_("Put a star * before each right option"), field="options")
    question = QuizQuestion(
        course_id=course.id, words=words.strip(), options=shown, right=right, made_at=clock.now()
    )
    db.session.add(question)
    audit.record(actor, audit.Event.QUESTION_WRITTEN, course)
    return question


def retire_question(actor: User, course: Course, question: QuizQuestion) -> None:
    """Ask a question no more; quizzes that asked it are marked by it still."""
    lock(course)
    lock(question)
    require(actor, Permission.COURSE_EDIT, course)
    if question.retired_at is not None:
        raise Conflict
    too_few = queries.too_few_for(course.questions_asked, len(queries.bank_of(course)) - 1)
    if course.is_published and too_few:
        raise Conflict(too_few)
    question.retired_at = clock.now()
    audit.record(actor, audit.Event.QUESTION_RETIRED, course)


def publish_course(actor: User, course: Course) -> None:
    """Open a course to its audience: it has pages, and questions enough for its quiz."""
    lock(course)
    require(actor, Permission.COURSE_EDIT, course)
    if course.is_published:
        raise Conflict(_("The course is published already"))
    if lacking := queries.lacking(course):
        raise Conflict(lacking[0])
    course.published_at, course.withdrawn_at = clock.now(), None
    audit.record(actor, audit.Event.COURSE_PUBLISHED, course, title=course.title)


def withdraw_course(actor: User, course: Course) -> None:
    """Take a course out of use; hours and certificates stay."""
    lock(course)
    require(actor, Permission.COURSE_EDIT, course)
    if not course.is_published:
        raise Conflict
    course.withdrawn_at = clock.now()
    audit.record(actor, audit.Event.COURSE_WITHDRAWN, course, title=course.title)


def call_session(actor: User, course: Course, new: NewSession) -> TrainingSession:
    """Call a training; its code is drawn now and shown to the performance section alone."""
    require(actor, Permission.COURSE_EDIT, course)
    if new.ends_at <= new.starts_at:
        raise Invalid(_("The end must come after the beginning"), field="ends")
    code = "".join(secrets.choice(CODE_ALPHABET) for _n in range(6))
    session = TrainingSession(**asdict(new), course=course, code=code, made_by_id=actor.id)
    db.session.add(session)
    facts = {"title": new.title, "day": str(clock.day_of(new.starts_at))}
    audit.record(actor, audit.Event.TRAINING_CALLED, course, **facts)
    return session


def accept_hours(actor: User, record: HourRecord, words: str) -> None:
    """The proof holds: the hours count beside the name. They are no 会计继续教育 credits."""
    _decide(actor, record, ClaimState.ACCEPTED, words)
    told = {"hours": record.hours, "words": words}
    audit.record(actor, audit.Event.HOURS_ACCEPTED, record, scope=None, **told)


def refuse_hours(actor: User, record: HourRecord, words: str) -> None:
    """The proof doesn't hold; the person is told why."""
    if not words.strip():
        raise Invalid(_("Say what is wrong or missing"), field="words")
    _decide(actor, record, ClaimState.REFUSED, words)
    told = {"hours": record.hours, "words": words}
    audit.record(actor, audit.Event.HOURS_REFUSED, record, scope=None, **told)


def _decide(actor: User, record: HourRecord, state: ClaimState, words: str) -> None:
    lock(record)
    require(actor, Permission.HOURS_DECIDE, record)
    record.state, record.decision_words = state, words.strip()
    record.decided_at, record.decided_by_id = clock.now(), actor.id
    told = {"title": record.title}
    notifications.send([record.user_id], Kind.HOURS_DECIDED, told, "/training-hours")
