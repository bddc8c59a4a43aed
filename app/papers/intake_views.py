"""Many files at once: they arrive, their names are read into a table, and all are submitted."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, PortalError
from app.papers import intake, labels, quarantine, unpacking, uploads
from app.papers.blueprint import bp
from app.papers.intake_forms import FilesForm, IntakeForm, intake_form
from app.papers.tus import Part
from app.papers.upload_views import engagement_to_fill, limits
from app.papers.uploads import NewUpload
from app.web import actor, spend


@bp.get("/engagements/<int:engagement_id>/papers/intake")
def intake_page(engagement_id: int) -> ResponseReturnValue:
    return page(engagement_to_fill(engagement_id), FilesForm(formdata=None, unpack=True))


@bp.post("/engagements/<int:engagement_id>/papers/intake/files")
def take_files(engagement_id: int) -> ResponseReturnValue:
    engagement, form = engagement_to_fill(engagement_id), FilesForm()
    files = [file for file in request.files.getlist("files") if file.filename]
    if form.validate_on_submit() and files:
        refused = [one for file in files for one in arrived(engagement, file, form)]
        form.files.errors = ["{name}: {error}".format_map(one) for one in refused]
    if not files:
        form.files.errors = [_("Choose a file first")]
    if form.errors:
        return page(engagement, form), 422
    return redirect(url_for(".intake_page", engagement_id=engagement_id))


@bp.post("/engagements/<int:engagement_id>/papers/intake")
def submit_batch(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_to_fill(engagement_id)
    form = table_of(engagement)
    if form.validate_on_submit() and (number := submitted(engagement, form)):
        flash(_("Papers submitted: %(n)s", n=number))
        return redirect(url_for(".listing", engagement_id=engagement_id))
    return page(engagement, FilesForm(formdata=None, unpack=True), form), 422


def submitted(engagement: Engagement, form: IntakeForm) -> int:
    """Submit the ticked rows, all or none, and tell how many; a refusal is shown in the table."""
    try:
        with transaction():
            spend(form.once.data)
            return len(intake.submit_papers(actor(), engagement, form.told()))
    except intake.RowRefused as error:
        form.show_at_row(error)
    except (Invalid, Conflict) as error:
        form.show(error.message)
    return 0


def arrived(engagement: Engagement, file: FileStorage, form: FilesForm) -> list[dict[str, str]]:
    """Bring a file of a plain form the way of those that come in parts."""
    folder, _slash, name = (file.filename or "").rpartition("/")
    length = file.stream.seek(0, 2)
    file.stream.seek(0)
    new = NewUpload(name, length, form.unclassified.data, form.unpack.data, folder)
    try:
        with transaction():
            upload = uploads.begin_upload(actor(), engagement, new, quarantine.limits())
        quarantine.gathering_of(upload).add(file.stream, Part(0, length))
        return unpacking.taken_in(upload)
    except PortalError as error:
        return [{"name": name, "error": str(error.message)}]


def table_of(engagement: Engagement) -> IntakeForm:
    """The table of the person's waiting files."""
    waiting = uploads.waiting_of(actor(), engagement)
    released = [one for one in waiting if one.released_at]
    return intake_form(engagement, released, request.args.get("task", ""))


def page(engagement: Engagement, files: FilesForm, table: IntakeForm | None = None) -> str:
    """The drop zone, what is on its way, and the table of what arrived."""
    waiting = uploads.waiting_of(actor(), engagement)
    return render_template(
        "papers/intake.html",
        engagement=engagement,
        files=files,
        table=table or table_of(engagement),
        unfinished=[(one, quarantine.size_of(one)) for one in waiting if one.released_at is None],
        labels=labels,
        hours=quarantine.limits().pause // timedelta(hours=1),
        used=uploads.bytes_of(engagement),
        allowed=quarantine.limits().engagement,
        **limits(),
    )
