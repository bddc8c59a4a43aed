"""What belongs to a post: changes of an answer, and the files of a notice or a policy."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import sending
from app.attachments.forms import FileForm
from app.attachments.receiving import kept_of_form
from app.db import transaction
from app.errors import Missing
from app.exchange import services
from app.exchange.blueprint import bp
from app.exchange.forms import AnswerForm
from app.exchange.models import Post, PostAnswer
from app.papers import receiving as papers
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, spend, told_in

READ, EDIT, MODERATE = Permission.POST_READ, Permission.POST_EDIT, Permission.POST_MODERATE


def answer_to(post: Post, answer_id: int) -> PostAnswer:
    """An answer of a post by its number."""
    found = next((each for each in post.answers if each.id == answer_id), None)
    if found is None:
        raise Missing
    return found


def own_answer(post_id: int, answer_id: int) -> PostAnswer:
    """An answer that the reader wrote and may change."""
    found = answer_to(load(Post, post_id, READ), answer_id)
    gate(EDIT, found)
    return found


def back_to(post_id: int, answer_id: int = 0) -> ResponseReturnValue:
    """To the post's page, to an answer of it."""
    anchor = f"answer-{answer_id}" if answer_id else None
    return redirect(url_for(".show", post_id=post_id, _anchor=anchor))


@bp.get("/posts/<int:post_id>/answers/<int:answer_id>/edit")
def edit_answer(post_id: int, answer_id: int) -> ResponseReturnValue:
    found = own_answer(post_id, answer_id)
    return render_template("exchange/edit_answer.html", answer=found, form=AnswerForm(obj=found))


@bp.post("/posts/<int:post_id>/answers/<int:answer_id>/edit")
def update_answer(post_id: int, answer_id: int) -> ResponseReturnValue:
    found, form = own_answer(post_id, answer_id), AnswerForm()
    if form.validate_on_submit():
        with told_in(form), transaction():
            if (body := form.body.data or "").strip() != found.body:
                services.edit_answer(actor(), found, body)
    if form.errors:
        return render_template("exchange/edit_answer.html", answer=found, form=form), 422
    flash(_("Saved; what stood before can still be read"))
    return back_to(post_id, answer_id)


@bp.post("/posts/<int:post_id>/answers/<int:answer_id>/showing")
def show_answer(post_id: int, answer_id: int) -> ResponseReturnValue:
    found = answer_to(load(Post, post_id, MODERATE), answer_id)
    with transaction():
        services.show_answer(actor(), found)
    return back_to(post_id, answer_id)


@bp.get("/posts/<int:post_id>/files/new")
def new_file(post_id: int) -> ResponseReturnValue:
    post = post_of_section(post_id)
    return file_form(post, FileForm(data={"once": fresh_token()}))


def post_of_section(post_id: int) -> Post:
    """A notice or a policy to which the section may add files."""
    post = load(Post, post_id, EDIT)
    gate(Permission.NOTICE_WRITE, post)
    if not post.is_of_section:
        raise Missing
    return post


def file_form(post: Post, form: FileForm) -> str:
    """The form of a file."""
    return render_template("exchange/file_form.html", post=post, form=form)


@bp.post("/posts/<int:post_id>/files")
def add_file(post_id: int) -> ResponseReturnValue:
    post, form = post_of_section(post_id), FileForm()
    with papers.told_at(form.file) as told:
        if form.validate_on_submit():
            file = kept_of_form(form, EDIT, post)
            with transaction():
                spend(request.form.get("once"))
                services.add_file(actor(), post, file)
    if form.errors:
        return file_form(post, form), told.status
    return back_to(post_id)


@bp.get("/posts/<int:post_id>/files/<int:file_id>")
def post_file(post_id: int, file_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, READ)
    file = next((one for one in post.files if one.id == file_id), None)
    if file is None:
        raise Missing
    return sending.download(file, post, READ)
