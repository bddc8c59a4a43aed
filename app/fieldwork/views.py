from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.attachments import receiving, sending
from app.attachments.forms import PhotosForm
from app.attachments.waiting import files_of
from app.audit.timeline import timeline
from app.engagements.models import Engagement
from app.errors import Invalid, Missing
from app.fieldwork import entry_views, queries
from app.fieldwork.blueprint import bp
from app.fieldwork.joining import KEEPER
from app.fieldwork.models import SiteVisit, VisitPhoto
from app.fieldwork.sorts import DAYS, INTERVIEWS, QUESTIONNAIRES, SORTS, VISITS
from app.policy import Permission
from app.web import fresh_token, gate, load, told_in

READ, RECORD = Permission.FIELDWORK_READ, Permission.FIELDWORK_RECORD
__all__ = ["bp", "entry_views"]  # the latter adds its pages to bp


@bp.get("/engagements/<int:engagement_id>/fieldwork")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, READ)
    found = {sort.name: queries.entries_of(sort.model, engagement) for sort in SORTS}
    return render_template(
        "fieldwork/engagement.html",
        engagement=engagement,
        found=found,
        facts=queries.facts_of([engagement.id])[engagement.id],
        by_member=queries.days_by_member(engagement),
        sorts={"visits": VISITS, "interviews": INTERVIEWS, "rounds": QUESTIONNAIRES, "days": DAYS},
    )


@bp.get("/site-visits/<int:visit_id>")
def show_visit(visit_id: int) -> ResponseReturnValue:
    visit = load(SiteVisit, visit_id, READ)
    return visit_page(visit, PhotosForm(data={"once": fresh_token()}))


def visit_page(visit: SiteVisit, form: PhotosForm) -> str:
    """The page of a visit with its photographs."""
    return render_template(
        "fieldwork/visit.html",
        visit=visit,
        form=form,
        engagement=visit.engagement,
        checked=files_of(KEEPER, visit.id),
        people=names_of({visit.recorded_by_id}),
        entries=timeline(visit, names=names_of),
    )


@bp.post("/site-visits/<int:visit_id>/photos")
def add_photos(visit_id: int) -> ResponseReturnValue:
    visit, form = load(SiteVisit, visit_id, READ), PhotosForm()
    gate(RECORD, visit)
    with told_in(form, "files"):
        if form.validate_on_submit():
            photos_added(visit, form)
    if form.errors:
        return visit_page(visit, form), 422
    return redirect(url_for(".show_visit", visit_id=visit_id))


def photos_added(visit: SiteVisit, form: PhotosForm) -> None:
    """Hand in all photographs of the form, or none."""
    sources = receiving.from_files(form.files.data, is_unclassified=form.unclassified.data)
    if not sources:
        raise Invalid(_("Choose a file first"))
    receiving.hand_in(KEEPER, visit, sources, form.once.data)


@bp.get("/site-visits/<int:visit_id>/photos/<int:photo_id>")
def photo(visit_id: int, photo_id: int) -> ResponseReturnValue:
    return sending.picture(photo_of(visit_id, photo_id))


@bp.get("/site-visits/<int:visit_id>/photos/<int:photo_id>/file")
def download_photo(visit_id: int, photo_id: int) -> ResponseReturnValue:
    found = photo_of(visit_id, photo_id)
    return sending.download(found, found.visit, READ)


def photo_of(visit_id: int, photo_id: int) -> VisitPhoto:
    """A photograph of a visit that this person may read of."""
    visit = load(SiteVisit, visit_id, READ)
    found = next((one for one in visit.photos if one.id == photo_id), None)
    if found is None:
        raise Missing
    return found
