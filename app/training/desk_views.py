from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments.forms import UNTICKED, FileForm
from app.attachments.receiving import from_body, kept_of_form, kept_source
from app.db import db, transaction
from app.errors import Invalid, Missing
from app.papers import receiving as papers
from app.policy import Permission
from app.reviews.queries import dimensions
from app.training import authoring, queries
from app.training.blueprint import bp
from app.training.forms import CourseForm, PageForm, QuestionForm, SessionForm
from app.training.models import Course, CoursePage, QuizQuestion
from app.web import actor, fresh_token, gate, load, spend, told_in

EDIT = Permission.COURSE_EDIT


def back_to(course: Course) -> ResponseReturnValue:
    """To the course's page."""
    return redirect(url_for(".show", course_id=course.id))


@bp.get("/courses/new")
def new() -> ResponseReturnValue:
    gate(EDIT)
    return course_form(CourseForm().bind(list(dimensions())))


def course_form(form: CourseForm, course: Course | None = None) -> str:
    """The form of a course."""
    return render_template("training/course_form.html", form=form, course=course)


@bp.post("/courses")
def make() -> ResponseReturnValue:
    gate(EDIT)
    form, course = CourseForm().bind(list(dimensions())), None
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            course = authoring.make_course(actor(), form.facts())
    if course is None:
        return course_form(form), 422
    flash(_("Made. Now write its pages and questions, then publish it"))
    return back_to(course)


@bp.get("/courses/<int:course_id>/edit")
def edit(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    form = CourseForm(obj=course, data={"dimension": course.dimension_id or 0})
    return course_form(form.bind(list(dimensions())), course)


@bp.post("/courses/<int:course_id>")
def update(course_id: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), CourseForm().bind(list(dimensions()))
    if form.validate_on_submit():
        with told_in(form), transaction():
            authoring.edit_course(actor(), course, form.facts())
    if form.errors:
        return course_form(form, course), 422
    flash(_("Saved"))
    return back_to(course)


@bp.post("/courses/<int:course_id>/publication")
def publish(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    with transaction():
        authoring.publish_course(actor(), course)
    flash(_("Published"))
    return back_to(course)


@bp.post("/courses/<int:course_id>/withdrawal")
def withdraw(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    with transaction():
        authoring.withdraw_course(actor(), course)
    flash(_("Out of use. Hours and certificates stay"))
    return back_to(course)


@bp.get("/courses/<int:course_id>/pages/new")
def new_page(course_id: int) -> ResponseReturnValue:
    return page_form(load(Course, course_id, EDIT), PageForm())


def page_form(course: Course, form: PageForm, page: CoursePage | None = None) -> str:
    """The form of a page."""
    return render_template("training/page_form.html", course=course, form=form, page=page)


@bp.post("/courses/<int:course_id>/pages")
def write_page(course_id: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), PageForm()
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            authoring.write_page(actor(), course, form.title.data or "", form.body.data or "")
    if form.errors:
        return page_form(course, form), 422
    return back_to(course)


@bp.get("/courses/<int:course_id>/pages/<int:position>/edit")
def edit_page(course_id: int, position: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    page = placed(course, position)
    return page_form(course, PageForm(obj=page), page)


def placed(course: Course, position: int) -> CoursePage:
    """A page of a course by its place."""
    page = next((each for each in course.pages if each.position == position), None)
    if page is None:
        raise Missing
    return page


@bp.post("/courses/<int:course_id>/pages/<int:position>/edit")
def rewrite_page(course_id: int, position: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), PageForm()
    page = placed(course, position)
    if not form.validate_on_submit():
        return page_form(course, form, page), 422
    with transaction():
        title, body = form.title.data or "", form.body.data or ""
        authoring.rewrite_page(actor(), course, page, title, body)
    return back_to(course)


@bp.get("/courses/<int:course_id>/questions")
def questions(course_id: int) -> ResponseReturnValue:
    return bank_page(load(Course, course_id, EDIT), QuestionForm())


def bank_page(course: Course, form: QuestionForm) -> str:
    """The bank of a course with the form of one more question."""
    bank = queries.bank_of(course)
    return render_template("training/bank.html", course=course, bank=bank, form=form)


@bp.post("/courses/<int:course_id>/questions")
def write_question(course_id: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), QuestionForm()
    if form.validate_on_submit():
        with told_in(form, "options"), transaction():
            spend(form.once.data)
            words, options = form.words.data or "", form.options.data or ""
            authoring.write_question(actor(), course, words, options)
    if form.errors:
        return bank_page(course, form), 422
    return redirect(url_for(".questions", course_id=course_id))


@bp.post("/courses/<int:course_id>/questions/<int:question_id>/retirement")
def retire_question(course_id: int, question_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    question = db.session.get(QuizQuestion, question_id)
    if question is None or question.course_id != course.id:
        raise Missing
    with transaction():
        authoring.retire_question(actor(), course, question)
    return redirect(url_for(".questions", course_id=course_id))


@bp.get("/courses/<int:course_id>/files/new")
def new_file(course_id: int) -> ResponseReturnValue:
    form = FileForm(data={"once": fresh_token()})
    return file_form(load(Course, course_id, EDIT), form)


def file_form(course: Course, form: FileForm) -> str:
    """The form of a file."""
    return render_template("training/file_form.html", course=course, form=form)


@bp.post("/courses/<int:course_id>/files")
def add_file(course_id: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), FileForm()
    with papers.told_at(form.file) as told:
        if form.validate_on_submit():
            file = kept_of_form(form, EDIT, course)
            with transaction():
                spend(request.form.get("once"))
                authoring.add_file(actor(), course, file)
    if form.errors:
        return file_form(course, form), told.status
    return back_to(course)


@bp.post("/courses/<int:course_id>/files/uploads")
def receive_file(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    form = FileForm(papers.sent_fields())
    papers.check(form)
    if not form.unclassified.data:
        raise Invalid(UNTICKED)
    file = kept_source(from_body(form), EDIT, course)
    with transaction():
        spend(form.once.data)
        authoring.add_file(actor(), course, file)
    return jsonify(location=url_for(".show", course_id=course_id)), 201


@bp.get("/courses/<int:course_id>/sessions/new")
def new_session(course_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, EDIT)
    return session_form(course, SessionForm(data={"title": course.title}))


def session_form(course: Course, form: SessionForm) -> str:
    """The form of a training."""
    return render_template("training/session_form.html", course=course, form=form)


@bp.post("/courses/<int:course_id>/sessions")
def call_session(course_id: int) -> ResponseReturnValue:
    course, form = load(Course, course_id, EDIT), SessionForm()
    if form.validate_on_submit():
        with told_in(form, "ends"), transaction():
            spend(form.once.data)
            authoring.call_session(actor(), course, form.told())
    if form.errors:
        return session_form(course, form), 422
    flash(_("Called. Show its code on the wall while the training goes on"))
    return back_to(course)
