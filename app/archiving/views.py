from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import archiving
from app.accounts.queries import names_of
from app.archiving import labels, packing, queries, services
from app.archiving.blueprint import bp
from app.archiving.contents import contents_of
from app.archiving.forms import RetentionForm
from app.audit.timeline import timeline
from app.db import transaction
from app.engagements.models import Engagement
from app.exporting import content_disposition
from app.papers import labels as paper_labels
from app.policy import Permission
from app.store import object_store, spool_folder
from app.web import actor, gate, load

__all__ = ["bp"]


@bp.get("/retention")
def retention() -> ResponseReturnValue:
    gate(Permission.RETENTION_EDIT)
    return retention_page(RetentionForm.of(queries.retention_rules()))


@bp.post("/retention")
def set_retention() -> ResponseReturnValue:
    gate(Permission.RETENTION_EDIT)
    form = RetentionForm()
    if not form.validate_on_submit():
        return retention_page(form), 422
    with transaction():
        services.set_retention(actor(), form.told())
    flash(_("The retention classes are in force"))
    return redirect(url_for(".retention"))


@bp.get("/engagements/<int:engagement_id>/archive")
def archive(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ARCHIVE_READ)
    found = contents_of(engagement)
    return render_template(
        "archiving/archive.html",
        engagement=engagement,
        contents=found,
        packages=queries.packages_of(engagement),
        panels=[told for panel in archiving.panels if (told := panel(engagement, actor()))],
        size=found.size,
        labels=labels,
        paper_labels=paper_labels,
    )


@bp.post("/engagements/<int:engagement_id>/archive")
def build_archive(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ARCHIVE_READ)
    gate(Permission.ARCHIVE_BUILD, engagement)
    package = made_package(engagement)
    response = Response(packing.stream(object_store(), package), mimetype="application/zip")
    name = f"{engagement.code} {engagement.name}.zip"
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


def made_package(engagement: Engagement) -> packing.Package:
    """Print the catalogue first, which takes a second; then the log vouches for the manifest."""
    found = contents_of(engagement)
    packing.check_store(object_store(), found)
    attached = packing.catalogues(found)
    with transaction():
        manifest = packing.manifest_of(contents_of(engagement), attached, actor().name)
        _package, event_id = services.record_package(actor(), engagement, manifest)
    packing.seal_up_to(event_id)
    return packing.package_of(manifest, attached, event_id, str(spool_folder()))


def retention_page(form: RetentionForm) -> str:
    return render_template(
        "archiving/retention.html",
        form=form,
        events=timeline("retention_rule:all", names=names_of),
    )
