from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.queries import names_of
from app.assessments import credit_queries, facts, objections, queries, reckoning, services
from app.assessments.blueprint import bp
from app.assessments.forms import FillingForm, ReasonForm, filling_form
from app.assessments.models import Assessment
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.models import Engagement
from app.errors import Invalid, Missing
from app.intake import whole
from app.policy import Permission, can
from app.web import actor, gate, load, page_of, spend, told_in

from app.assessments import (  # isort: skip
    annual_views as annual_views,
    consequence_views as consequence_views,
    objection_views as objection_views,
    rule_views as rule_views,
)  # these add their pages to bp


@bp.get("/assessments")
def index() -> ResponseReturnValue:
    gate(Permission.ASSESSMENT_LIST)
    user, year = actor(), request.args.get("year", type=whole)
    waiting = request.args.get("state") == "waiting"
    shown: dict[str, Any] = {"year": year, "waiting": waiting, "years": queries.years_with_ends()}
    if waiting:
        found = queries.jobs_to_assess(user, year if year in shown["years"] else None)
        return render_template(
            "assessments/waiting.html", page=page_of(found, Engagement.id), **shown
        )
    query = queries.assessments_visible_to(user)
    if year in shown["years"]:
        query = query.where(queries.ended_in(year or 0))
    return render_template("assessments/index.html", page=page_of(query, Assessment.id), **shown)


@bp.get("/engagements/<int:engagement_id>/assessments")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    user = actor()
    found = [
        one for one in queries.versions_of(engagement) if can(user, Permission.ASSESSMENT_READ, one)
    ]
    if not found and not can(user, Permission.ASSESSMENT_EDIT, engagement):
        raise Missing
    return begin_page(engagement, found, ReasonForm())


def begin_page(engagement: Engagement, found: Any, form: ReasonForm) -> str:
    """All versions of a job's assessment, and where the next one begins."""
    begins = not found or found[0].confirmed_at is not None
    return render_template(
        "assessments/engagement.html",
        engagement=engagement,
        found=found,
        form=form,
        may_begin=begins and can(actor(), Permission.ASSESSMENT_EDIT, engagement),
        people=names_of({key for one in found for key in one.involved_ids if key}),
    )


@bp.post("/engagements/<int:engagement_id>/assessments")
def begin(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    gate(Permission.ASSESSMENT_EDIT, engagement)
    form, made = ReasonForm(), None
    with told_in(form, "words"), transaction():
        spend(form.once.data)
        made = services.begin_assessment(actor(), engagement, form.words.data or "")
    if made is None:
        return begin_page(engagement, queries.versions_of(engagement), form), 422
    return redirect(url_for(".edit", assessment_id=made.id))


def whole_of(assessment_id: int) -> Assessment:
    """An assessment with all that its page shows, for those who may read it."""
    load(Assessment, assessment_id, Permission.ASSESSMENT_READ)
    found = queries.whole_assessment(assessment_id)
    if found is None:
        raise Missing
    return found


@bp.get("/assessments/<int:assessment_id>")
def show(assessment_id: int) -> ResponseReturnValue:
    found, user = whole_of(assessment_id), actor()
    raises = can(user, Permission.OBJECTION_RAISE, found) and objections.may_object(found)
    objection = objections.objection_to(found)
    sees_all = can(user, Permission.ASSESSMENT_EDIT, found)
    return render_template(
        "assessments/show.html",
        found=found,
        facts=found.facts or facts.facts_of(found.engagement),
        objection=objection,
        may_object=raises and objection is None,
        may_confirm=found.is_submitted and can(user, Permission.ASSESSMENT_CONFIRM, found),
        total=reckoning.total_now(found),
        entries=timeline(found, names=names_of) if sees_all else [],
    )


@bp.get("/assessments/<int:assessment_id>/edit")
def edit(assessment_id: int) -> ResponseReturnValue:
    found = whole_of(assessment_id)
    gate(Permission.ASSESSMENT_EDIT, found)
    if found.submitted_at is not None:
        return redirect(url_for(".show", assessment_id=found.id))
    return edit_page(found, filling_form(found))


def edit_page(found: Assessment, form: FillingForm) -> str:
    """The form, with the facts of the day beside each line."""
    before = next((one for one in queries.versions_of(found.engagement) if one.is_told), None)
    return render_template(
        "assessments/edit.html",
        found=found,
        form=form,
        facts=facts.facts_of(found.engagement),
        before=before,
        adverse=credit_queries.consequences_in_force([found.agency_id], clock.today()),
    )


@bp.post("/assessments/<int:assessment_id>/edit")
def fill(assessment_id: int) -> ResponseReturnValue:
    found = whole_of(assessment_id)
    gate(Permission.ASSESSMENT_EDIT, found)
    form = filling_form(found)
    if form.validate_on_submit():
        with told_in(form, "bonus"), transaction():
            new = form.told(found)
            services.fill_assessment(actor(), found, new, form.expected.data)
    if form.errors:
        return edit_page(whole_of(assessment_id), form), 422
    flash(_("The assessment is saved"))
    return redirect(url_for(".show", assessment_id=assessment_id))


@bp.post("/assessments/<int:assessment_id>/submission")
def submit(assessment_id: int) -> ResponseReturnValue:
    found = whole_of(assessment_id)
    gate(Permission.ASSESSMENT_EDIT, found)
    try:
        with transaction():
            services.submit_assessment(actor(), found)
        flash(_("Handed on: a second person confirms"))
    except Invalid as wrong:
        flash(str(wrong.message), "error")
    return redirect(url_for(".show", assessment_id=assessment_id))


@bp.post("/assessments/<int:assessment_id>/confirmation")
def confirm(assessment_id: int) -> ResponseReturnValue:
    found = load(Assessment, assessment_id, Permission.ASSESSMENT_READ)
    with transaction():
        services.confirm_assessment(actor(), found)
    flash(_("Confirmed; the agency has been told"))
    return redirect(url_for(".show", assessment_id=assessment_id))


@bp.get("/assessments/<int:assessment_id>/return")
def ask_return(assessment_id: int) -> ResponseReturnValue:
    found = load(Assessment, assessment_id, Permission.ASSESSMENT_READ)
    gate(Permission.ASSESSMENT_CONFIRM, found)
    return render_template("assessments/return.html", found=found, form=ReasonForm())


@bp.post("/assessments/<int:assessment_id>/return")
def send_back(assessment_id: int) -> ResponseReturnValue:
    found, form = load(Assessment, assessment_id, Permission.ASSESSMENT_READ), ReasonForm()
    gate(Permission.ASSESSMENT_CONFIRM, found)
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            services.return_assessment(actor(), found, form.words.data)
    if form.errors:
        db.session.refresh(found)
        return render_template("assessments/return.html", found=found, form=form), 422
    flash(_("Sent back with your reason"))
    return redirect(url_for(".show", assessment_id=assessment_id))
