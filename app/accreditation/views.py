from typing import Any, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.accreditation import deciding, queries
from app.accreditation import open_views as open_views
from app.accreditation.blueprint import bp as bp
from app.accreditation.forms import DecisionForm
from app.accreditation.models import Application, Evidence, State
from app.attachments import sending
from app.audit.timeline import timeline
from app.db import transaction
from app.errors import Missing
from app.onboarding.activating import Slip
from app.policy import Permission
from app.web import actor, gate, load, outside, page_of, spend, told_in

READ, DECIDE = Permission.APPLICATION_READ, Permission.APPLICATION_DECIDE


@bp.get("/register-applications")
def index() -> ResponseReturnValue:
    gate(READ)
    asked = request.args.get("state", "")
    state = next((one for one in State if one == asked and one is not State.DRAFT), None)
    page = page_of(queries.applications(state), Application.id)
    told = {"state": state, "counts": queries.counts()}
    return render_template("accreditation/index.html", page=page, **told)


def to_read(application_id: int) -> Application:
    """An application that was handed in once; a draft is its writers' own."""
    queries.whole(application_id)
    application = load(Application, application_id, READ)
    if application.state is State.DRAFT:
        raise Missing
    return application


@bp.get("/register-applications/<int:application_id>")
def show(application_id: int) -> ResponseReturnValue:
    application = to_read(application_id)
    return desk(application, DecisionForm(data={"login": application.login}))


def desk(application: Application, form: DecisionForm) -> str:
    """An application on the section's desk."""
    return render_template(
        "accreditation/show.html",
        application=application,
        form=form,
        living=queries.living(application),
        missing=queries.missing(application),
        others=queries.others_of(application),
        entries=timeline(application, names=names_of),
    )


@bp.post("/register-applications/<int:application_id>/decision")
def decide(application_id: int) -> ResponseReturnValue:
    application, form = to_read(application_id), DecisionForm()
    gate(DECIDE, application)
    slip: Slip | None = None
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(form.once.data)
            slip = decided(application, form)
    if form.errors:
        return desk(application, form), 422
    if slip is not None:
        told = {"slip": slip, "address": outside("onboarding.activation")}
        return render_template("accreditation/entered.html", application=application, **told)
    flash(_("The applicant sees your words with its key"))
    return redirect(url_for(".index"))


def decided(application: Application, form: DecisionForm) -> Slip | None:
    """Do what was decided; the slip of the first account where one was opened."""
    words = form.words.data or ""
    if form.outcome.data == "return":
        deciding.return_application(actor(), application, form.reasons, words)
    elif form.outcome.data == "refuse":
        deciding.refuse_application(actor(), application, words)
    else:
        days, login = int(current_app.config["ACTIVATION_DAYS"]), (form.login.data or "").strip()
        return deciding.enter_applicant(actor(), application, login, days)
    return None


@bp.post("/register-applications/<int:application_id>/keys")
def renew_key(application_id: int) -> ResponseReturnValue:
    application = to_read(application_id)
    with transaction():
        spend(request.form.get("once"))
        key = deciding.renew_key(actor(), application)
    url = outside(".follow", key=key)
    return render_template("accreditation/issued.html", url=url, name=application.name)


@bp.get("/register-evidence/<int:evidence_id>")
def download(evidence_id: int) -> ResponseReturnValue:
    evidence = load(Evidence, evidence_id, Permission.EVIDENCE_READ)
    if evidence.application is not None and evidence.application.state is State.DRAFT:
        raise Missing
    return sending.download(cast(Any, evidence), evidence, Permission.EVIDENCE_READ)
