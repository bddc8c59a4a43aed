from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.errors import Invalid
from app.expert_reviews.models import ExpertReview, ExpertSeat
from app.expert_reviews.queries import whole_review
from app.experts import duties, duty_queries
from app.experts.blueprint import bp
from app.experts.duty_forms import AttendanceForm, MarkForm, StandardForm, VoidForm
from app.experts.duty_models import FeeNote, FeeStandard
from app.experts.labels import RANKS
from app.experts.models import Rank
from app.exporting import XLSX_MIME, YUAN, Cell, Sheet, content_disposition, to_xlsx
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, page_by, page_of, spend, told_in

READ, EDIT = Permission.EXPERT_POOL_READ, Permission.EXPERT_POOL_EDIT


@bp.get("/expert-reviews/<int:review_id>/duties")
def duties_of(review_id: int) -> ResponseReturnValue:
    return duty_page(to_read(review_id))


def to_read(review_id: int) -> ExpertReview:
    """A review with its seats, for those who read the pool."""
    whole_review(review_id)
    return load(ExpertReview, review_id, READ)


def duty_page(review: ExpertReview, **forms: Any) -> str:
    """Attendance, opinions, marks and fees of one review."""
    empty: dict[str, Any] = {"formdata": None}
    asked: dict[str, Any] = {"attending": AttendanceForm(**empty), "voiding": VoidForm(**empty)}
    marking = {seat.id: mark_form(seat.id, **empty) for seat in review.seats}
    asked["marking"] = marking | forms.pop("marking", {})
    shown = {**facts_of(review), **asked, **forms}
    return render_template("experts/duties.html", review=review, once=fresh_token(), **shown)


def facts_of(review: ExpertReview) -> dict[str, Any]:
    """What is known of a review's seats and what they cost."""
    return {
        "attendance": duty_queries.attendance_of(review.id),
        "marks": duty_queries.marks_of_review(review.id),
        "opinions": duty_queries.opinions_of_review(review.id),
        "notes": duty_queries.notes_of(review.id),
        "in_force": duty_queries.note_in_force(review.id),
        "standard": duty_queries.standard_on(review.held_on),
        "ranks": duty_queries.ranks_of(review.expert_ids),
    }


def mark_form(seat_id: int, **more: Any) -> MarkForm:
    """The form that judges one seat: a page holds one for each."""
    return MarkForm(prefix=f"seat{seat_id}", data={"once": fresh_token()}, **more)


@bp.post("/expert-reviews/<int:review_id>/attendance")
def note_attendance(review_id: int) -> ResponseReturnValue:
    review, attending = to_read(review_id), AttendanceForm()
    gate(EDIT)
    try:
        with transaction():
            duties.note_attendance(actor(), review, attending.told(request.form))
    except Invalid as refusal:
        wrong = {"refused": refusal.message, "typed": request.form}
        return duty_page(to_read(review_id), **wrong), 422
    flash(_("Noted"))
    return redirect(url_for(".duties_of", review_id=review.id))


@bp.post("/expert-seats/<int:seat_id>/marks")
def mark(seat_id: int) -> ResponseReturnValue:
    seat, marking = load(ExpertSeat, seat_id, READ), mark_form(seat_id)
    gate(EDIT)
    if marking.validate_on_submit():
        with told_in(marking, "knowledge"), transaction():
            spend(marking.once.data)
            duties.mark_expert(actor(), seat, marking.told())
    if marking.errors:
        return duty_page(to_read(seat.review_id), marking={seat_id: marking}), 422
    flash(_("Judged"))
    return redirect(url_for(".duties_of", review_id=seat.review_id))


@bp.post("/expert-reviews/<int:review_id>/fee-notes")
def issue_fee_note(review_id: int) -> ResponseReturnValue:
    review = to_read(review_id)
    gate(EDIT)
    with transaction():
        spend(request.form.get("once"))
        duties.issue_fee_note(actor(), review)
    flash(_("The fee note is issued"))
    return redirect(url_for(".duties_of", review_id=review.id))


@bp.post("/fee-notes/<int:fee_note_id>/voiding")
def void_fee_note(fee_note_id: int) -> ResponseReturnValue:
    note, voiding = load(FeeNote, fee_note_id, READ), VoidForm()
    gate(EDIT)
    if voiding.validate_on_submit():
        with told_in(voiding, "reason"), transaction():
            duties.void_fee_note(actor(), note, voiding.reason.data or "")
    if voiding.errors:
        return duty_page(to_read(note.review_id), voiding=voiding), 422
    flash(_("Voided"))
    return redirect(url_for(".duties_of", review_id=note.review_id))


@bp.get("/fee-notes/<int:fee_note_id>/workbook")
def fee_workbook(fee_note_id: int) -> ResponseReturnValue:
    note = load(FeeNote, fee_note_id, READ)
    with transaction():
        duties.note_export(actor(), note)
    reply = Response(book_of(note), mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{_('Fee note')}-{note.id}.xlsx")
    return reply


def book_of(note: FeeNote) -> bytes:
    """A fee note to be signed by each expert."""
    rows: list[list[Cell]] = [
        [one["name"], str(RANKS[Rank(one["rank"])]), one["half_days"], one["fen"] / 100, None]
        for one in note.lines
    ]
    rows.append([_("Total"), None, None, note.total_fen / 100, None])
    heads = [
        _("Expert"),
        _("Rank of the title"),
        _("Half days"),
        _("Yuan, after tax"),
        _("Signature"),
    ]
    title = f"{note.review.engagement.name} {note.standard.document_no}"
    sheet = Sheet(heads, rows, title=title, formats={3: YUAN}, widths={4: 20})
    return to_xlsx({_("Fee note"): sheet})


@bp.get("/expert-fees")
def own_fees() -> ResponseReturnValue:
    gate(Permission.EXPERT_FEE_LIST)
    user = actor()
    page = page_by(lambda *asked: duty_queries.paid_to(user, *asked), 30)
    return render_template("experts/own_fees.html", page=page)


@bp.get("/fee-standards")
def standards() -> ResponseReturnValue:
    gate(READ)
    return standards_page(StandardForm())


def standards_page(form: StandardForm) -> str:
    """Every standard, and the form of a new one."""
    page = page_of(duty_queries.standards(), FeeStandard.id)
    return render_template("experts/standards.html", page=page, form=form)


@bp.post("/fee-standards")
def enter_standard() -> ResponseReturnValue:
    gate(EDIT)
    form = StandardForm()
    if form.validate_on_submit():
        with told_in(form, "document_no"), transaction():
            spend(form.once.data)
            duties.enter_standard(actor(), form.told())
    if form.errors:
        return standards_page(form), 422
    flash(_("The standard is entered"))
    return redirect(url_for(".standards"))
