from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from app import clock, pdf
from app.accounts import pacing
from app.accounts.labels import ROLES
from app.accounts.models import User
from app.db import db, transaction
from app.errors import Invalid, Missing
from app.exporting import XLSX_MIME, Sheet, content_disposition, to_xlsx
from app.intake import whole
from app.onboarding import activating, importing, labels, queries, services
from app.onboarding.forms import ActivationForm, LedgerForm
from app.onboarding.ledgers import LEDGERS, Ledger
from app.onboarding.models import LedgerImport
from app.policy import Permission, can
from app.queueing import progress
from app.tabular import MOST_BYTES, CellFault, FaultyTable, has_more_rows
from app.web import actor, fragment, fresh_token, gate, load, outside, spend, told_in

bp = Blueprint("onboarding", __name__)
bp.record_once(lambda _state: labels.join())


@bp.get("/first-month")
def index() -> ResponseReturnValue:
    gate(Permission.ACCOUNT_LIST)
    ledgers = [one for one in LEDGERS.values() if can(current_user, one.permission, None)]
    return render_template(
        "onboarding/index.html",
        ledgers=ledgers,
        held=queries.held() if ledgers else {},
        **waiting_for_slips(request.args.get("q", "").strip()[:80]),
        most=activating.MOST_AT_ONCE,
        days=current_app.config["ACTIVATION_DAYS"],
        fresh_token=fresh_token,
    )


def waiting_for_slips(words: str) -> dict[str, Any]:
    """Where people wait for their slips, and whether this person prints them."""
    waiting, most = queries.counts_by_organisation(actor(), words), queries.MOST_SHOWN
    told: dict[str, Any] = {"waiting": waiting[:most], "more": len(waiting) > most}
    return told | {"words": words, "prints": queries.prints_slips(actor())}


def ledger_of(name: str) -> Ledger:
    """The ledger that this person may bring in."""
    if name not in LEDGERS:
        raise Missing
    gate(LEDGERS[name].permission)
    return LEDGERS[name]


@bp.get("/first-month/ledgers/<string:name>")
def ask_ledger(name: str) -> ResponseReturnValue:
    return ledger_page(ledger_of(name), LedgerForm(data={"once": fresh_token()}), [])


def ledger_page(ledger: Ledger, form: LedgerForm, faults: list[CellFault]) -> str:
    """The page that takes one ledger."""
    words = labels.words_of(ledger.name)
    return render_template(
        "onboarding/ledger.html",
        ledger=ledger,
        form=form,
        faults=faults,
        words=words,
        imports=queries.imports_of(ledger.name),
        at_once=importing.AT_ONCE,
    )


