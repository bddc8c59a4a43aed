from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import papers
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.engagements.models import Engagement, Task
from app.errors import Conflict
from app.intake import whole
from app.papers import (
    intake_views,
    labels,
    passport_views,
    queries,
    report_views,
    required,
    review_views,
    sending,
    services,
    submission_views,
    tus_views,
    upload_views,
)
from app.papers.blueprint import bp
from app.papers.forms import WithdrawalForm, WordsForm
from app.papers.models import IndexClass, KeptFile, VersionState, WorkingPaper
from app.papers.passport_views import file_to_read, version_to_read
from app.policy import Permission
from app.web import actor, gate, load, page_of, told_in

__all__ = [
    "bp",
    "intake_views",
    "passport_views",
    "report_views",
    "review_views",
    "submission_views",
    "tus_views",
    "upload_views",
]  # these add their pages to bp


@bp.get("/papers")
def index() -> ResponseReturnValue:
    query = queries.papers_visible_to(actor())
    if words := request.args.get("words", "").strip()[:80]:
        query = queries.search(actor(), words)
    state = request.args.get("state", "")
    if state in set(VersionState):
        query = query.where(WorkingPaper.state == state, WorkingPaper.withdrawn_at.is_(None))
    page = page_of(query.order_by(None), WorkingPaper.id)
    return render_template("papers/index.html", page=page, words=words, state=state, labels=labels)


@bp.get("/engagements/<int:engagement_id>/papers")
def listing(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    key = request.args.get("task", type=whole)
    return listing_page(engagement, next((t for t in engagement.tasks if t.id == key), None))


def listing_page(engagement: Engagement, task: Task | None) -> str:
    """All papers of an engagement, or those that one of its tasks goes by."""
    every = queries.papers_of(engagement)
    found = required.of_task(every, task)
    return render_template(
        "papers/listing.html",
        engagement=engagement,
        task=task,
        task_counts=required.counts_by_task(every),
        late=required.late_papers(engagement),
        groups=[(one, [p for p in found if p.index_class is one]) for one in IndexClass],
        counts=queries.counted(found),
        required=queries.required_papers(engagement.stages, found),
        submissions=submission_views.shown(engagement),
        labels=labels,
    )


@bp.get("/papers/<int:paper_id>")
def show(paper_id: int) -> ResponseReturnValue:
    return paper_page(load(WorkingPaper, paper_id, Permission.PAPER_READ))


@bp.get("/papers/<int:paper_id>/versions/<int:number>/file")
def download(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    if instead := instead_of([file]):
        return redirect(instead)
    return sending.recorded(file, lambda: services.record_download(actor(), file))


@bp.get("/papers/<int:paper_id>/versions/<int:number>/files.zip")
def download_all(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    if instead := instead_of(version.files):
        return redirect(instead)
    sending.check_all(version)
    with transaction():
        for file in version.files:
            services.record_download(actor(), file)
    return sending.as_zip(version)


def instead_of(files: Sequence[KeptFile]) -> str | None:
    """Where this person is sent who gets something else in place of the files."""
    return next(filter(None, (one(files, actor()) for one in papers.stand_ins)), None)


@bp.post("/papers/<int:paper_id>/versions/<int:number>/reading")
def read(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number)
    gate(Permission.PAPER_DECIDE, version)
    try:
        with transaction():
            services.read_version(actor(), version)
    except Conflict as refusal:
        return paper_page(version.paper, refusal=refusal.message), refusal.status
    flash(_("Marked as read"))
    return redirect(url_for(".show", paper_id=paper_id))


@bp.post("/papers/<int:paper_id>/versions/<int:number>/approval")
def approve(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number)
    gate(Permission.PAPER_DECIDE, version)
    try:
        with transaction():
            services.approve_version(actor(), version)
    except Conflict as refusal:
        return paper_page(version.paper, refusal=refusal.message), refusal.status
    flash(_("Approved"))
    return redirect(url_for(".show", paper_id=paper_id))


@bp.get("/papers/<int:paper_id>/versions/<int:number>/return")
def ask_return(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number)
    gate(Permission.PAPER_DECIDE, version)
    return render_template("papers/return.html", version=version, form=WordsForm())


@bp.post("/papers/<int:paper_id>/versions/<int:number>/return")
def send_back(paper_id: int, number: int) -> ResponseReturnValue:
    version, form = version_to_read(paper_id, number), WordsForm()
    gate(Permission.PAPER_DECIDE, version)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                services.return_version(actor(), version, form.words.data)
    if form.errors:
        return render_template("papers/return.html", version=version, form=form), 422
    flash(_("Returned for changes"))
    return redirect(url_for(".show", paper_id=paper_id))


@bp.get("/papers/<int:paper_id>/withdrawal")
def ask_withdrawal(paper_id: int) -> ResponseReturnValue:
    paper = load(WorkingPaper, paper_id, Permission.PAPER_READ)
    gate(Permission.PAPER_WITHDRAW, paper)
    return render_template("papers/withdrawal.html", paper=paper, form=WithdrawalForm())


@bp.post("/papers/<int:paper_id>/withdrawal")
def withdraw(paper_id: int) -> ResponseReturnValue:
    paper, form = load(WorkingPaper, paper_id, Permission.PAPER_READ), WithdrawalForm()
    gate(Permission.PAPER_WITHDRAW, paper)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                services.withdraw_paper(actor(), paper, form.words.data)
    if form.errors:
        return render_template("papers/withdrawal.html", paper=paper, form=form), 422
    flash(_("Withdrawn; its versions stay on record"))
    return redirect(url_for(".show", paper_id=paper_id))


def paper_page(paper: WorkingPaper, **more: Any) -> str:
    """The page of a paper with everything around it; upper features show it again with a form."""
    shown = queries.whole_paper(paper.id) or paper
    told = [one for panel in papers.panels if (one := panel(shown, actor()))]
    return render_template(
        "papers/show.html",
        paper=shown,
        engagement=shown.engagement,
        neighbours=queries.papers_of(shown.engagement),
        is_locked=queries.is_locked(shown),
        held=[words for _name, panel in told for words in panel.get("held", ())],
        panels=told,
        events=timeline(shown, names=names_of),
        labels=labels,
        submissions=submission_views.shown(shown.engagement, shown.id),
        **{**review_views.panel_of(shown), **more},
    )
