from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import agencies, clock
from app.accounts.models import User
from app.accounts.queries import names_of
from app.agencies import labels, queries, services
from app.agencies.forms import AgencyForm, EvaluatorForm, form_of
from app.agencies.models import Agency, AgencyType, Evaluator
from app.agencies.qualification import falls_short, qualifies, years_between
from app.audit.timeline import Entry, naming, timeline
from app.db import db, transaction
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

bp = Blueprint("agencies", __name__, url_prefix="/agencies")
PLAIN = ("agency", "evaluator", "register")  # kinds of events that every reader of the page hears
bp.record_once(lambda _state: labels.join())
bp.context_processor(lambda: {"types": labels.TYPES})


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.AGENCY_LIST)
    query = queries.agencies_visible_to(actor()).order_by(None)
    kinds = [kind for kind in AgencyType if kind.value == request.args.get("type")]
    if kinds:
        query = query.where(Agency.agency_type.in_(kinds))
    if words := request.args.get("q", "").strip():
        query = queries.containing(query, words[:80])
    page = page_of(query, Agency.id)
    counts = queries.evaluator_counts([agency.id for agency in page.items])
    kind = kinds[0] if kinds else None
    return render_template("agencies/index.html", page=page, counts=counts, kind=kind)


@bp.get("/new")
def new() -> ResponseReturnValue:
    gate(Permission.AGENCY_REGISTER)
    return render_template("agencies/new.html", form=AgencyForm(), once=fresh_token())


@bp.post("")
def register() -> ResponseReturnValue:
    gate(Permission.AGENCY_REGISTER)
    form, agency = AgencyForm(), None
    if form.validate_on_submit():
        with told_in(form, "credit_code"), transaction():
            spend(request.form.get("once"))
            agency = services.register_agency(actor(), form.new_agency())
    if agency is None:
        return render_template("agencies/new.html", form=form, once=fresh_token()), 422
    flash(_("%(name)s is registered", name=agency.name))
    return redirect(url_for(".show", agency_id=agency.id))


@bp.get("/<int:agency_id>")
def show(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_READ)
    user, today = actor(), clock.today()
    added = [panel(agency, user) for panel in agencies.panels]
    return render_template(
        "agencies/show.html",
        agency=agency,
        standing=[standing(one) for one in db.session.scalars(queries.evaluators_of(agency.id))],
        panels=[panel for panel in added if panel is not None],
        entries=entries_for(user, agency),
        today=today,
    )


def entries_for(user: User, agency: Agency) -> Sequence[Entry]:
    """What happened to the entry; its proof, ties and transfers only to who reads its record."""
    kinds = () if can(user, Permission.EVIDENCE_READ, agency) else PLAIN
    return naming(timeline(agency, names=names_of, kinds=kinds), named_on_record(agency))


def named_on_record(agency: Agency) -> Mapping[str, str]:
    """Whom the entries of an agency's time line are about, as far as the reader may know."""
    user, known = actor(), queries.evaluator_names(agency.id)
    for naming_more in agencies.namings:
        known |= naming_more(agency, user)
    return known


def standing(evaluator: Evaluator) -> Mapping[str, Any]:
    """An evaluator with the years that count today and what still stands against a signature."""
    today, since = clock.today(), evaluator.evaluating_since
    return {
        "who": evaluator,
        "years": years_between(evaluator.working_since, today),
        "evaluating": years_between(since, today) if since else 0,
        "problem": qualifies(evaluator, today),
        "may_be_confirmed": falls_short(evaluator, today) is None,
    }


@bp.get("/<int:agency_id>/edit")
def edit(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_EDIT)
    return render_template("agencies/edit.html", agency=agency, form=form_of(agency))


@bp.post("/<int:agency_id>")
def update(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.AGENCY_EDIT)
    form = form_of(agency)
    if form.validate_on_submit():
        with told_in(form), transaction():
            services.edit_agency(actor(), agency, form.particulars())
    if form.errors:
        return render_template("agencies/edit.html", agency=agency, form=form), 422
    flash(_("The particulars are saved"))
    return redirect(url_for(".show", agency_id=agency.id))


def accounts_of(agency: Agency) -> dict[str, User]:
    """The accounts that an evaluator of the agency may be given, by their number in the form."""
    people = db.session.scalars(queries.spare_accounts(agency.id))
    return {str(user.id): user for user in people}


def evaluator_form(accounts: Mapping[str, User]) -> EvaluatorForm:
    form = EvaluatorForm()
    named = [(key, f"{user.name}({user.login})") for key, user in accounts.items()]
    form.user.choices = [("", "—"), *named]
    return form


def show_evaluator_form(agency: Agency, form: FlaskForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "agencies/new_evaluator.html", agency=agency, form=form, once=fresh_token()
    )
    return page, status


@bp.get("/<int:agency_id>/evaluators/new")
def new_evaluator(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.EVALUATOR_REGISTER)
    return show_evaluator_form(agency, evaluator_form(accounts_of(agency)), 200)


@bp.post("/<int:agency_id>/evaluators")
def register_evaluator(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.EVALUATOR_REGISTER)
    accounts, evaluator = accounts_of(agency), None
    form = evaluator_form(accounts)
    if form.validate_on_submit():
        with told_in(form, "working_since"), transaction():
            spend(request.form.get("once"))
            evaluator = services.register_evaluator(actor(), agency, form.new_evaluator(accounts))
    if evaluator is None:
        return show_evaluator_form(agency, form, 422)
    flash(_("%(name)s is entered; the performance section confirms", name=evaluator.name))
    return redirect(url_for(".show", agency_id=agency.id))


@bp.post("/evaluators/<int:evaluator_id>/confirmations")
def confirm_evaluator(evaluator_id: int) -> ResponseReturnValue:
    evaluator = load(Evaluator, evaluator_id, Permission.EVALUATOR_CONFIRM)
    with transaction():
        services.confirm_evaluator(actor(), evaluator)
    flash(_("%(name)s may sign as lead evaluator", name=evaluator.name))
    return redirect(url_for(".show", agency_id=evaluator.agency_id))


@bp.post("/evaluators/<int:evaluator_id>/leavings")
def mark_left(evaluator_id: int) -> ResponseReturnValue:
    evaluator = load(Evaluator, evaluator_id, Permission.EVALUATOR_REGISTER)
    with transaction():
        services.mark_left(actor(), evaluator)
    flash(_("%(name)s is noted as having left", name=evaluator.name))
    return redirect(url_for("upkeep.evaluator", evaluator_id=evaluator.id))
