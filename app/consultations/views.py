from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import clock, pdf
from app.accounts.queries import names_of
from app.attachments import receiving, sending, waiting
from app.audit.timeline import timeline
from app.consultations import labels, matrix, queries, services
from app.consultations.forms import AnswerForm, ConsultationForm, ResponseForm
from app.consultations.joining import KEEPER
from app.consultations.models import Consultation, Opinion
from app.consultations.scores import Move
from app.db import db, transaction
from app.engagements.forms import ReasonForm
from app.engagements.models import Engagement
from app.errors import Missing
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.papers import quarantine
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, spend, told_in

bp = Blueprint("consultations", __name__)
READ, RESPOND = Permission.CONSULTATION_READ, Permission.CONSULTATION_RESPOND
MOST_SHOWN = 100


@bp.get("/consultations")
def index() -> ResponseReturnValue:
    found = db.session.scalars(queries.awaiting(actor()).limit(MOST_SHOWN)).all()
    return render_template("consultations/index.html", consultations=found, today=clock.today())


@bp.get("/engagements/<int:engagement_id>/consultations")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    found = queries.consultations_of(engagement, actor())
    shown = {"engagement": engagement, "consultations": found, "today": clock.today()}
    return render_template("consultations/engagement.html", **shown)


@bp.get("/engagements/<int:engagement_id>/consultations/new")
def new(engagement_id: int) -> ResponseReturnValue:
    engagement = to_consult(engagement_id)
    form = ConsultationForm(data={"once": fresh_token()})
    form.suggest()
    return new_page(engagement, form)


def to_consult(engagement_id: int) -> Engagement:
    """An engagement whose draft this person may send to a unit."""
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    gate(Permission.CONSULTATION_SEND, engagement)
    return engagement


def new_page(engagement: Engagement, form: ConsultationForm) -> str:
    """The page on which a draft is sent."""
    form.bind(engagement)
    return render_template("consultations/new.html", engagement=engagement, form=form)


@bp.post("/engagements/<int:engagement_id>/consultations")
def send(engagement_id: int) -> ResponseReturnValue:
    engagement, form, made = to_consult(engagement_id), ConsultationForm(), None
    if form.bind(engagement).validate_on_submit():
        with told_in(form, "unit"), transaction():
            spend(form.once.data)
            made = services.send_consultation(actor(), engagement, form.told())
    if made is None:
        return new_page(engagement, form), 422
    flash(_("The draft is sent to %(unit)s", unit=made.unit.name))
    return redirect(url_for(".show", consultation_id=made.id))


@bp.get("/consultations/<int:consultation_id>")
def show(consultation_id: int) -> ResponseReturnValue:
    return page(to_read(consultation_id), ResponseForm(data={"once": fresh_token()}))


def to_read(consultation_id: int) -> Consultation:
    """A consultation that this person may read, with everything that its page shows."""
    queries.whole_consultation(consultation_id)
    return load(Consultation, consultation_id, READ)


def page(consultation: Consultation, form: ResponseForm) -> str:
    """The page of a consultation: the draft, the opinions, the answers."""
    return render_template(
        "consultations/show.html",
        consultation=consultation,
        engagement=consultation.engagement,
        form=form,
        checked=waiting.files_of(KEEPER, consultation.id),
        moved={one.row: one for one in moves_for(consultation)},
        entries=timeline(consultation, names=names_of, reader=actor()),
        labels=labels,
        scores_of=matrix.scores_of,
        today=clock.today(),
    )


def moves_for(consultation: Consultation) -> list[Move]:
    """The scores that moved, for those who may see scores."""
    may = can(actor(), Permission.INDICATOR_READ, consultation)
    return matrix.moves_of(consultation) if may else []


@bp.get("/consultations/<int:consultation_id>/draft")
def draft(consultation_id: int) -> ResponseReturnValue:
    consultation = load(Consultation, consultation_id, READ)
    return sending.download_version(consultation.version, consultation, READ)


@bp.post("/consultations/<int:consultation_id>/response")
def respond(consultation_id: int) -> ResponseReturnValue:
    consultation, form = to_read(consultation_id), ResponseForm()
    gate(RESPOND, consultation)
    if (more := request.form.get("add", type=whole)) is not None:
        form.add_rows(more)
        return page(consultation, form)
    done = False
    if form.validate_on_submit():
        with told_in(form, "none"):
            responded(consultation, form)
            done = True
    if not done:
        return page(consultation, form), 422
    flash(_("Your opinions are handed in"))
    return redirect(url_for(".show", consultation_id=consultation_id))


