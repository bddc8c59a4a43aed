from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import errors
from app.blobs import destroying
from app.blobs.models import WithheldFile
from app.custody.queries import purged
from app.db import transaction
from app.errors import Missing
from app.papers.models import KeptFile
from app.papers.passport_views import version_to_read
from app.papers.sending import FileGone
from app.policy import Permission, can
from app.spills import holding, kinds, labels, queries, services
from app.spills.forms import DecisionForm, ReportForm
from app.spills.holding import Holder
from app.spills.models import Spill
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("spills", __name__)


@bp.app_errorhandler(FileGone)
def gone(error: FileGone) -> ResponseReturnValue:
    if errors.wants_json():
        return errors.answer(error.message, error.status)
    file = cast(KeptFile, error.about)
    told = {"spill": queries.open_or_destroyed(file.sha256), "purged": purged(file.sha256)}
    return render_template("spills/gone.html", file=file, labels=labels, **told), error.status


@bp.get("/spills")
def index() -> ResponseReturnValue:
    gate(Permission.SPILL_READ)
    page = page_of(queries.spills(), Spill.id, size=30)
    return render_template("spills/index.html", page=page, labels=labels, places=kinds.LABELS)


@bp.get("/spills/<int:spill_id>")
def show(spill_id: int) -> ResponseReturnValue:
    return spill_page(load(Spill, spill_id, Permission.SPILL_READ), DecisionForm())


@bp.get("/papers/<int:paper_id>/versions/<int:number>/spill")
def ask(paper_id: int, number: int) -> ResponseReturnValue:
    holder = holding.holder_of(version_to_read(paper_id, number))
    gate(Permission.SPILL_REPORT, holder.thing)
    return report_page(holder, ReportForm().offer(holder.files))


@bp.post("/papers/<int:paper_id>/versions/<int:number>/spill")
def report(paper_id: int, number: int) -> ResponseReturnValue:
    return reported(holding.holder_of(version_to_read(paper_id, number)))


@bp.get("/kept-files/<string:keeper>/<int:file_id>/spill")
def ask_of_file(keeper: str, file_id: int) -> ResponseReturnValue:
    holder = file_to_read(keeper, file_id)
    gate(Permission.SPILL_REPORT, holder.thing)
    return report_page(holder, ReportForm().offer(holder.files))


@bp.post("/kept-files/<string:keeper>/<int:file_id>/spill")
def report_file(keeper: str, file_id: int) -> ResponseReturnValue:
    return reported(file_to_read(keeper, file_id))


def file_to_read(keeper: str, file_id: int) -> Holder:
    """A record's own file, for who reads the record; to others there is none."""
    holder = holding.file_in(keeper, file_id)
    if not can(actor(), holder.read, holder.record):
        raise Missing
    return holder


def reported(holder: Holder) -> ResponseReturnValue:
    """Take the report, and lead to its case."""
    gate(Permission.SPILL_REPORT, holder.thing)
    form, spill = ReportForm().offer(holder.files), None
    with told_in(form, "reason"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                spill = services.report_spill(actor(), holder.thing, form.told())
    if spill is None:
        return report_page(holder, form), 422
    flash(_("Nobody can read the file from now on. Another person decides on it"))
    return redirect(url_for(".show", spill_id=spill.id))


def report_page(holder: Holder, form: ReportForm) -> str:
    """The form, sent to where the page was asked for."""
    paper = None if holder.kind else holder.thing.paper
    return render_template("spills/report.html", holder=holder, paper=paper, form=form)


@bp.post("/spills/<int:spill_id>/destruction")
def destroy(spill_id: int) -> ResponseReturnValue:
    kept = timedelta(days=current_app.config["BACKUP_KEEP_DAYS"])
    return decide(
        spill_id,
        lambda spill, words: services.destroy_spill(actor(), spill, words, backups_kept=kept),
        _("The file is destroyed"),
    )


@bp.post("/spills/<int:spill_id>/dismissal")
def dismiss(spill_id: int) -> ResponseReturnValue:
    return decide(
        spill_id,
        lambda spill, words: services.dismiss_spill(actor(), spill, words),
        _("The file can be read again"),
    )


def decide(
    spill_id: int, decision: Callable[[Spill, str], None], words: str
) -> ResponseReturnValue:
    """The second person's decision, with its reason."""
    spill, form = load(Spill, spill_id, Permission.SPILL_READ), DecisionForm()
    gate(Permission.SPILL_DECIDE, spill)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                decision(spill, form.words.data or "")
    if form.errors:
        return spill_page(spill, form), 422
    flash(words)
    return redirect(url_for(".show", spill_id=spill_id))


def spill_page(spill: Spill, form: DecisionForm) -> str:
    return render_template(
        "spills/show.html",
        spill=spill,
        form=form,
        place=holding.place_of(spill),
        holders=holding.holders_of(spill.sha256),
        bytes_left=spill.outcome is not None and destroying.has_bytes(spill.sha256),
        labels=labels,
    )


@bp.app_template_global()
def withheld_among(files: Iterable[Any]) -> dict[str, WithheldFile]:
    """Which of these files nobody may read now, by digest; one question for all of them."""
    digests = {file.sha256 for file in files}
    return queries.withheld_in(digests) if digests else {}