@bp.get("/first-month/ledgers/<string:name>/workbook")
def blank(name: str) -> ResponseReturnValue:
    ledger = ledger_of(name)
    reply = Response(ledger.blank(), mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{ledger.label}.xlsx")
    return reply


@bp.post("/first-month/ledgers/<string:name>")
def take_ledger(name: str) -> ResponseReturnValue:
    ledger, form = ledger_of(name), LedgerForm()
    faults: list[CellFault] = []
    reply = None
    if form.validate_on_submit():
        with told_in(form, "file"):
            try:
                reply = taken(ledger, form)
            except FaultyTable as refusal:
                faults = refusal.faults
    if reply is None:
        form.once.data = fresh_token()
        return ledger_page(ledger, form, faults), 422
    return reply


def taken(ledger: Ledger, form: LedgerForm) -> ResponseReturnValue:
    """Take a small workbook in, in one transaction; a large one goes to the background."""
    workbook = received(form)
    if has_more_rows(workbook, importing.AT_ONCE):
        with transaction():
            spend(form.once.data)
            key = importing.ask_import(actor(), ledger, workbook).id
        return redirect(url_for(".show_import", name=ledger.name, import_id=key))
    with transaction():
        spend(form.once.data)
        count = services.import_ledger(actor(), ledger, workbook)
    flash(_("Rows taken in: %(n)s", n=count))
    return redirect(url_for(".index"))


def received(form: LedgerForm) -> bytes:
    """The workbook that was sent."""
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid(_("Choose a file first"))
    return sent.read(MOST_BYTES + 1)


@bp.get("/first-month/ledgers/<string:name>/imports/<int:import_id>")
def show_import(name: str, import_id: int) -> ResponseReturnValue:
    ledger = ledger_of(name)
    told = told_of(ledger, import_id)
    return render_template("onboarding/import.html", ledger=ledger, **told)


@bp.get("/first-month/ledgers/<string:name>/imports/<int:import_id>/live")
def live_import(name: str, import_id: int) -> ResponseReturnValue:
    told = told_of(ledger_of(name), import_id)
    return fragment("onboarding/import_state.html", **told)


@bp.get("/first-month/ledgers/<string:name>/imports/<int:import_id>/faults")
def fault_file(name: str, import_id: int) -> ResponseReturnValue:
    ledger = ledger_of(name)
    faults = told_of(ledger, import_id)["faults"]
    heads = [_("Row"), _("Excel column"), _("What is wrong")]
    rows = [(one.row, one.column, str(one.words)) for one in faults]
    title = _("Cells to correct: %(what)s", what=ledger.label)
    reply = Response(to_xlsx({_("What is wrong"): Sheet(heads, rows, title)}), mimetype=XLSX_MIME)
    reply.headers["Content-Disposition"] = content_disposition(f"{title}.xlsx")
    return reply


def told_of(ledger: Ledger, import_id: int) -> dict[str, Any]:
    """A large ledger, how far it is, and the cells that can't be taken."""
    found: LedgerImport | None = queries.import_of(ledger.name, import_id)
    if found is None:
        raise Missing
    far = progress.told(importing.WORK, found.id) if found.is_under_way else {}
    return {"found": found, "far": far, "faults": [CellFault(*one) for one in found.faults]}


@bp.post("/first-month/slips")
def print_slips() -> ResponseReturnValue:
    gate(Permission.ACCOUNT_LIST)
    query = queries.awaiting_activation(actor())
    if home := request.form.get("organisation", type=whole):
        query = query.where(User.organisation_id == home)
    with transaction():
        spend(request.form.get("once"))
        users = list(db.session.scalars(query.limit(activating.MOST_AT_ONCE)))
        slips = activating.issue_slips(actor(), users, days())
    if not slips:
        flash(_("Nobody waits for a slip"))
        return redirect(url_for(".index"))
    return printed(slips)


@bp.post("/accounts/<int:user_id>/slips")
def print_slip(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    with transaction():
        slips = activating.issue_slips(actor(), [user], days())
        spend(request.form.get("once"))
    return printed(slips)


def days() -> int:
    """How long a slip is good."""
    return int(current_app.config["ACTIVATION_DAYS"])


def printed(slips: list[activating.Slip]) -> ResponseReturnValue:
    """The slips as PDF: the only place where the codes ever stand."""
    address = outside("onboarding.activation")
    made = pdf.pdf_of(
        "pdf/slips.html", slips=slips, roles=ROLES, address=address, printed_at=clock.now()
    )
    reply = Response(made, mimetype="application/pdf")
    reply.headers["Content-Disposition"] = content_disposition(f"{_('Activation slips')}.pdf")
    return reply


@bp.get("/activation")
def activation() -> ResponseReturnValue:
    return render_template("onboarding/activation.html", form=ActivationForm())


@bp.post("/activation")
def activate() -> ResponseReturnValue:
    form = ActivationForm()
    if not form.validate_on_submit() or opened_by_slip(form) is None:
        return render_template("onboarding/activation.html", form=form), 422
    flash(_("The password is set. Please sign in with it"))
    return redirect(url_for("accounts.sign_in"))


def opened_by_slip(form: ActivationForm) -> User | None:
    """Whose password is set with what was typed; what is wrong stands in the form."""
    if pacing.is_slowed("sign_in", pacing.here()):
        form.code.errors = [pacing.SLOWED]
        return None
    code, new, user = form.code.data, form.new.data, None
    is_former = activating.repeats(code, new)
    with told_in(form, "new"), transaction():
        user = activating.use_code(form.login.data, code, new, is_former=is_former)
        if user is None:
            pacing.note("sign_in", pacing.here())
    if user is None and not form.errors:
        form.code.errors = [activating.FAILED]
    return user
