from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.exchange import answer_views, case_views, consortium_views, queries, services
from app.exchange.answer_views import answer_to
from app.exchange.blueprint import bp
from app.exchange.forms import AnswerForm, EditForm, PolicyForm, PostForm, ReasonForm
from app.exchange.models import Post, PostKind, PostReport
from app.policy import Permission, can
from app.web import actor, gate, load, page_of, spend, told_in

__all__ = ["answer_views", "bp", "case_views", "consortium_views"]
READ, MODERATE = Permission.POST_READ, Permission.POST_MODERATE


@bp.get("/posts")
def index() -> ResponseReturnValue:
    gate(Permission.POST_LIST)
    user, query = actor(), queries.posts_visible_to(actor())
    kind = next((each for each in PostKind if each.value == request.args.get("kind")), None)
    if kind:
        query = queries.of_kind(query, kind)
    if words := request.args.get("q", "").strip()[:80]:
        query = queries.containing(query, words)
    if request.args.get("reported") and can(user, MODERATE, None):
        reported = queries.open_reports().with_only_columns(PostReport.post_id)
        query = query.where(Post.id.in_(reported))
    page = page_of(query, Post.id, 30)
    told = {"page": page, "counts": queries.answer_counts(page.items)}
    return render_template("exchange/index.html", kind=kind, **told)


def writable() -> list[PostKind]:
    """The kinds of posts that the reader may write."""
    return [kind for kind, asked in services.WRITES.items() if can(actor(), asked, None)]


@bp.get("/posts/new")
def new() -> ResponseReturnValue:
    gate(Permission.POST_WRITE)
    form = PostForm(data={"kind": request.args.get("kind", "")}).bind(writable())
    return render_template("exchange/new.html", form=form)


@bp.post("/posts")
def write() -> ResponseReturnValue:
    gate(Permission.POST_WRITE)
    form, post = PostForm().bind(writable()), None
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            post = services.write_post(actor(), form.told())
    if post is None:
        return render_template("exchange/new.html", form=form), 422
    flash(_("Everybody can read it now"))
    return redirect(url_for(".show", post_id=post.id))


@bp.get("/posts/<int:post_id>")
def show(post_id: int) -> ResponseReturnValue:
    return post_page(load(Post, post_id, READ), AnswerForm())


def post_page(post: Post, form: AnswerForm) -> str:
    """A post with its answers, editions and, for the section, its reports."""
    reports = queries.reports_of(post) if can(actor(), MODERATE, post) else []
    told = {"editions": queries.editions_of(post), "reports": reports}
    return render_template("exchange/show.html", post=post, form=form, **told)


def back_to(post: Post) -> ResponseReturnValue:
    """To the post's page."""
    return redirect(url_for(".show", post_id=post.id))


@bp.post("/posts/<int:post_id>/answers")
def answer(post_id: int) -> ResponseReturnValue:
    post, form = load(Post, post_id, READ), AnswerForm()
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            services.answer_post(actor(), post, form.body.data or "")
    return (post_page(post, form), 422) if form.errors else back_to(post)


@bp.post("/posts/<int:post_id>/answers/<int:answer_id>/acceptance")
def accept(post_id: int, answer_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, Permission.POST_EDIT)
    with transaction():
        services.accept_answer(actor(), post, answer_to(post, answer_id))
    return back_to(post)


@bp.get("/posts/<int:post_id>/edit")
def edit(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, Permission.POST_EDIT)
    return render_template("exchange/edit.html", post=post, form=edit_form(post, obj=post))


def edit_form(post: Post, **told: Post) -> EditForm:
    """The form of a post's own kind."""
    return PolicyForm(**told) if post.kind is PostKind.POLICY else EditForm(**told)


@bp.post("/posts/<int:post_id>/edit")
def update(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, Permission.POST_EDIT)
    form = edit_form(post)
    if not form.validate_on_submit():
        return render_template("exchange/edit.html", post=post, form=form), 422
    with told_in(form, "document_no"), transaction():
        if not (new := form.told()).stand_in(post):
            services.edit_post(actor(), post, new)
    if form.errors:
        return render_template("exchange/edit.html", post=post, form=form), 422
    flash(_("Saved; what stood before can still be read"))
    return back_to(post)


@bp.get("/posts/<int:post_id>/reports/new")
def ask_report(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, Permission.POST_REPORT)
    return reason_page(post, ReasonForm(), url_for(".report", post_id=post_id))


def reason_page(post: Post, form: ReasonForm, action: str) -> str:
    """The page that asks for a reason."""
    return render_template("exchange/reason.html", post=post, form=form, action=action)


@bp.post("/posts/<int:post_id>/reports")
def report(post_id: int) -> ResponseReturnValue:
    post, form = load(Post, post_id, Permission.POST_REPORT), ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.report_post(actor(), post, form.words.data or "")
    if form.errors:
        return reason_page(post, form, url_for(".report", post_id=post_id)), 422
    flash(_("Reported to the performance section"))
    return back_to(post)


@bp.post("/posts/<int:post_id>/reports/settlement")
def settle(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, MODERATE)
    with transaction():
        services.settle_reports(actor(), post)
    return back_to(post)


@bp.get("/posts/<int:post_id>/hiding")
def ask_hiding(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, MODERATE)
    return reason_page(post, ReasonForm(), url_for(".hide", post_id=post_id))


@bp.post("/posts/<int:post_id>/hiding")
def hide(post_id: int) -> ResponseReturnValue:
    post, form = load(Post, post_id, MODERATE), ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.hide_post(actor(), post, form.words.data or "")
    if form.errors:
        return reason_page(post, form, url_for(".hide", post_id=post_id)), 422
    return back_to(post)


@bp.post("/posts/<int:post_id>/showing")
def show_again(post_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, MODERATE)
    with transaction():
        services.show_post(actor(), post)
    return back_to(post)


@bp.get("/posts/<int:post_id>/answers/<int:answer_id>/hiding")
def ask_answer_hiding(post_id: int, answer_id: int) -> ResponseReturnValue:
    post = load(Post, post_id, MODERATE)
    answer_to(post, answer_id)
    return reason_page(post, ReasonForm(), request.path)


@bp.post("/posts/<int:post_id>/answers/<int:answer_id>/hiding")
def hide_answer(post_id: int, answer_id: int) -> ResponseReturnValue:
    post, form = load(Post, post_id, MODERATE), ReasonForm()
    found = answer_to(post, answer_id)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.hide_answer(actor(), found, form.words.data or "")
    return (reason_page(post, form, request.path), 422) if form.errors else back_to(post)
