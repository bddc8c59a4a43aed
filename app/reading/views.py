from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import transaction
from app.errors import Missing
from app.papers import services as papers
from app.papers.models import KeptFile
from app.papers.passport_views import file_to_read
from app.policy import Permission
from app.reading import cache, copying, frames, queries, services, showing
from app.reading.blueprint import address, bp
from app.reading.forms import ReadingRulesForm
from app.reading.showing import Showing, Way
from app.web import actor, gate

__all__ = ["bp"]


@bp.get("/papers/<int:paper_id>/versions/<int:number>/preview")
def preview(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    shown = showing.how(file)
    if shown.way is Way.WAITING:
        cache.want(file)
    page = render_template(
        "reading/preview.html",
        file=file,
        version=file.version,
        paper=file.version.paper,
        showing=shown,
        has_copy=copying.may_have_copy(file, shown),
        gets_original=queries.gets_original(actor()),
    )
    return frames.page_with_frame(page, waits=shown.way is Way.WAITING)


@bp.get("/papers/<int:paper_id>/versions/<int:number>/view")
def view(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    shown = showing.how(file)
    if not shown.has_frame:
        raise Missing
    if shown.way is Way.TEXT:
        return text_view(file)
    try:
        return copy_view(file, shown)
    except copying.Unmarkable as refusal:
        return frames.refusal_view(str(refusal.message), refusal.status)


@bp.get("/papers/<int:paper_id>/versions/<int:number>/reading-copy")
def reading_copy(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    shown = showing.how(file)
    if not copying.may_have_copy(file, shown):
        return redirect(address("reading.preview", file))
    with copying.copy_of(actor(), file, shown).kept() as copy:
        with transaction():
            services.record_reading_copy(actor(), file, copy.sha256)
        return frames.as_download(copy)


@bp.get("/reading-rules")
def reading_rules() -> ResponseReturnValue:
    gate(Permission.READING_EDIT)
    return rules_page(ReadingRulesForm.of(queries.reading_rules()))


@bp.post("/reading-rules")
def set_reading_rules() -> ResponseReturnValue:
    gate(Permission.READING_EDIT)
    form = ReadingRulesForm()
    if not form.validate_on_submit():
        return rules_page(form), 422
    with transaction():
        services.set_reading_rules(actor(), form.told())
    flash(_("The rules are in force"))
    return redirect(url_for(".reading_rules"))


def text_view(file: KeptFile) -> ResponseReturnValue:
    text, lines = copying.text_of(file), copying.watermark(actor(), file)
    with transaction():
        papers.record_preview(actor(), file)
    return frames.text_view(file.file_name, text, lines)


def copy_view(file: KeptFile, shown: Showing) -> ResponseReturnValue:
    with copying.copy_of(actor(), file, shown).kept() as copy:
        with transaction():
            papers.record_preview(actor(), file)
        return frames.as_view(copy)


def rules_page(form: ReadingRulesForm) -> str:
    return render_template(
        "reading/rules.html",
        form=form,
        events=timeline("reading_rule:all", names=names_of),
    )
