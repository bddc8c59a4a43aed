"""The pages of measures and of the credit record."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.queries import names_of
from app.agencies.models import Agency
from app.assessments import consequences, credit_queries, objections
from app.assessments.blueprint import bp
from app.assessments.credit_models import Consequence
from app.assessments.forms import ConsequenceForm, DecisionForm
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.models import Engagement
from app.policy import Permission, can
from app.web import actor, gate, load, page_of, spend, told_in

STATES = ("waiting", "in_force")


@bp.get("/consequences")
def measures() -> ResponseReturnValue:
    gate(Permission.CONSEQUENCE_LIST)
    query, state = credit_queries.consequences_of_district(actor()), request.args.get("state", "")
    if state == "waiting":
        query = credit_queries.awaiting_leader()
    if state == "in_force":
        query = query.where(credit_queries.is_in_force(clock.today()))
    page = page_of(query, Consequence.id)
    return render_template("assessments/consequences.html", page=page, state=state)


def engagements_of(agency: Agency) -> dict[str, Engagement]:
    """The agency's engagements by their number in the form, the newest first."""
    query = select(Engagement).where(Engagement.agency_id == agency.id)
    found = db.session.scalars(query.order_by(Engagement.id.desc()).limit(200))
    return {str(one.id): one for one in found}


def offered(form: ConsequenceForm, agency: Agency) -> dict[str, Engagement]:
    """Offer the agency's engagements in the form."""
    known = engagements_of(agency)
    named = [(key, f"{one.code} {one.name}") for key, one in known.items()]
    form.engagement.choices = [("", "—"), *named]
    return known


@bp.get("/agencies/<int:agency_id>/consequences/new")
def new_consequence(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_READ)
    gate(Permission.CONSEQUENCE_PROPOSE, agency)
    today = clock.today()
    form = ConsequenceForm(starts_on=today, ends_on=today + timedelta(days=364))
    offered(form, agency)
    return render_template("assessments/propose.html", agency=agency, form=form)


@bp.post("/agencies/<int:agency_id>/consequences")
def propose(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_READ)
    gate(Permission.CONSEQUENCE_PROPOSE, agency)
    form, made = ConsequenceForm(), None
    known = offered(form, agency)
    if form.validate_on_submit():
        with told_in(form, "kind"), transaction():
            spend(form.once.data)
            made = consequences.propose(actor(), agency, form.new_consequence(known))
    if made is None:
        return render_template("assessments/propose.html", agency=agency, form=form), 422
    flash(_("Proposed: a leader decides"))
    return redirect(url_for(".show_consequence", consequence_id=made.id))


@bp.get("/consequences/<int:consequence_id>")
def show_consequence(consequence_id: int) -> ResponseReturnValue:
    found, user = load(Consequence, consequence_id, Permission.CONSEQUENCE_READ), actor()
    inside = can(user, Permission.OBJECTION_READ, found)
    objection = objections.objection_to(found) if inside else None
    raises = can(user, Permission.OBJECTION_RAISE, found) and objections.may_object(found)
    sees_all = can(user, Permission.CONSEQUENCE_LIST, None)
    return render_template(
        "assessments/consequence.html",
        found=found,
        objection=objection,
        may_object=raises and objection is None,
        sees_all=sees_all,
        entries=timeline(found, names=names_of) if sees_all else [],
    )


@bp.get("/consequences/<int:consequence_id>/decision")
def ask_consequence_decision(consequence_id: int) -> ResponseReturnValue:
    found = load(Consequence, consequence_id, Permission.CONSEQUENCE_READ)
    gate(Permission.CONSEQUENCE_DECIDE, found)
    form = DecisionForm()
    return render_template("assessments/decide_consequence.html", found=found, form=form)


@bp.post("/consequences/<int:consequence_id>/decision")
def decide_consequence(consequence_id: int) -> ResponseReturnValue:
    found, form = load(Consequence, consequence_id, Permission.CONSEQUENCE_READ), DecisionForm()
    gate(Permission.CONSEQUENCE_DECIDE, found)
    if form.validate_on_submit():
        approves = form.decision.data == "approve"
        with told_in(form, "words"), transaction():
            step = consequences.impose if approves else consequences.refuse
            step(actor(), found, form.words.data)
    if form.errors:
        return render_template("assessments/decide_consequence.html", found=found, form=form), 422
    flash(_("Your decision is on record"))
    return redirect(url_for(".show_consequence", consequence_id=consequence_id))
