from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import audit
from app.accounts import pacing
from app.accreditation import queries, services
from app.accreditation.blueprint import bp
from app.accreditation.forms import ApplicationForm, ProofForm, form_of
from app.accreditation.holder import Applicant
from app.accreditation.models import Application, Evidence, Requirement, State
from app.attachments.receiving import kept_of_form
from app.db import db, transaction
from app.errors import Missing
from app.papers.receiving import told_at
from app.policy import Permission, can
from app.web import fresh_token, outside, spend, told_in

FILL = Permission.APPLICATION_FILL


def slow(kind: str) -> None:
    """Stop an address that does so much without an account that it has to wait."""
    if queries.is_slowed(kind, pacing.here()):
        abort(429)


def opened(key: str) -> tuple[Application, Applicant]:
    """The application of a key and who holds it; a key that opens nothing is counted."""
    slow("register_key")
    application = queries.application_of(key)
    if application is None:
        with transaction():
            pacing.note("register_key", pacing.here())
        raise Missing
    return application, Applicant(application.id)


@bp.get("/register-applications/new")
def ask() -> ResponseReturnValue:
    form = ApplicationForm(data={"once": fresh_token()}).open_rows()
    return render_template("accreditation/new.html", form=form)


@bp.post("/register-applications")
def start() -> ResponseReturnValue:
    slow("register_start")
    form, key = ApplicationForm(), ""
    more = request.form.get("add", "")
    if not more and form.validate_on_submit():
        with told_in(form, "name"), transaction():
            spend(form.once.data)
            pacing.note("register_start", pacing.here())
            key = services.start_application(audit.VISITOR, form.told())[1]
    if not key:
        page = render_template("accreditation/new.html", form=form.open_rows(more))
        return page, 422 if form.errors else 200
    url = outside(".follow", key=key)
    return render_template("accreditation/issued.html", url=url, name=form.name.data)


@bp.get("/register-applications/keys/<string:key>")
def follow(key: str) -> ResponseReturnValue:
    application, holder = opened(key)
    return page(key, application, holder)


def page(key: str, application: Application, holder: Applicant, **forms: Any) -> str:
    """An application as whoever holds its key sees it."""
    may_fill = can(holder, FILL, application)
    if "form" not in forms and may_fill:
        forms["form"] = form_of(application)
    missing = queries.missing(application)
    forms["proof"] = forms.get("proof") or next_proof(application, missing)
    told = {"may_fill": may_fill, "living": queries.living(application), "missing": missing}
    return render_template(
        "accreditation/follow.html",
        key=key,
        application=application,
        needed=queries.NEEDED,
        **told,
        **forms,
    )


def next_proof(application: Application, missing: Sequence[Requirement]) -> ProofForm:
    """An empty form for the next proof: of an item that needs one, else of one that came back."""
    data: dict[str, Any] = {"once": fresh_token()}
    returned = application.why_returned if application.state is State.RETURNED else {}
    if wanted := [*missing, *returned]:
        data["requirement"] = Requirement(wanted[0]).value
    return ProofForm(formdata=None, data=data)


@bp.post("/register-applications/keys/<string:key>")
def save(key: str) -> ResponseReturnValue:
    application, holder = opened(key)
    form, more = ApplicationForm(), request.form.get("add", "")
    if not more and form.validate_on_submit():
        with told_in(form, "name"), transaction():
            services.save_application(holder, application, form.told())
    if more or form.errors:
        shown = page(key, application, holder, form=form.open_rows(more))
        return shown, 422 if form.errors else 200
    flash(_("Saved"))
    return redirect(url_for(".follow", key=key, _anchor="proof"))


@bp.post("/register-applications/keys/<string:key>/proof")
def add_proof(key: str) -> ResponseReturnValue:
    slow("register_file")
    application, holder = opened(key)
    proof = ProofForm()
    with told_at(proof.file) as told:
        if proof.validate_on_submit():
            file = kept_of_form(proof, FILL, application, sender=holder)
            with told_in(proof, "file"), transaction():
                file_proof(holder, application, proof, file)
    if proof.errors:
        return page(key, application, holder, proof=proof), told.status
    flash(_("The proof is filed"))
    return redirect(url_for(".follow", key=key, _anchor="proof"))


def file_proof(holder: Applicant, application: Application, proof: ProofForm, file: Any) -> None:
    """File what came, once, and count it."""
    spend(proof.once.data)
    pacing.note("register_file", pacing.here())
    item, ends = Requirement(proof.requirement.data), proof.expires_on.data
    services.file_evidence(holder, application, item, file, expires_on=ends)


@bp.post("/register-applications/keys/<string:key>/proof/<int:evidence_id>/voiding")
def void_proof(key: str, evidence_id: int) -> ResponseReturnValue:
    application, holder = opened(key)
    evidence = db.session.get(Evidence, evidence_id)
    if evidence is None or evidence.application_id != application.id:
        raise Missing
    with transaction():
        services.void_evidence(holder, evidence)
    flash(_("Voided"))
    return redirect(url_for(".follow", key=key, _anchor="proof"))


@bp.post("/register-applications/keys/<string:key>/submission")
def submit(key: str) -> ResponseReturnValue:
    application, holder = opened(key)
    with transaction():
        services.submit_application(holder, application)
    flash(_("Handed in. Come back with the same address to see what became of it"))
    return redirect(url_for(".follow", key=key))


@bp.post("/register-applications/keys/<string:key>/withdrawal")
def withdraw(key: str) -> ResponseReturnValue:
    application, holder = opened(key)
    with transaction():
        services.withdraw_application(holder, application)
    flash(_("Application withdrawn"))
    return redirect(url_for(".follow", key=key))
