from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import sending
from app.db import transaction
from app.errors import Conflict
from app.exchange import cases as library
from app.exchange import inspecting, queries
from app.exchange.blueprint import bp
from app.exchange.forms import CaseForm, ReasonForm, ReleaseForm
from app.exchange.models import Case
from app.papers.models import PaperVersion, WorkingPaper
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend, told_in

READ, PROPOSE = Permission.CASE_READ, Permission.CASE_PROPOSE


@bp.get("/cases")
def cases() -> ResponseReturnValue:
    gate(Permission.POST_LIST)
    page = page_of(queries.cases_visible_to(actor()), Case.id, 30)
    return render_template("exchange/cases.html", page=page)


@bp.get("/cases/<int:case_id>")
def case(case_id: int) -> ResponseReturnValue:
    return case_page(load(Case, case_id, READ), ReasonForm())


def case_page(found: Case, form: ReasonForm, release: ReleaseForm | None = None) -> str:
    """A case, with what the section may do with it."""
    told = {"release": release or ReleaseForm(), "needed": library.NEEDED}
    return render_template("exchange/case.html", case=found, form=form, **told)


@bp.get("/cases/<int:case_id>/file")
def case_file(case_id: int) -> ResponseReturnValue:
    found = load(Case, case_id, READ)
    return sending.download_version(found.version, found, READ)


def proposed(paper_id: int) -> tuple[WorkingPaper, PaperVersion]:
    """A paper whose current version was accepted."""
    paper = load(WorkingPaper, paper_id, Permission.PAPER_READ)
    gate(PROPOSE, paper)
    version = queries.accepted_version(paper)
    if version is None:
        raise Conflict(_("Only an accepted paper becomes a case"))
    return paper, version


@bp.get("/papers/<int:paper_id>/case")
def new_case(paper_id: int) -> ResponseReturnValue:
    paper, _version = proposed(paper_id)
    form = CaseForm(data={"title": paper.title})
    return render_template("exchange/case_form.html", paper=paper, form=form)


@bp.post("/papers/<int:paper_id>/case")
def propose_case(paper_id: int) -> ResponseReturnValue:
    paper, version = proposed(paper_id)
    form = CaseForm()
    if form.validate_on_submit():
        with told_in(form, "summary"):
            read = inspecting.words_of(version)
            with transaction():
                spend(form.once.data)
                library.propose_case(actor(), version, form.told(), read)
    if form.errors:
        return render_template("exchange/case_form.html", paper=paper, form=form), 422
    flash(_("Proposed. It is published when two people have released it"))
    return redirect(url_for(".cases"))


@bp.post("/cases/<int:case_id>/release")
def release_case(case_id: int) -> ResponseReturnValue:
    found, form = load(Case, case_id, Permission.CASE_RELEASE), ReleaseForm()
    if form.validate_on_submit():
        with told_in(form, "looked"):
            read = inspecting.words_of(found.version)
            with transaction():
                library.release_case(actor(), found, read)
    if form.errors:
        return case_page(found, ReasonForm(formdata=None), form), 422
    flash(_("Published") if found.is_published else _("Released; one more person is needed"))
    return redirect(url_for(".case", case_id=case_id))


@bp.post("/cases/<int:case_id>/withdrawal")
def withdraw_case(case_id: int) -> ResponseReturnValue:
    found, form = load(Case, case_id, Permission.CASE_WITHDRAW), ReasonForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            library.withdraw_case(actor(), found, form.words.data or "")
    if form.errors:
        return case_page(found, form), 422
    flash(_("Taken back"))
    return redirect(url_for(".cases"))
