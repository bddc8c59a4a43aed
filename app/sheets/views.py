from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.db import transaction
from app.engagements.labels import PARTIES
from app.exporting import XLSX_MIME, content_disposition
from app.policy import Permission
from app.reviews.labels import dimension_label
from app.reviews.models import ReviewInvitation
from app.reviews.queries import dimensions_for
from app.sheets import forms, queries, services, workbook
from app.sheets import open_views as open_views
from app.sheets.blueprint import bp
from app.sheets.models import ReviewLink
from app.sheets.reading import secret_of
from app.web import actor, gate, load, outside, page_of, spend, told_in


@bp.get("/review-links")
def index() -> ResponseReturnValue:
    gate(Permission.LINK_LIST)
    page = page_of(queries.units_wanted(), ReviewInvitation.id)
    return render_template("sheets/index.html", page=page, links=queries.live_links(page.items))


@bp.get("/reviews/<int:invitation_id>/links/new")
def new(invitation_id: int) -> ResponseReturnValue:
    invitation = load(ReviewInvitation, invitation_id, Permission.LINK_ISSUE)
    return asked(forms.RecipientForm(), invitation=invitation)


def asked(form: forms.RecipientForm, **about: Any) -> str:
    return render_template("sheets/new.html", form=form, **about)


@bp.post("/reviews/<int:invitation_id>/links")
def issue(invitation_id: int) -> ResponseReturnValue:
    invitation = load(ReviewInvitation, invitation_id, Permission.LINK_ISSUE)
    form, token = forms.RecipientForm(), ""
    if form.validate_on_submit():
        days: int = current_app.config["REVIEW_LINK_DAYS"]
        with told_in(form, "name"), transaction():
            spend(request.form.get("once"))
            token = services.issue_link(actor(), invitation, form.name.data or "", days=days)
    if form.errors:
        return asked(form, invitation=invitation), 422
    url = outside(".open_link", token=token)
    return render_template("sheets/issued.html", invitation=invitation, url=url)


@bp.post("/review-links/<int:link_id>/withdrawal")
def withdraw(link_id: int) -> ResponseReturnValue:
    link = load(ReviewLink, link_id, Permission.LINK_WITHDRAW)
    with transaction():
        services.withdraw_link(actor(), link)
    flash(_("The key has ended"))
    return redirect(url_for(".index"))


@bp.get("/organisations/<int:organisation_id>/review-form/new")
def new_form(organisation_id: int) -> ResponseReturnValue:
    unit = load(Organisation, organisation_id, Permission.FORM_ISSUE)
    return asked(forms.RecipientForm(), unit=unit, awaited=queries.awaited_of(unit))


@bp.post("/organisations/<int:organisation_id>/review-form")
def issue_form(organisation_id: int) -> ResponseReturnValue:
    unit = load(Organisation, organisation_id, Permission.FORM_ISSUE)
    form, data = forms.RecipientForm(), b""
    if form.validate_on_submit():
        days: int = current_app.config["REVIEW_LINK_DAYS"]
        with told_in(form, "name"), transaction():
            spend(request.form.get("once"))
            made = services.issue_form(actor(), unit, form.name.data or "", days=days)
            data = book_of(made, unit)
    if form.errors:
        return asked(form, unit=unit, awaited=queries.awaited_of(unit)), 422
    name = f"{_('Review form')}-{unit.name}.xlsx"
    headers = {"Content-Disposition": content_disposition(name)}
    return Response(data, mimetype=XLSX_MIME, headers=headers)


def book_of(made: list[tuple[ReviewInvitation, str]], unit: Organisation) -> bytes:
    """The workbook of these invitations with their keys."""
    rows = [row_of(invitation, token) for invitation, token in made]
    title = str(current_app.config["BUREAU_NAME"]) + _("Review form")
    told = {"title": title, "unit": unit.name}
    told["address"] = outside("sheets.upload_form")
    return workbook.written(secret_of(current_app), rows, **told)


def row_of(invitation: ReviewInvitation, token: str) -> workbook.Row:
    """What the form says of an invitation, and what it asks."""
    work, closes = invitation.engagement, invitation.round.closes_on.isoformat()
    party = str(PARTIES[invitation.party])
    asks = [(each.id, str(dimension_label(each))) for each in dimensions_for(invitation)]
    return workbook.Row([work.code, work.name, work.agency.name, party, closes], asks, token)
