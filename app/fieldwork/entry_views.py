"""Entering and voiding, the same way for each kind of entry: one form, or a workbook."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.db import transaction
from app.engagements.forms import ReasonForm
from app.engagements.models import Engagement
from app.errors import Invalid
from app.exporting import XLSX_MIME, content_disposition
from app.fieldwork import services, sorts
from app.fieldwork.blueprint import bp
from app.fieldwork.forms import EntryForm, ImportForm
from app.fieldwork.models import SiteVisit
from app.fieldwork.services import Record
from app.fieldwork.sorts import SORTS, Sort
from app.policy import Permission
from app.tabular import MOST_BYTES, CellFault, FaultyTable
from app.web import actor, fresh_token, gate, load, spend, told_in

READ, RECORD = Permission.FIELDWORK_READ, Permission.FIELDWORK_RECORD


def to_fill(engagement_id: int) -> Engagement:
    """An engagement whose process this person may record."""
    engagement = load(Engagement, engagement_id, READ)
    gate(RECORD, engagement)
    return engagement


def back(engagement_id: int, sort: Sort) -> ResponseReturnValue:
    """Back to the entries of this kind."""
    url = url_for("fieldwork.of_engagement", engagement_id=engagement_id, _anchor=sort.path)
    return redirect(url)


def form_page(engagement: Engagement, sort: Sort, form: EntryForm) -> str:
    """The page of one entry."""
    form.bind(engagement)
    return render_template("fieldwork/new.html", engagement=engagement, sort=sort, form=form)


def ask(engagement_id: int, sort: Sort) -> ResponseReturnValue:
    """The empty form, with what is most often right."""
    engagement = to_fill(engagement_id)
    form = sort.form(data={"once": fresh_token()})
    form.suggest(actor())
    return form_page(engagement, sort, form)


def record(engagement_id: int, sort: Sort) -> ResponseReturnValue:
    """Take one entry."""
    engagement, form, made = to_fill(engagement_id), sort.form(), None
    if form.bind(engagement).validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            made = services.record_entry(actor(), engagement, form.told())
    if made is None:
        return form_page(engagement, sort, form), 422
    flash(_("Entered: %(what)s", what=sort.label))
    if isinstance(made, SiteVisit):
        return redirect(url_for("fieldwork.show_visit", visit_id=made.id, _anchor="photos"))
    return back(engagement_id, sort)


def import_page(engagement: Engagement, sort: Sort, form: ImportForm, faults: Any) -> str:
    """The page that takes a workbook."""
    shown = {"engagement": engagement, "sort": sort, "form": form, "faults": faults}
    return render_template("fieldwork/import.html", **shown)


def ask_import(engagement_id: int, sort: Sort) -> ResponseReturnValue:
    """The page that takes a workbook, as it is first shown."""
    form = ImportForm(data={"once": fresh_token()})
    return import_page(to_fill(engagement_id), sort, form, [])


def take_in(engagement_id: int, sort: Sort) -> ResponseReturnValue:
    """Take a whole workbook, or nothing of it."""
    engagement, form = to_fill(engagement_id), ImportForm()
    faults: list[CellFault] = []
    count = 0
    if form.validate_on_submit():
        with told_in(form, "file"):
            try:
                count = taken(engagement, sort, form)
            except FaultyTable as refusal:
                faults = refusal.faults
    if not count:
        return import_page(engagement, sort, form, faults), 422
    flash(_("Entries taken in: %(n)s", n=count))
    return back(engagement_id, sort)


def taken(engagement: Engagement, sort: Sort, form: ImportForm) -> int:
    """Read the workbook and record its rows in one transaction."""
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid(_("Choose a file first"))
    entries = sorts.entries_of(sort, engagement, sent.read(MOST_BYTES + 1))
    with transaction():
        spend(form.once.data)
        return len(services.record_entries(actor(), engagement, entries))


def blank(sort: Sort) -> ResponseReturnValue:
    """The workbook to be filled in."""
    reply = Response(sorts.blank(sort), mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{sort.label}.xlsx")
    return reply


def void_page(found: Record, sort: Sort, form: ReasonForm) -> str:
    """The page that asks why an entry is voided."""
    shown = {"entry": found, "sort": sort, "form": form, "engagement": found.engagement}
    return render_template("fieldwork/void.html", **shown)


def to_void(entry_id: int, sort: Sort) -> Record:
    """An entry that this person reads and may void."""
    found: Record = load(sort.model, entry_id, READ)
    gate(Permission.FIELDWORK_VOID, found)
    return found


def void(entry_id: int, sort: Sort) -> ResponseReturnValue:
    """Void an entry with the reason."""
    found, form = to_void(entry_id, sort), ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.void_entry(actor(), found, form.reason.data)
    if form.errors:
        return void_page(found, sort, form), 422
    flash(_("The entry is voided"))
    return back(found.engagement_id, sort)


def ask_void(entry_id: int, sort: Sort) -> ResponseReturnValue:
    """The page that asks why an entry is voided, as it is first shown."""
    return void_page(to_void(entry_id, sort), sort, ReasonForm())


def bound(view: Callable[..., ResponseReturnValue], sort: Sort) -> Any:
    """A view for one kind of entry."""

    def page(**keys: int) -> ResponseReturnValue:
        return view(sort=sort, **keys)

    page.__name__ = view.__name__
    return page


UNDER, ONE = "/engagements/<int:engagement_id>/{}", "/{}/<int:entry_id>"
PAGES: tuple[tuple[str, str, str, Callable[..., ResponseReturnValue]], ...] = (
    ("GET", f"{UNDER}/new", "new", ask),
    ("POST", UNDER, "record", record),
    ("GET", f"{UNDER}/import", "ask_import", ask_import),
    ("POST", f"{UNDER}/import", "import", take_in),
    ("GET", "/{}/workbook", "workbook", blank),
    ("GET", f"{ONE}/void", "ask_void", ask_void),
    ("POST", f"{ONE}/void", "void", void),
)
for each in SORTS:
    for method, address, name, shown in PAGES:
        bp.add_url_rule(
            address.format(each.path),
            endpoint=f"{name}_{each.name}",
            view_func=bound(shown, each),
            methods=[method],
        )
