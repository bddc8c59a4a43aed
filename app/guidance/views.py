from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.errors import Conflict, Invalid, Missing
from app.guidance import labels, queries, services, stage_views
from app.guidance.blueprint import bp
from app.guidance.forms import NoteForm, ReplyForm
from app.guidance.models import GuidanceNote
from app.papers.models import WorkingPaper
from app.papers.queries import version_of
from app.papers.views import paper_page
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend, told_in

__all__ = ["bp", "stage_views"]  # the latter adds its pages to bp
FILTERS = {
    "unsettled": queries.is_unsettled,
    "unanswered": queries.is_unanswered,
    "score": queries.touches_score,
}


@bp.get("/notes")
def index() -> ResponseReturnValue:
    query, chosen = queries.notes_visible_to(actor()), request.args.get("filter", "")
    if chosen in FILTERS:
        query = query.where(FILTERS[chosen]())
    page = page_of(query, GuidanceNote.id, 30)
    return render_template("guidance/index.html", page=page, chosen=chosen, labels=labels)


@bp.post("/papers/<int:paper_id>/notes")
def issue_note(paper_id: int) -> ResponseReturnValue:
    paper, form = load(WorkingPaper, paper_id, Permission.PAPER_READ), NoteForm()
    gate(Permission.NOTE_ISSUE, paper)
    with told_in(form, "body"):
        if form.validate_on_submit():
            write_note(paper, form)
    if form.errors:
        form.look_again(paper.current_version)
        return paper_page(paper, note_form=form), 422
    flash(_("The opinion is sent to the agency"))
    return redirect(url_for("papers.show", paper_id=paper_id, _anchor="notes"))


def write_note(paper: WorkingPaper, form: NoteForm) -> None:
    """Write the opinion on the version that the author looked at."""
    version = version_of(paper, form.version.data)
    if version is None:
        raise Missing
    with transaction():
        spend(form.once.data)
        services.issue_note(actor(), version, form.told())


@bp.post("/notes/<int:note_id>/replies")
def reply(note_id: int) -> ResponseReturnValue:
    note, form = load(GuidanceNote, note_id, Permission.PAPER_READ), ReplyForm()
    gate(Permission.NOTE_REPLY, note)
    with told_in(form, "body"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                services.reply_to_note(actor(), note, form.body.data)
    if form.errors:
        return paper_page(note.paper, reply_form=form, answered=note.id), 422
    flash(_("Answered"))
    return redirect(url_for("papers.show", paper_id=note.paper_id, _anchor=f"note-{note.number}"))


@bp.post("/notes/<int:note_id>/settlement")
def settle(note_id: int) -> ResponseReturnValue:
    note = load(GuidanceNote, note_id, Permission.PAPER_READ)
    gate(Permission.NOTE_SETTLE, note)
    try:
        with transaction():
            services.settle_note(actor(), note)
    except (Invalid, Conflict) as refusal:
        return paper_page(note.paper, refusal=refusal.message), refusal.status
    flash(_("The opinion is settled"))
    return redirect(url_for("papers.show", paper_id=note.paper_id, _anchor=f"note-{note.number}"))
