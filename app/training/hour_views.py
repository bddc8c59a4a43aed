from datetime import timedelta
from io import BytesIO
from typing import Any

import segno
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import delete

from app import clock, pdf
from app.accounts import pacing
from app.accounts import queries as accounts
from app.attachments import sending
from app.attachments.receiving import kept_of_form
from app.db import db, transaction
from app.errors import Missing
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.papers import receiving as papers
from app.policy import Permission
from app.training import authoring, lists, queries, services
from app.training.blueprint import bp
from app.training.forms import ClaimForm, DecisionForm
from app.training.models import CertificateAttempt, ClaimState, HourRecord
from app.web import actor, gate, load, outside, page_of, spend, told_in

CLAIM, HOURS_READ = Permission.HOURS_CLAIM, Permission.HOURS_READ


@bp.get("/training-hours")
def hours() -> ResponseReturnValue:
    gate(Permission.COURSE_LIST)
    return hours_page()


def hours_page(problem: str = "") -> str:
    """The hours that the reader may see, or those that wait; with boxes where they may decide."""
    user, year = actor(), clock.today().year
    query = queries.hours_visible_to(user)
    if waiting := request.args.get("state") == "waiting":
        query = query.where(HourRecord.state == ClaimState.WAITING)
    told = {"year": year, "mine": queries.hours_in(user, year), "waiting": waiting}
    page = page_of(query, HourRecord.id)
    return render_template("training/hours.html", page=page, user=user, problem=problem, **told)


@bp.post("/training-hours/export")
def export_hours() -> ResponseReturnValue:
    gate(Permission.COURSE_EDIT)
    year = request.form.get("year", clock.today().year, type=whole)
    with transaction():
        made = lists.export_hours(actor(), year)
    return workbook(made, f"{_('Hours of training')} {year}.xlsx")


def workbook(made: bytes, name: str) -> Response:
    """A workbook to be taken away."""
    response = Response(made, mimetype=XLSX_MIME)
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


@bp.get("/training-hours/new")
def new_claim() -> ResponseReturnValue:
    gate(CLAIM)
    return render_template("training/claim.html", form=ClaimForm())


@bp.post("/training-hours")
def claim() -> ResponseReturnValue:
    gate(CLAIM)
    form = ClaimForm()
    with papers.told_at(form.file) as told:
        if form.validate_on_submit():
            file = kept_of_form(form, CLAIM, None)
            with told_in(form), transaction():
                spend(form.once.data)
                services.claim_hours(actor(), form.told(), file)
    if form.errors:
        return render_template("training/claim.html", form=form), told.status
    flash(_("Entered. The performance section decides on it"))
    return redirect(url_for(".hours"))


@bp.get("/training-hours/<int:record_id>")
def show_hours(record_id: int) -> ResponseReturnValue:
    return record_page(load(HourRecord, record_id, HOURS_READ), DecisionForm())


def record_page(record: HourRecord, form: DecisionForm) -> str:
    """Hours with their proof, and the form of a decision."""
    return render_template("training/record.html", record=record, form=form)


@bp.get("/training-hours/<int:record_id>/proof")
def proof(record_id: int) -> ResponseReturnValue:
    record = load(HourRecord, record_id, HOURS_READ)
    if record.proof is None:
        raise Missing
    return sending.download(record.proof, record, HOURS_READ)


@bp.post("/training-hours/<int:record_id>/decision")
def decide(record_id: int) -> ResponseReturnValue:
    record, form = load(HourRecord, record_id, HOURS_READ), DecisionForm()
    gate(Permission.HOURS_DECIDE, record)
    refuses = request.form.get("outcome") == "refuse"
    act = authoring.refuse_hours if refuses else authoring.accept_hours
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            act(actor(), record, form.words.data or "")
    if form.errors:
        return record_page(record, form), 422
    flash(_("Hours not accepted") if refuses else _("Hours accepted"))
    return redirect(url_for(".hours", state="waiting"))


@bp.post("/training-hours/acceptances")
def accept_several() -> ResponseReturnValue:
    gate(Permission.COURSE_EDIT)
    keys = set(request.form.getlist("record", type=whole))
    if not keys:
        return hours_page(_("Tick the hours whose proof holds")), 422
    with transaction():
        records = db.session.scalars(queries.claims_waiting().where(HourRecord.id.in_(keys))).all()
        for record in records:
            authoring.accept_hours(actor(), record, "")
    if records:
        flash(_("Accepted: %(count)s", count=len(records)))
    if left := len(keys) - len(records):
        flash(_("Decided on before and left as they are: %(count)s", count=left))
    return redirect(url_for(".hours", state="waiting"))


@bp.get("/training-hours/<int:record_id>/certificate")
def certificate(record_id: int) -> ResponseReturnValue:
    record = load(HourRecord, record_id, HOURS_READ)
    if record.certificate is None:
        raise Missing
    told = certified(record) | {"number": record.certificate, "bureau": accounts.bureau()}
    made = pdf.pdf_of("pdf/certificate.html", printed_at=clock.now(), **told)
    response = Response(made, mimetype="application/pdf")
    name = f"{_('Certificate of hours')}-{record.certificate}.pdf"
    response.headers["Content-Disposition"] = content_disposition(name, "attachment")
    return response


def certified(record: HourRecord) -> dict[str, Any]:
    """What a certificate says, the address where anybody checks it, and that as a picture."""
    out = BytesIO()
    scanned = segno.make(outside(".check_certificate", number=record.certificate), error="m")
    scanned.save(out, kind="svg", scale=3, xmldecl=False, nl=False)
    picture = Markup(out.getvalue().decode())  # noqa: S704 - drawn by us
    return {"record": record, "address": outside(".check_certificate"), "picture": picture}


@bp.get("/certificates")
def check_certificate() -> ResponseReturnValue:
    number, record = request.args.get("number", "").strip().upper()[:60], None
    if number:
        place = pacing.here()
        if queries.is_slowed(place):
            abort(429)
        record = queries.record_by_certificate(number)
        if record is None:
            with transaction():
                note_attempt(place)
    return render_template("training/check.html", number=number, record=record)


def note_attempt(place: str) -> None:
    """A number that names nothing was asked from this place; what is older than a day goes."""
    old = CertificateAttempt.at < clock.now() - timedelta(days=1)
    db.session.execute(delete(CertificateAttempt).where(old))
    db.session.add(CertificateAttempt(place=place, at=clock.now()))
