from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.models import Engagement
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.policy import AGENCY_ROLES, Permission
from app.requests import item_views, labels, queries, services, workbook
from app.requests.blueprint import bp
from app.requests.forms import ItemsForm, RequestForm
from app.requests.models import DocumentRequest
from app.requests.services import NewItem
from app.tabular import MOST_BYTES, CellFault, FaultyTable
from app.web import actor, fresh_token, gate, load, spend, told_in

READ, MAKE = Permission.DOCUMENT_REQUEST_READ, Permission.DOCUMENT_REQUEST_MAKE
MOST_SHOWN = 200
__all__ = ["bp", "item_views"]  # the latter adds its pages to bp


@bp.get("/document-requests")
def index() -> ResponseReturnValue:
    user = actor()
    waits = queries.waiting_for if user.role in AGENCY_ROLES else queries.owed_by
    items = db.session.scalars(waits(user).limit(MOST_SHOWN)).all()
    return render_template("requests/index.html", items=items, labels=labels)


@bp.get("/engagements/<int:engagement_id>/document-requests")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    return render_template(
        "requests/engagement.html",
        engagement=engagement,
        requests=queries.requests_of(engagement, actor()),
        facts=queries.facts_of([engagement.id])[engagement.id],
        labels=labels,
    )


@bp.get("/engagements/<int:engagement_id>/document-requests/new")
def new(engagement_id: int) -> ResponseReturnValue:
    engagement = to_ask(engagement_id)
    return new_page(engagement, RequestForm(data={"once": fresh_token()}), [])


@bp.post("/engagements/<int:engagement_id>/document-requests")
def draw_up(engagement_id: int) -> ResponseReturnValue:
    engagement, form = to_ask(engagement_id), RequestForm()
    faults: list[CellFault] = []
    made = None
    if form.bind(engagement).validate_on_submit():
        with told_in(form, "file"):
            try:
                made = drawn_up(engagement, form)
            except FaultyTable as refusal:
                faults = refusal.faults
    if made is None:
        return new_page(engagement, form, faults), 422
    return redirect(url_for(".show", request_id=made.id))


def to_ask(engagement_id: int) -> Engagement:
    """An engagement in which this person may draw up lists."""
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    gate(MAKE, engagement)
    return engagement


def drawn_up(engagement: Engagement, form: RequestForm) -> DocumentRequest:
    """Read the workbook, if there is one, and draw up the list."""
    items = sent_items(form)
    with transaction():
        spend(form.once.data)
        return services.draw_up_request(actor(), engagement, form.told(engagement, items))


def sent_items(form: RequestForm) -> list[NewItem]:
    """The items of the workbook that came with the form."""
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        return []
    return workbook.items_of(sent.read(MOST_BYTES + 1))


def new_page(engagement: Engagement, form: RequestForm, faults: list[CellFault]) -> str:
    """The page on which a list is begun."""
    form.bind(engagement)
    return render_template("requests/new.html", engagement=engagement, form=form, faults=faults)


@bp.get("/document-requests/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    asked = whole_request(request_id)
    form = ItemsForm.of([] if asked.sent_at else asked.items)
    return request_page(asked, form)


def whole_request(request_id: int) -> DocumentRequest:
    """A list that this person may read, with everything that hangs on it."""
    queries.whole_request(request_id)
    return load(DocumentRequest, request_id, READ)


def request_page(asked: DocumentRequest, form: ItemsForm, **more: Any) -> str:
    """The page of a list: a draft's rows, or what became of what was asked for."""
    form.once.data = form.once.data or fresh_token()
    return render_template(
        "requests/show.html",
        asked=asked,
        engagement=asked.engagement,
        form=form,
        owed=queries.OWED,
        entries=timeline(asked, names=names_of),
        people=names_of({each.sent_by_id for each in asked.reminders}),
        labels=labels,
        **more,
    )


@bp.post("/document-requests/<int:request_id>/items")
def save_items(request_id: int) -> ResponseReturnValue:
    asked, form, saved = whole_request(request_id), ItemsForm(), False
    gate(MAKE, asked)
    if (more := request.form.get("add", type=whole)) is not None:
        form.add_rows(more)
        return request_page(asked, form)
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            save = services.add_items if asked.sent_at else services.rewrite_items
            save(actor(), asked, form.told())
            saved = True
    if not saved or form.errors:
        return request_page(asked, form), 422
    flash(_("The list is saved"))
    return redirect(url_for(".show", request_id=request_id))


@bp.post("/document-requests/<int:request_id>/sending")
def send(request_id: int) -> ResponseReturnValue:
    asked = whole_request(request_id)
    with transaction():
        services.send_request(actor(), asked)
    flash(_("The list is sent to %(unit)s", unit=asked.unit.name))
    return redirect(url_for(".show", request_id=request_id))


@bp.post("/document-requests/<int:request_id>/reminders")
def remind(request_id: int) -> ResponseReturnValue:
    asked = whole_request(request_id)
    with transaction():
        services.remind_unit(actor(), asked)
    flash(_("The unit is reminded; it counts"))
    return redirect(url_for(".show", request_id=request_id))


@bp.get("/engagements/<int:engagement_id>/document-requests/ledger")
def ledger(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    made, rows = workbook.ledger(queries.requests_of(engagement, actor()))
    with transaction():
        services.record_ledger(actor(), engagement, rows)
    return workbook_reply(made, f"{engagement.code} {_('Ledger of material received')}.xlsx")


@bp.get("/document-requests/workbook")
def blank_workbook() -> ResponseReturnValue:
    return workbook_reply(workbook.blank(), f"{_('Document request')}.xlsx")


def workbook_reply(made: bytes, name: str) -> Response:
    """A workbook as a download."""
    reply = Response(made, mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply
