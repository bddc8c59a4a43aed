from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, transaction
from app.errors import Missing
from app.exporting import XLSX_MIME, content_disposition
from app.personal import exporting, queries, services
from app.personal.forms import AnswerForm, CorrectionForm, DataForm
from app.personal.labels import OUTCOMES
from app.personal.models import CorrectionRequest, Outcome
from app.personal.retention import classes
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

FILES = {"json": (exporting.as_json, "application/json"), "xlsx": (exporting.as_xlsx, XLSX_MIME)}
bp = Blueprint("personal", __name__)
bp.context_processor(lambda: {"outcomes": OUTCOMES})


@bp.get("/privacy-notice")
def notice() -> ResponseReturnValue:
    days = int(current_app.config["PERSONAL_DATA_DAYS"])
    bureau = current_app.config["BUREAU_NAME"]
    return render_template("personal/notice.html", classes=classes(days), bureau=bureau)


@bp.get("/personal-data")
def own() -> ResponseReturnValue:
    gate(Permission.PERSONAL_DATA_OWN, current_user)
    return own_page(DataForm(), CorrectionForm(data={"once": fresh_token()}))


def own_page(form: DataForm, asking: CorrectionForm) -> str:
    """A person's own page; what is kept is shown with its middle hidden, for screens are seen."""
    return render_template(
        "personal/own.html",
        form=form,
        asking=asking,
        kept=queries.data_of(actor()),
        entries=exporting.entries_of(actor()),
        asked=db.session.scalars(queries.own_requests(actor()).limit(20)).all(),
        may_answer=can(current_user, Permission.CORRECTION_LIST, None),
    )


@bp.post("/personal-data")
def save() -> ResponseReturnValue:
    gate(Permission.PERSONAL_DATA_OWN, current_user)
    form = DataForm()
    if form.validate_on_submit():
        with told_in(form, "id_number"), transaction():
            services.save_own_data(actor(), *told_or_kept(form))
    if form.errors:
        return own_page(form, CorrectionForm(formdata=None, data={"once": fresh_token()})), 422
    flash(_("Saved, encrypted"))
    return redirect(url_for(".own"))


def told_or_kept(form: DataForm) -> tuple[str, str]:
    """What was typed; what was left empty stays, unless it is taken back."""
    kept = None if form.take_back.data else queries.data_of(actor())
    number, phone = form.id_number.data or "", form.phone.data or ""
    if kept is None:
        return number, phone
    return number or kept.id_number or "", phone or kept.phone or ""


@bp.post("/personal-data/files/<string:form>")
def export(form: str) -> ResponseReturnValue:
    gate(Permission.PERSONAL_DATA_OWN, current_user)
    if form not in FILES:
        raise Missing
    with transaction():
        services.note_export(actor(), form)
    make, mime = FILES[form]
    reply = Response(make(actor()), mimetype=mime)
    reply.headers["Content-Disposition"] = content_disposition(f"{_('My data')}.{form}")
    return reply


@bp.post("/personal-data/corrections")
def ask() -> ResponseReturnValue:
    gate(Permission.PERSONAL_DATA_OWN, current_user)
    asking = CorrectionForm()
    if asking.validate_on_submit():
        with told_in(asking, "words"), transaction():
            spend(asking.once.data)
            services.ask_correction(actor(), asking.words.data, asking.new_name.data or "")
    if asking.errors:
        return own_page(DataForm(formdata=None), asking), 422
    flash(_("Your request is on its way"))
    return redirect(url_for(".own"))


@bp.get("/corrections")
def corrections() -> ResponseReturnValue:
    gate(Permission.CORRECTION_LIST)
    page = page_of(queries.requests_to_answer(actor()), CorrectionRequest.id)
    return render_template("personal/corrections.html", page=page)


@bp.get("/corrections/<int:correction_id>")
def correction(correction_id: int) -> ResponseReturnValue:
    asked = load(CorrectionRequest, correction_id, Permission.CORRECTION_ANSWER)
    return render_template("personal/correction.html", asked=asked, form=AnswerForm())


@bp.post("/corrections/<int:correction_id>")
def answer(correction_id: int) -> ResponseReturnValue:
    asked = load(CorrectionRequest, correction_id, Permission.CORRECTION_ANSWER)
    form = AnswerForm()
    if form.validate_on_submit():
        outcome = Outcome(form.outcome.data)
        with told_in(form, "answer"), transaction():
            services.answer_correction(actor(), asked, outcome, form.answer.data)
    if form.errors:
        return render_template("personal/correction.html", asked=asked, form=form), 422
    flash(_("The answer is sent"))
    return redirect(url_for(".corrections"))
