"""An engagement's guidance on one page: opinions on stages, and the pace of both sides."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.engagements.labels import stage_label
from app.engagements.models import Engagement
from app.errors import Missing
from app.guidance import labels, queries, stage_queries, stage_services
from app.guidance.blueprint import bp
from app.guidance.forms import ReplyForm, StageNoteForm
from app.guidance.stage_models import StageNote
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, spend, told_in


@bp.get("/engagements/<int:engagement_id>/guidance")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    return guidance_page(engagement, StageNoteForm.on(engagement))


def around(engagement: Engagement) -> dict[str, Any]:
    """What stands beside the opinions on stages."""
    return {
        "on_papers": queries.recent_notes_of(engagement, 20),
        "paces": stage_queries.paces_of(engagement),
        "labels": labels,
        "stage_label": stage_label,
    }


def guidance_page(
    engagement: Engagement, form: StageNoteForm, reply: ReplyForm | None = None, answered: int = 0
) -> str:
    """The page with its forms; `answered` is the opinion whose answer has an error."""
    notes, user = stage_queries.notes_of(engagement), actor()
    return render_template(
        "guidance/engagement.html",
        engagement=engagement,
        notes=notes,
        **around(engagement),
        form=form,
        reply=reply or ReplyForm(formdata=None, data={"once": fresh_token()}),
        answered=answered,
        may_issue=can(user, Permission.NOTE_ISSUE, engagement) and form.stage.choices,
        may_reply=can(user, Permission.NOTE_REPLY, engagement),
        settleable={note.id for note in notes if can(user, Permission.NOTE_SETTLE, note)},
    )


@bp.post("/engagements/<int:engagement_id>/guidance")
def issue_stage_note(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    gate(Permission.NOTE_ISSUE, engagement)
    form = StageNoteForm().offer(engagement)
    if form.validate_on_submit():
        with told_in(form, "body"):
            write(engagement, form)
    if form.errors:
        return guidance_page(engagement, form), 422
    flash(_("The opinion is sent to the agency"))
    return redirect(url_for(".of_engagement", engagement_id=engagement_id))


def write(engagement: Engagement, form: StageNoteForm) -> None:
    """Write the opinion on the stage that was chosen, once."""
    stage = next((each for each in engagement.stages if each.id == form.stage.data), None)
    if stage is None:
        raise Missing
    with transaction():
        spend(form.once.data)
        stage_services.issue_stage_note(actor(), stage, form.told())


@bp.post("/stage-notes/<int:stage_note_id>/replies")
def reply_to_stage(stage_note_id: int) -> ResponseReturnValue:
    note, form = load(StageNote, stage_note_id, Permission.PAPER_READ), ReplyForm()
    gate(Permission.NOTE_REPLY, note)
    if form.validate_on_submit():
        with told_in(form, "body"), transaction():
            spend(form.once.data)
            stage_services.reply_to_stage_note(actor(), note, form.body.data)
    if form.errors:
        page = guidance_page(note.engagement, StageNoteForm.on(note.engagement), form, note.id)
        return page, 422
    flash(_("Answered"))
    return redirect(url_for(".of_engagement", engagement_id=note.engagement_id))


@bp.post("/stage-notes/<int:stage_note_id>/settlement")
def settle_stage(stage_note_id: int) -> ResponseReturnValue:
    note = load(StageNote, stage_note_id, Permission.PAPER_READ)
    gate(Permission.NOTE_SETTLE, note)
    with transaction():
        stage_services.settle_stage_note(actor(), note)
    flash(_("The opinion is settled"))
    return redirect(url_for(".of_engagement", engagement_id=note.engagement_id))
