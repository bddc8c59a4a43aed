from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.attachments import sending
from app.db import transaction
from app.errors import Conflict, Missing, Words
from app.policy import AGENCY_ROLES, Permission
from app.training import (
    desk_views,
    hour_views,
    queries,
    quizzing,
    services,
    session_views,
    video_views,
    watching,
)
from app.training.blueprint import bp
from app.training.desk_views import placed
from app.training.forms import CodeForm
from app.training.models import Course, QuizAttempt, QuizQuestion
from app.training.session_views import session_for
from app.web import actor, gate, load, page_of, told_in

__all__ = ["bp", "desk_views", "hour_views", "session_views", "video_views"]
READ, LEARN = Permission.COURSE_READ, Permission.COURSE_LEARN


def wanted_hours() -> int:
    """The hours a year that the bureau suggests to this person; no condition of anything."""
    name = "TRAINING_HOURS_AGENCY" if actor().role in AGENCY_ROLES else "TRAINING_HOURS_UNIT"
    hours: int = current_app.config[name]
    return hours


@bp.get("/courses")
def index() -> ResponseReturnValue:
    gate(Permission.COURSE_LIST)
    user, year = actor(), clock.today().year
    page = page_of(queries.courses_visible_to(user), Course.id, 30)
    weakest, suggested = queries.suggested_to(user)
    mine = {"year": year, "hours": queries.hours_in(user, year), "wanted": wanted_hours()}
    told = {"page": page, "progress": queries.progress_of(user, page.items), **mine}
    return render_template("training/index.html", weakest=weakest, suggested=suggested, **told)


@bp.get("/courses/<int:course_id>")
def show(course_id: int) -> ResponseReturnValue:
    return course_page(load(Course, course_id, READ), CodeForm())


def course_page(course: Course, form: CodeForm, *, at: int = 0) -> str:
    """The page of a course, with the form of the training at which somebody signs in."""
    told = reading_of(course) | {"bank": queries.bank_of(course), "now": clock.now()}
    told["lacking"] = queries.lacking(course)
    told |= {"counts": queries.sign_in_counts(course), "early": services.EARLY}
    return render_template("training/show.html", course=course, form=form, at=at, **told)


def reading_of(course: Course) -> dict[str, Any]:
    """How far the reader is with a course, and where they go on."""
    user = actor()
    read = queries.pages_read(user, course)
    return {
        "read": read,
        "resume": next((each for each in course.pages if each.id not in read), None),
        "videos": watching.videos_of(course),
        "watched": watching.watchings(user, course),
        "to_watch": watching.unwatched(user, course),
        "attempts": queries.attempts_of(user, course),
        "signed": queries.signed_sessions(user, course),
    }


@bp.get("/courses/<int:course_id>/pages/<int:position>")
def read_page(course_id: int, position: int) -> ResponseReturnValue:
    course = load(Course, course_id, READ)
    page, read = placed(course, position), queries.pages_read(actor(), course)
    return render_template("training/page.html", course=course, page=page, read=read)


@bp.post("/courses/<int:course_id>/pages/<int:position>")
def finish_page(course_id: int, position: int) -> ResponseReturnValue:
    course = load(Course, course_id, LEARN)
    page = placed(course, position)
    with transaction():
        services.finish_page(actor(), course, page)
    if position < len(course.pages):
        return redirect(url_for(".read_page", course_id=course_id, position=position + 1))
    return redirect(url_for(".show", course_id=course_id))


@bp.get("/courses/<int:course_id>/files/<int:file_id>")
def course_file(course_id: int, file_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, READ)
    file = next((one for one in course.files if one.id == file_id), None)
    if file is None:
        raise Missing
    return sending.download(file, course, READ)


@bp.post("/courses/<int:course_id>/attempts")
def begin_quiz(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, LEARN)
    with transaction():
        attempt = services.begin_quiz(actor(), course)
    return redirect(url_for(".quiz", attempt_id=attempt.id))


@bp.get("/quiz-attempts/<int:attempt_id>")
def quiz(attempt_id: int) -> ResponseReturnValue:
    return quiz_page(load(QuizAttempt, attempt_id, Permission.QUIZ_ANSWER))


def quiz_page(
    attempt: QuizAttempt, answers: Mapping[str, list[int]] | None = None, refused: Words = ""
) -> str:
    """The quiz while it runs, what came of it afterwards; never the right answers.

    `answers` were sent with some question left open: they stay ticked, and the page names it.
    `refused` says why what was sent doesn't count.
    """
    given = answers or {}
    asked = [(each, options_of(each, attempt)) for each in queries.questions_of(attempt)]
    left = [n for n, (each, _options) in enumerate(asked, 1) if given and not given[str(each.id)]]
    told = {"course": attempt.course, "asked": asked, "given": given, "open": left}
    return render_template("training/quiz.html", attempt=attempt, refused=refused, **told)


def options_of(question: QuizQuestion, attempt: QuizAttempt) -> list[tuple[int, str]]:
    """A question's options with their own places, in the order of this attempt."""
    order = quizzing.order_of(len(question.options), question.id, attempt.seed)
    return [(place, question.options[place]) for place in order]


@bp.post("/quiz-attempts/<int:attempt_id>")
def send_quiz(attempt_id: int) -> ResponseReturnValue:
    attempt = load(QuizAttempt, attempt_id, Permission.QUIZ_ANSWER)
    answers = {str(one.id): ticked(one, attempt) for one in queries.questions_of(attempt)}
    if attempt.is_running and not all(answers.values()) and "as_it_is" not in request.form:
        return quiz_page(attempt, answers), 422
    try:
        with transaction():
            services.send_quiz(actor(), attempt, answers)
    except Conflict as refused:
        return quiz_page(attempt, refused=refused.message), refused.status
    flash(_("Passed: your hours and certificate are ready") if attempt.passed else _("Handed in"))
    return redirect(url_for(".quiz", attempt_id=attempt_id))


def ticked(question: QuizQuestion, attempt: QuizAttempt) -> list[int]:
    """The options that were ticked, by their own places: a form tells the places that it showed.

    An author often writes the right option first, so its own place would give it away.
    """
    shown = {str(n): place for n, (place, _words) in enumerate(options_of(question, attempt))}
    return [shown[each] for each in request.form.getlist(f"q{question.id}") if each in shown]


@bp.post("/training-sessions/<int:session_id>/sign-ins")
def sign_in_session(session_id: int) -> ResponseReturnValue:
    session, form = session_for(session_id, LEARN), CodeForm()
    if form.validate_on_submit():
        with told_in(form, "code"), transaction():
            services.sign_in_session(actor(), session, form.code.data or "")
    if form.errors:
        return course_page(session.course, form, at=session.id), 422
    flash(_("Signed in: the hours and their certificate are yours"))
    return redirect(url_for(".show", course_id=session.course_id))
