from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.accreditation.forms import ProofForm
from app.accreditation.models import Evidence, Requirement
from app.agencies import related
from app.agencies.models import Agency
from app.agencies.related_models import Associate, Branch
from app.agencies.views import named_on_record
from app.attachments.receiving import kept_of_form
from app.audit.models import AuditEvent
from app.audit.timeline import events_about, naming, told
from app.db import transaction
from app.errors import Missing
from app.papers.receiving import told_at
from app.policy import Permission
from app.upkeep import people_views as people_views
from app.upkeep import queries, services
from app.upkeep import workbook_views as workbook_views
from app.upkeep.blueprint import bp as bp
from app.upkeep.forms import AssociateForm, BranchForm
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ, EDIT = Permission.EVIDENCE_READ, Permission.AGENCY_EDIT


@bp.get("/agencies/<int:agency_id>/upkeep")
def show(agency_id: int) -> ResponseReturnValue:
    return upkeep_page(load(Agency, agency_id, READ))


def upkeep_page(agency: Agency, **forms: Any) -> str:
    """What the register holds of an agency beside its people, and how it is kept true."""
    empty: dict[str, Any] = {"formdata": None, "data": {"once": fresh_token()}}
    asked = {"proof": ProofForm(**empty), "branch": BranchForm(prefix="branch", **empty)}
    asked |= {"associate": AssociateForm(prefix="associate", **empty)} | forms
    return render_template(
        "upkeep/show.html",
        agency=agency,
        standing=queries.standing(agency),
        filed=queries.proof_of(agency.id),
        branches=related.branches_of(agency.id),
        associates=related.associates_of(agency.id),
        **asked,
    )


@bp.get("/agencies/overdue-confirmations")
def overdue_index() -> ResponseReturnValue:
    gate(Permission.APPLICATION_READ)
    page = page_of(queries.overdue(), Agency.id)
    return render_template("upkeep/overdue.html", page=page)


@bp.post("/agencies/<int:agency_id>/yearly-confirmations")
def confirm(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, READ)
    with transaction():
        services.confirm_register(actor(), agency)
    flash(_("Confirmed for this year"))
    return redirect(url_for(".show", agency_id=agency.id))


@bp.post("/agencies/<int:agency_id>/proof")
def add_proof(agency_id: int) -> ResponseReturnValue:
    agency, proof = load(Agency, agency_id, READ), ProofForm()
    gate(EDIT, agency)
    with told_at(proof.file) as answer:
        if proof.validate_on_submit():
            file = kept_of_form(proof, EDIT, agency)
            item, ends = Requirement(proof.requirement.data), proof.expires_on.data
            with told_in(proof, "file"), transaction():
                spend(proof.once.data)
                services.add_proof(actor(), agency, item, file, expires_on=ends)
    if proof.errors:
        return upkeep_page(agency, proof=proof), answer.status
    flash(_("The proof is filed"))
    return redirect(url_for(".show", agency_id=agency.id))


@bp.post("/register-evidence/<int:evidence_id>/voiding")
def void_proof(evidence_id: int) -> ResponseReturnValue:
    evidence = load(Evidence, evidence_id, READ)
    if evidence.agency is None:
        raise Missing
    with transaction():
        services.void_proof(actor(), evidence)
    flash(_("Voided"))
    return redirect(url_for(".show", agency_id=evidence.agency_id))


@bp.post("/agencies/<int:agency_id>/branches")
def enter_branch(agency_id: int) -> ResponseReturnValue:
    agency, branch = load(Agency, agency_id, READ), BranchForm(prefix="branch")
    gate(EDIT, agency)
    if branch.validate_on_submit():
        with told_in(branch, "name"), transaction():
            spend(branch.once.data)
            related.enter_branch(actor(), agency, branch.told())
    if branch.errors:
        return upkeep_page(agency, branch=branch), 422
    return redirect(url_for(".show", agency_id=agency.id, _anchor="branches"))


@bp.post("/agencies/<int:agency_id>/branches/<int:branch_id>/ending")
def end_branch(agency_id: int, branch_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, READ)
    branch = load(Branch, branch_id, EDIT)
    with transaction():
        related.end_branch(actor(), agency, branch)
    return redirect(url_for(".show", agency_id=agency.id, _anchor="branches"))


@bp.post("/agencies/<int:agency_id>/associates")
def enter_associate(agency_id: int) -> ResponseReturnValue:
    agency, associate = load(Agency, agency_id, READ), AssociateForm(prefix="associate")
    gate(EDIT, agency)
    if associate.validate_on_submit():
        with told_in(associate, "name"), transaction():
            spend(associate.once.data)
            related.enter_associate(actor(), agency, associate.told())
    if associate.errors:
        return upkeep_page(agency, associate=associate), 422
    return redirect(url_for(".show", agency_id=agency.id, _anchor="associates"))


@bp.post("/agencies/<int:agency_id>/associates/<int:associate_id>/ending")
def end_associate(agency_id: int, associate_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, READ)
    associate = load(Associate, associate_id, EDIT)
    with transaction():
        related.end_associate(actor(), agency, associate)
    return redirect(url_for(".show", agency_id=agency.id, _anchor="associates"))


@bp.get("/agencies/<int:agency_id>/history")
def history(agency_id: int) -> ResponseReturnValue:
    agency = load(Agency, agency_id, READ)
    page = page_of(events_about(agency).order_by(None), AuditEvent.id)
    entries = naming(told(page.items, names_of), named_on_record(agency))
    return render_template("upkeep/history.html", agency=agency, page=page, entries=entries)
