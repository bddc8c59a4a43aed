from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.lookup_views import typed
from app.accounts.lookups import Asked, Lookup, lookups, short_list
from app.accounts.models import User
from app.accounts.queries import names_of
from app.alerts import labels, queries, rule_views, services
from app.alerts.blueprint import bp
from app.alerts.forms import EndForm, PassForm
from app.alerts.models import Alert, AlertKind
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.queries import years
from app.errors import Missing
from app.intake import whole
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend, told_in

__all__ = ["bp", "rule_views"]  # the latter adds its pages to bp
lookups["warned-agencies"] = Lookup(Permission.ALERT_LIST, queries.agencies_warned)


def asked(agency: Asked) -> queries.Filters:
    """The filters in this page's address."""
    kind = request.args.get("kind", "")
    return queries.Filters(
        show=request.args.get("show", "waiting"),
        kind=AlertKind(kind) if kind in set(AlertKind) else None,
        agency=agency.keys,
        year=request.args.get("year", type=whole),
        words=request.args.get("q", "")[:80],
    )


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.ALERT_LIST)
    user = actor()
    findable = queries.agencies_warned(user)
    agency = typed("agency", findable)
    filters = asked(agency)
    query = queries.narrowed(queries.alerts_visible_to(user), filters, user)
    facts = {"filters": filters, "counts": queries.counts(user), "today": clock.today()}
    page = page_of(query, Alert.id)
    choices = {"years": years(), "agency": agency, "agencies": short_list(findable)}
    return render_template("alerts/index.html", page=page, labels=labels, **facts, **choices)


@bp.get("/<int:alert_id>")
def show(alert_id: int) -> ResponseReturnValue:
    alert = load(Alert, alert_id, Permission.ALERT_READ)
    return shown(alert, EndForm(formdata=None), PassForm(formdata=None))


def shown(alert: Alert, form: EndForm, other: PassForm) -> str:
    """One warning with its rule, what was done about it, and what may be done."""
    return render_template(
        "alerts/show.html",
        alert=alert,
        form=form,
        other=other.offer(alert.owner_id),
        labels=labels,
        today=clock.today(),
        entries=timeline(alert, names=names_of),
    )


def to_settle(alert_id: int) -> Alert:
    """A warning that this person may deal with."""
    alert = load(Alert, alert_id, Permission.ALERT_READ)
    gate(Permission.ALERT_SETTLE, alert)
    return alert


@bp.post("/<int:alert_id>/owner")
def take(alert_id: int) -> ResponseReturnValue:
    alert = to_settle(alert_id)
    with transaction():
        services.take_alert(actor(), alert)
    flash(_("The warning is yours now"))
    return redirect(url_for(".show", alert_id=alert_id))


@bp.post("/<int:alert_id>/hand-on")
def hand_on(alert_id: int) -> ResponseReturnValue:
    alert, form = to_settle(alert_id), PassForm()
    if form.offer(alert.owner_id).validate_on_submit():
        officer = db.session.get(User, form.officer.data)
        if officer is None:
            raise Missing
        with told_in(form, "officer"), transaction():
            services.pass_alert(actor(), alert, officer)
    if form.errors:
        return shown(alert, EndForm(formdata=None), form), 422
    flash(_("The warning was passed on"))
    return redirect(url_for(".show", alert_id=alert_id))


@bp.post("/<int:alert_id>/end")
def end(alert_id: int) -> ResponseReturnValue:
    alert, form = to_settle(alert_id), EndForm()
    if form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(form.once.data)
            services.end_alert(actor(), alert, form.words.data or "")
    if form.errors:
        return shown(alert, form, PassForm(formdata=None)), 422
    flash(_("The warning is dealt with"))
    return redirect(url_for(".index"))
