from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cooperation import forms, queries, services
from app.cooperation.labels import ASPECTS
from app.cooperation.pooling import FEWEST, FEWEST_AGENCIES
from app.cooperation.queries import Place
from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Missing
from app.policy import AGENCY_ROLES, Permission, can
from app.web import actor, gate, load, page_of, spend, told_in

bp = Blueprint("cooperation", __name__, url_prefix="/unit-ratings")


def window() -> int:
    """How many days after the end of the work an agency may rate units."""
    days: int = current_app.config["UNIT_RATING_DAYS"]
    return days


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.UNIT_RATING_LIST)
    user = actor()
    mine = queries.places_of(user, window=window()) if user.role in AGENCY_ROLES else None
    page = page_of(queries.units_visible_to(user), Organisation.id)
    facts = {"means": queries.means_of(page.items), "fewest": FEWEST, "agencies": FEWEST_AGENCIES}
    return render_template("cooperation/index.html", mine=mine, page=page, aspects=ASPECTS, **facts)


def loaded(engagement_id: int, unit_id: int) -> Place:
    """The place of a unit in an engagement, for those who may rate there."""
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    place = queries.place_of(engagement, unit_id, window=window())
    if place is None or not can(actor(), Permission.UNIT_RATING_WRITE, place):
        raise Missing(asked=Permission.UNIT_RATING_WRITE, about=engagement)
    return place


@bp.get("/<int:engagement_id>/<int:unit_id>")
def new(engagement_id: int, unit_id: int) -> ResponseReturnValue:
    return asked(loaded(engagement_id, unit_id), forms.unit_rating_form())


def asked(place: Place, form: forms.UnitRatingForm) -> str:
    facts = {"fewest": FEWEST, "agencies": FEWEST_AGENCIES, "given": queries.rating_of(place)}
    return render_template("cooperation/form.html", place=place, form=form, **facts)


@bp.post("/<int:engagement_id>/<int:unit_id>")
def rate(engagement_id: int, unit_id: int) -> ResponseReturnValue:
    place, form = loaded(engagement_id, unit_id), forms.unit_rating_form()
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(request.form.get("once"))
            services.rate_unit(actor(), place, form.answer())
    if form.errors:
        return asked(place, form), 422
    flash(_("Thank you. It is shown only together with others"))
    return redirect(url_for(".index"))
