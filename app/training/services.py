"""What learners do: read, answer, sign in, enter hours. Each public function is one action."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.attachments.models import columns_of
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.papers.files import StoredFile
from app.policy import Permission, require
from app.training import queries, quizzing, watching
from app.training.granting import grant
from app.training.models import (
    ClaimState,
    Course,
    CourseFile,
    CoursePage,
    HourProof,
    HourRecord,
    PageReading,
    QuizAttempt,
    SessionSignIn,
    Source,
    TrainingSession,
)
from app.training.reckoning import months_after

GRACE = timedelta(seconds=20)  # for the way of a form that was sent in time
EARLY = timedelta(minutes=30)  # before a training begins
MOST_HOURS = 200


@dataclass(frozen=True)
class NewClaim:
    """Hours that were earned elsewhere."""

    title: str
    provider: str
    hours: int
    earned_on: date
    valid_months: int


def finish_page(actor: User, course: Course, page: CoursePage) -> None:
    """The learner has read a page; the course resumes at the next one. A second time is nothing."""
    require(actor, Permission.COURSE_LEARN, course)
    if page.id in queries.pages_read(actor, course):
        return
    db.session.add(PageReading(user_id=actor.id, page_id=page.id, read_at=clock.now()))
    audit.record(actor, audit.Event.COURSE_PAGE_READ, course, position=page.position)


def finish_video(actor: User, course: Course, file: CourseFile) -> None:
    """The learner has watched a video to its end. A second time is nothing."""
    require(actor, Permission.COURSE_LEARN, course)
    found = watching.watchings(actor, course).get(file.id) or watching.note_place(actor, file, 0)
    if found.watched_at is not None:
        return
    found.watched_at, found.seconds = clock.now(), 0
    audit.record(actor, audit.Event.COURSE_FILE_WATCHED, course, file=file.file_name)


def begin_quiz(actor: User, course: Course) -> QuizAttempt:
    """A new try, after pages and videos: its seed draws the questions, its time runs from now.

    A try that still runs is gone on with. A passed quiz and used-up tries are refused.
    """
    lock(actor)
    require(actor, Permission.COURSE_LEARN, course)
    before = queries.attempts_of(actor, course)
    if before and before[-1].is_running:
        return before[-1]
    _may_begin(actor, course, before)
    attempt = _drawn(actor, course, len(before) + 1)
    db.session.add(attempt)
    told = {"number": attempt.number, "seed": attempt.seed}
    audit.record(actor, audit.Event.QUIZ_BEGUN, course, scope=None, **told)
    return attempt


def _drawn(actor: User, course: Course, number: int) -> QuizAttempt:
    seed, bank = secrets.randbits(31), [each.id for each in queries.bank_of(course)]
    return QuizAttempt(
        course=course,
        user_id=actor.id,
        number=number,
        seed=seed,
        asked=quizzing.drawn(bank, course.questions_asked, seed),
        begun_at=clock.now(),
        due_at=clock.now() + timedelta(minutes=course.minutes),
        answers={},
        passed=False,
    )


def _may_begin(actor: User, course: Course, before: Sequence[QuizAttempt]) -> None:
    if not course.questions_asked:
        raise Conflict(_("This course has no quiz"))
    if len(queries.pages_read(actor, course)) < len(course.pages):
        raise Conflict(_("Read all pages first"))
    if watching.unwatched(actor, course):
        raise Conflict(_("Watch all videos first"))
    if any(each.passed for each in before):
        raise Conflict(_("You have passed this quiz already"))
    if len(before) >= course.attempts_allowed:
        raise Conflict(_("All attempts at this quiz are used up"))


def send_quiz(actor: User, attempt: QuizAttempt, answers: Mapping[str, list[int]]) -> QuizAttempt:
    """Hand a quiz in, once and in time; who passes has the hours and a certificate at once."""
    lock(attempt)
    require(actor, Permission.QUIZ_ANSWER, attempt)
    if attempt.sent_at is not None:
        raise Conflict(_("This quiz was handed in already; the first answers count"))
    if clock.now() > attempt.due_at + GRACE:
        raise Conflict(_("The time for this quiz is over; it can't be handed in any more"))
    right = {each.id: each.right for each in queries.questions_of(attempt)}
    attempt.answers = {key: ticked for key, ticked in answers.items() if key.isdecimal()}
    attempt.percent = quizzing.percent_of(right, attempt.answers)
    attempt.passed = attempt.percent >= attempt.course.pass_percent
    attempt.sent_at = clock.now()
    if attempt.passed:
        grant(actor, attempt.course)
    told = {"number": attempt.number, "passed": str(attempt.passed), "percent": attempt.percent}
    audit.record(actor, audit.Event.QUIZ_SENT, attempt.course, scope=None, **told)
    return attempt


def sign_in_session(actor: User, session: TrainingSession, code: str) -> HourRecord:
    """Who is at a training signs in once, while it goes on, with the code that is shown there."""
    lock(session)
    require(actor, Permission.COURSE_LEARN, session.course)
    if not session.starts_at - EARLY <= clock.now() <= session.ends_at:
        raise Conflict(_("Signing in is open from half an hour before the training to its end"))
    if not secrets.compare_digest(code.strip().upper().encode(), session.code.encode()):
        raise Invalid(_("This is not the code of the training"), field="code")
    if db.session.get(SessionSignIn, (session.id, actor.id)) is not None:
        raise Conflict(_("You have signed in already"))
    sign = SessionSignIn(session_id=session.id, user_id=actor.id, signed_at=clock.now())
    db.session.add(sign)
    record = grant(actor, session.course, session)
    audit.record(actor, audit.Event.TRAINING_SIGNED, session)
    return record


def claim_hours(actor: User, new: NewClaim, proof: StoredFile) -> HourRecord:
    """Enter hours earned elsewhere with their proof; the performance section decides on them."""
    require(actor, Permission.HOURS_CLAIM, None)
    if new.earned_on > clock.today():
        raise Invalid(_("The day lies in the future"), field="earned_on")
    if not 0 < new.hours <= MOST_HOURS:
        raise Invalid(_("From 1 to 200 hours"), field="hours")
    record = _claimed(actor, new, proof)
    db.session.add(record)
    same = {"file": proof.name, "sha256": proof.sha256}
    audit.record(actor, audit.Event.HOURS_CLAIMED, record, hours=new.hours, **same)
    return record


def _claimed(actor: User, new: NewClaim, proof: StoredFile) -> HourRecord:
    return HourRecord(
        user=actor,
        source=Source.ELSEWHERE,
        title=new.title.strip(),
        provider=new.provider.strip(),
        hours=new.hours,
        earned_on=new.earned_on,
        expires_on=months_after(new.earned_on, new.valid_months),
        state=ClaimState.WAITING,
        made_at=clock.now(),
        decision_words="",
        proof=HourProof(**columns_of(actor, proof)),
    )
