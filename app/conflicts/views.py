from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import clock
from app.accounts.lookup_views import typed
from app.accounts.lookups import Asked, Lookup, lookups, short_list
from app.accounts.models import UNIT_KINDS, Organisation
from app.accounts.queries import organisations
from app.agencies.models import Agency
from app.agencies.queries import agencies
from app.conflicts import labels, queries, services, workbook
from app.conflicts.forms import ReasonForm, RelationForm, WorkbookForm
from app.conflicts.models import AgencyRelation, ConflictLink
from app.conflicts.rules import Case
from app.db import db, transaction
from app.exporting import XLSX_MIME, content_disposition
from app.policy import Permission
from app.tabular import MOST_BYTES, CellFault, FaultyTable
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("conflicts", __name__)
lookups["conflict-units"] = Lookup(
    Permission.CONFLICT_READ, lambda _user: organisations(*UNIT_KINDS)
)
lookups["relation-units"] = Lookup(Permission.BOARD_READ, queries.units_to_name)


def parties() -> dict[int, Organisation]:
    """The units and departments that may be evaluated or commission, by id."""
    found = db.session.scalars(organisations(*UNIT_KINDS))
    return {organisation.id: organisation for organisation in found}


def relation_page(
    agency: Agency,
    form: RelationForm,
    sheet: WorkbookForm | None = None,
    faults: list[CellFault] | None = None,
) -> str:
    """The page on which a relation is entered, or a workbook of them."""
    told: dict[str, Any] = {"agency": agency, "form": form, "faults": faults or []}
    return render_template("conflicts/new.html", sheet=sheet or WorkbookForm(), **told)


@bp.get("/agencies/<int:agency_id>/relations/new")
def new_relation(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.RELATION_ENTER)
    return relation_page(agency, RelationForm().offer())


@bp.post("/agencies/<int:agency_id>/relations")
def enter_relation(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.RELATION_ENTER)
    form, entered = RelationForm().offer(), None
    if form.validate_on_submit():
        new = form.told()
        with told_in(form, "kind"), transaction():
            spend(form.once.data)
            entered = services.enter_relation(actor(), agency, new)
    if entered is None:
        return relation_page(agency, form), 422
    flash(_("The relation is entered"))
    return redirect(url_for("agencies.show", agency_id=agency.id))


@bp.post("/agencies/<int:agency_id>/relations/workbooks")
def take_relations(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, Permission.RELATION_ENTER)
    sheet, faults, count = WorkbookForm(), list[CellFault](), 0
    with told_in(sheet, "file"):
        count, faults = taken(agency, sheet)
    if not count:
        return relation_page(agency, RelationForm(formdata=None), sheet, faults), 422
    flash(_("Relations entered: %(count)s", count=count))
    return redirect(url_for("agencies.show", agency_id=agency.id))


def taken(agency: Agency, sheet: WorkbookForm) -> tuple[int, list[CellFault]]:
    """Read the workbook that was sent and enter its rows, all or none; else the wrong cells."""
    sent = sheet.file.data
    data = sent.read(MOST_BYTES + 1) if isinstance(sent, FileStorage) else b""
    try:
        news = workbook.relations_of(data, {one.name: one for one in parties().values()})
    except FaultyTable as error:
        return 0, error.faults
    with transaction():
        spend(sheet.once.data)
        return services.enter_relations(actor(), agency, news), []


@bp.get("/agencies/relations/workbook")
def blank_workbook() -> ResponseReturnValue:
    gate(Permission.AGENCY_LIST)
    reply = Response(workbook.blank(), mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{_('Relations')}.xlsx")
    return reply


@bp.get("/agencies/relations/<int:relation_id>")
def ask_withdrawal(relation_id: int) -> ResponseReturnValue:
    relation = load(AgencyRelation, relation_id, Permission.RELATION_WITHDRAW)
    return withdrawal_page(relation, ReasonForm())


def withdrawal_page(relation: AgencyRelation, form: ReasonForm) -> str:
    """The page that asks why a relation is taken back."""
    told = {"relation": relation, "form": form, "kinds": labels.RELATIONS}
    return render_template("conflicts/withdraw.html", **told)


@bp.post("/agencies/relations/<int:relation_id>/withdrawals")
def withdraw_relation(relation_id: int) -> ResponseReturnValue:
    relation = load(AgencyRelation, relation_id, Permission.RELATION_WITHDRAW)
    form = ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(form.once.data)
            services.withdraw_relation(actor(), relation, form.reason.data)
    if form.errors:
        return withdrawal_page(relation, form), 422
    flash(_("The relation is taken back; it stays on record"))
    return redirect(url_for("agencies.show", agency_id=relation.agency_id))


@bp.get("/conflicts/links/<int:conflict_link_id>")
def ask_acceptance(conflict_link_id: int) -> ResponseReturnValue:
    link = load(ConflictLink, conflict_link_id, Permission.CONFLICT_ACCEPT)
    return acceptance_page(link, ReasonForm())


def acceptance_page(link: ConflictLink, form: ReasonForm) -> str:
    """The page on which the leader accepts a link."""
    words = labels.words_of(link.kind, link.facts)
    return render_template("conflicts/accept.html", link=link, form=form, words=words)


@bp.post("/conflicts/links/<int:conflict_link_id>/acceptances")
def accept_link(conflict_link_id: int) -> ResponseReturnValue:
    link = load(ConflictLink, conflict_link_id, Permission.CONFLICT_ACCEPT)
    form = ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(form.once.data)
            services.accept_link(actor(), link, form.reason.data)
    if form.errors:
        return acceptance_page(link, form), 422
    flash(_("The link is accepted, with your reason on record"))
    return redirect(url_for("engagements.show", engagement_id=link.engagement_id))


@bp.get("/conflicts")
def index() -> ResponseReturnValue:
    gate(Permission.CONFLICT_READ)
    findable = organisations(*UNIT_KINDS)
    unit, client = (typed(name, findable) for name in ("unit", "client"))
    project = request.args.get("project", "").strip()[:200]
    told: dict[str, Any] = {"unit": unit, "client": client, "project": project}
    told |= found_for(unit, client, project) if unit.found else {"rows": [], "free": 0}
    waiting = page_of(queries.open_links(), ConflictLink.id)
    return render_template(
        "conflicts/index.html",
        waiting=waiting,
        names=short_list(findable),
        words_of=labels.words_of,
        tone=labels.tone_of,
        **told,
    )


def found_for(unit: Asked, client: Asked, project: str) -> Mapping[str, Any]:
    """Every agency about which something is found, those that are kept out first."""
    projects = frozenset({project} if project else ())
    units = frozenset(one.key for one in unit.found)
    case = Case(clock.today(), units, client.only.key if client.only else None, projects)
    everybody = {agency.id: agency.name for agency in db.session.scalars(agencies())}
    found = queries.findings(case, everybody)
    rows = [(key, everybody[key], each) for key, each in found.items()]
    rows.sort(key=lambda row: (not row[2][0].is_barred, row[1]))
    return {"rows": rows, "free": len(everybody) - len(rows)}