def responded(consultation: Consultation, form: ResponseForm) -> None:
    """Hand the opinions in, with the letter, if there is one; a scanner may pass it afterwards."""
    sent = form.file.data
    has_letter = isinstance(sent, FileStorage) and sent.filename
    sources = [receiving.from_form(form)] if has_letter else []
    if sources and quarantine.scanner():
        with waiting.gathered(KEEPER, consultation, sources) as here, transaction():
            spend(form.once.data)
            services.respond(actor(), consultation, form.told())
            waiting.ask_check(actor(), KEEPER, consultation, here)
        return
    letters = [receiving.kept(KEEPER, consultation, source) for source in sources]
    with transaction():
        spend(form.once.data)
        services.respond(actor(), consultation, form.told(), *letters)


@bp.get("/consultations/<int:consultation_id>/files/<int:file_id>")
def letter(consultation_id: int, file_id: int) -> ResponseReturnValue:
    consultation = load(Consultation, consultation_id, READ)
    found = next((one for one in consultation.files if one.id == file_id), None)
    if found is None:
        raise Missing
    return sending.download(found, consultation, READ)


@bp.get("/consultation-opinions/<int:opinion_id>/answer")
def ask_answer(opinion_id: int) -> ResponseReturnValue:
    opinion = to_answer(opinion_id)
    told = {"verdict": opinion.verdict, "reason": opinion.reason, "changed": opinion.changed}
    return answer_page(opinion, AnswerForm(data=told))


def to_answer(opinion_id: int) -> Opinion:
    """An opinion that this person may answer."""
    opinion = db.session.get(Opinion, opinion_id)
    if opinion is None or not can(actor(), READ, opinion.consultation):
        raise Missing
    gate(Permission.CONSULTATION_ANSWER, opinion)
    return opinion


def answer_page(opinion: Opinion, form: AnswerForm) -> str:
    """The page of one answer."""
    moved = matrix.moves_of(opinion.consultation)
    shown: dict[str, Any] = {"opinion": opinion, "form": form.bind(moved)}
    return render_template("consultations/answer.html", engagement=opinion.engagement, **shown)


@bp.post("/consultation-opinions/<int:opinion_id>/answer")
def answer(opinion_id: int) -> ResponseReturnValue:
    opinion = to_answer(opinion_id)
    form = AnswerForm().bind(matrix.moves_of(opinion.consultation))
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.answer_opinion(actor(), opinion, form.told())
    if form.errors:
        return answer_page(opinion, form), 422
    flash(_("Answered"))
    url = url_for(".show", consultation_id=opinion.consultation_id, _anchor=f"o-{opinion.number}")
    return redirect(url)


@bp.get("/consultations/<int:consultation_id>/closing")
def ask_closing(consultation_id: int) -> ResponseReturnValue:
    consultation = to_read(consultation_id)
    gate(Permission.CONSULTATION_CLOSE, consultation)
    return closing_page(consultation, ReasonForm())


def closing_page(consultation: Consultation, form: ReasonForm) -> str:
    """The page on which a consultation is closed without an answer of the unit."""
    shown = {"consultation": consultation, "form": form, "engagement": consultation.engagement}
    return render_template("consultations/closing.html", **shown)


@bp.post("/consultations/<int:consultation_id>/closing")
def close(consultation_id: int) -> ResponseReturnValue:
    consultation = to_read(consultation_id)
    gate(Permission.CONSULTATION_CLOSE, consultation)
    form = ReasonForm()
    if consultation.responded_at is None and not form.validate_on_submit():
        return closing_page(consultation, form), 422
    with told_in(form, "reason"), transaction():
        services.close_consultation(actor(), consultation, form.reason.data or "")
    if form.errors:
        return closing_page(consultation, form), 422
    flash(_("The consultation is closed; the unit sees every answer"))
    return redirect(url_for(".show", consultation_id=consultation_id))


@bp.get("/consultations/<int:consultation_id>/matrix/<string:form>")
def export(consultation_id: int, form: str) -> ResponseReturnValue:
    consultation = to_read(consultation_id)
    made = {"xlsx": as_workbook, "pdf": as_pdf}.get(form)
    if made is None:
        raise Missing
    data, mime = made(consultation)
    with transaction():
        services.record_export(actor(), consultation, form)
    reply = Response(data, mimetype=mime)
    name = f"{consultation.engagement.code} {_('Opinions and answers')}.{form}"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


def as_workbook(consultation: Consultation) -> tuple[bytes, str]:
    """The table as a workbook."""
    return matrix.workbook(consultation, moves_for(consultation)), XLSX_MIME


def as_pdf(consultation: Consultation) -> tuple[bytes, str]:
    """The table for print."""
    rows = matrix.rows(consultation, moves_for(consultation))
    shown = {"consultation": consultation, "heads": matrix.heads(), "rows": rows}
    told = {"landscape": True, "printed_at": clock.now(), "digest": consultation.version.sha256}
    return pdf.pdf_of("pdf/opinions.html", **shown, **told), "application/pdf"
