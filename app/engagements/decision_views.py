"""What is decided on an engagement's page: stages, acceptance, termination, closing."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import engagements
from app.accounts.models import User
from app.db import transaction
from app.engagements import acceptance, moves, services
from app.engagements.blueprint import bp
from app.engagements.forms import AcceptanceForm, ReasonForm
from app.engagements.models import Engagement, Stage
from app.errors import Missing
from app.policy import Permission
from app.web import actor, gate, load, told_in

READ = Permission.ENGAGEMENT_READ


def stage_of(engagement_id: int, stage_id: int) -> Stage:
    """A stage of this engagement, for those who may see it."""
    stage = load(Stage, stage_id, READ)
    if stage.engagement_id != engagement_id:
        raise Missing
    return stage


def undecided(engagement_id: int, permission: Permission) -> Engagement:
    """An engagement that somebody wants to decide on: a second decision hears of the first."""
    engagement = load(Engagement, engagement_id, READ)
    moves.expect_open(engagement)
    gate(permission, engagement)
    return engagement


def back(engagement_id: int, told: str) -> ResponseReturnValue:
    """Back to the engagement, with what was done."""
    flash(told)
    return redirect(url_for(".show", engagement_id=engagement_id))


@bp.post("/engagements/<int:engagement_id>/stages/<int:stage_id>/submission")
def submit_stage(engagement_id: int, stage_id: int) -> ResponseReturnValue:
    stage = stage_of(engagement_id, stage_id)
    with transaction():
        services.submit_stage(actor(), stage)
    return back(engagement_id, _("The stage is submitted"))


@bp.post("/engagements/<int:engagement_id>/stages/<int:stage_id>/approval")
def approve_stage(engagement_id: int, stage_id: int) -> ResponseReturnValue:
    stage = stage_of(engagement_id, stage_id)
    with transaction():
        services.approve_stage(actor(), stage)
    return back(engagement_id, _("The stage is approved; the next one has begun"))


@bp.get("/engagements/<int:engagement_id>/stages/<int:stage_id>/return")
def ask_return(engagement_id: int, stage_id: int) -> ResponseReturnValue:
    stage = stage_of(engagement_id, stage_id)
    gate(Permission.STAGE_DECIDE, stage)
    return return_page(stage, ReasonForm())


@bp.post("/engagements/<int:engagement_id>/stages/<int:stage_id>/return")
def return_stage(engagement_id: int, stage_id: int) -> ResponseReturnValue:
    stage, form = stage_of(engagement_id, stage_id), ReasonForm()
    gate(Permission.STAGE_DECIDE, stage)
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.return_stage(actor(), stage, form.reason.data)
    if form.errors:
        return return_page(stage, form), 422
    return back(engagement_id, _("The stage is returned to the agency"))


def return_page(stage: Stage, form: ReasonForm) -> str:
    """The page that asks why a stage is returned."""
    return render_template(
        "engagements/return.html", stage=stage, engagement=stage.engagement, form=form
    )


@bp.get("/engagements/<int:engagement_id>/acceptance")
def ask_acceptance(engagement_id: int) -> ResponseReturnValue:
    engagement = undecided(engagement_id, Permission.ACCEPTANCE_DECIDE)
    return acceptance_page(engagement, AcceptanceForm.about(engagement.acceptance_items))


@bp.post("/engagements/<int:engagement_id>/acceptance")
def decide_acceptance(engagement_id: int) -> ResponseReturnValue:
    engagement = undecided(engagement_id, Permission.ACCEPTANCE_DECIDE)
    form = AcceptanceForm.about(engagement.acceptance_items)
    if form.validate_on_submit():
        with told_in(form, "outcome"), transaction():
            decide(actor(), engagement, form)
    if form.errors:
        return acceptance_page(engagement, form), 422
    return back(engagement_id, _("The decision on acceptance is recorded"))


def decide(user: User, engagement: Engagement, form: AcceptanceForm) -> None:
    """Take the decision that was chosen."""
    findings, reasons = form.told(engagement.acceptance_items), form.reasons.data or ""
    if form.outcome.data == "accept":
        acceptance.accept(user, engagement, findings)
    elif form.outcome.data == "rework":
        acceptance.refuse_for_rework(
            user, engagement, findings, reasons=reasons, due_on=form.due_on.data
        )
    else:
        acceptance.refuse_finally(user, engagement, findings, reasons=reasons)


def acceptance_page(engagement: Engagement, form: AcceptanceForm) -> str:
    """The page of the decision, item by item, with what it rests on."""
    shown = [panel for one in engagements.acceptance_panels if (panel := one(engagement, actor()))]
    return render_template(
        "engagements/acceptance.html", engagement=engagement, form=form, panels=shown
    )


@bp.get("/engagements/<int:engagement_id>/termination")
def ask_termination(engagement_id: int) -> ResponseReturnValue:
    engagement = undecided(engagement_id, Permission.ENGAGEMENT_TERMINATE)
    return render_template("engagements/terminate.html", engagement=engagement, form=ReasonForm())


@bp.post("/engagements/<int:engagement_id>/termination")
def terminate(engagement_id: int) -> ResponseReturnValue:
    engagement = undecided(engagement_id, Permission.ENGAGEMENT_TERMINATE)
    form = ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.terminate(actor(), engagement, form.reason.data)
    if form.errors:
        return render_template("engagements/terminate.html", engagement=engagement, form=form), 422
    return back(engagement_id, _("The engagement is terminated"))


@bp.post("/engagements/<int:engagement_id>/closing")
def close_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, READ)
    with transaction():
        services.close_engagement(actor(), engagement)
    return back(engagement_id, _("The engagement is closed"))
