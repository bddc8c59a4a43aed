from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.errors import Missing
from app.policy import Permission
from app.similarity import labels, queries, services
from app.similarity.forms import BoilerplateForm, SettleForm
from app.similarity.models import Boilerplate, LikenessAlarm
from app.similarity.passages import compared
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

bp = Blueprint("similarity", __name__)


@bp.get("/similarity-alarms")
def index() -> ResponseReturnValue:
    gate(Permission.SIMILARITY_READ)
    query, settled = queries.alarms_visible_to(actor()), request.args.get("state") == "settled"
    told = LikenessAlarm.settled_at
    query = query.where(told.is_not(None) if settled else told.is_(None))
    return render_template(
        "similarity/index.html",
        page=page_of(query, LikenessAlarm.id),
        settled=settled,
        labels=labels,
    )


@bp.get("/similarity-alarms/<int:alarm_id>")
def show(alarm_id: int) -> ResponseReturnValue:
    alarm = alarm_to_read(alarm_id)
    return alarm_page(alarm, SettleForm(data={"once": fresh_token()}))


@bp.post("/similarity-alarms/<int:alarm_id>")
def settle(alarm_id: int) -> ResponseReturnValue:
    alarm, form = alarm_to_read(alarm_id), SettleForm()
    gate(Permission.SIMILARITY_SETTLE, alarm)
    with told_in(form, "words"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                services.settle_alarm(actor(), alarm, form.words.data)
    if form.errors:
        return alarm_page(alarm, form), 422
    flash(_("Marked as checked"))
    return redirect(url_for(".show", alarm_id=alarm_id))


@bp.get("/boilerplates")
def boilerplates() -> ResponseReturnValue:
    gate(Permission.BOILERPLATE_EDIT)
    return boilerplate_page(BoilerplateForm(data={"once": fresh_token()}))


@bp.post("/boilerplates")
def add_boilerplate() -> ResponseReturnValue:
    gate(Permission.BOILERPLATE_EDIT)
    form = BoilerplateForm()
    with told_in(form, "text"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                services.add_boilerplate(actor(), form.title.data, form.text.data)
    if form.errors:
        return boilerplate_page(form), 422
    flash(_("Its words don't count from now on"))
    return redirect(url_for(".boilerplates"))


@bp.post("/boilerplates/<int:boilerplate_id>/withdrawal")
def withdraw_boilerplate(boilerplate_id: int) -> ResponseReturnValue:
    boilerplate = load(Boilerplate, boilerplate_id, Permission.BOILERPLATE_EDIT)
    with transaction():
        services.withdraw_boilerplate(actor(), boilerplate)
    flash(_("Its words count again"))
    return redirect(url_for(".boilerplates"))


def alarm_to_read(alarm_id: int) -> LikenessAlarm:
    """An alarm with everything around it; to whoever may not see it, it does not exist."""
    load(LikenessAlarm, alarm_id, Permission.SIMILARITY_READ)
    alarm = queries.alarm_by_id(alarm_id)
    if alarm is None:
        raise Missing
    return alarm


def alarm_page(alarm: LikenessAlarm, form: SettleForm) -> str:
    return render_template(
        "similarity/show.html", alarm=alarm, comparison=compared(alarm), form=form, labels=labels
    )


def boilerplate_page(form: BoilerplateForm) -> str:
    return render_template("similarity/boilerplates.html", found=queries.boilerplates(), form=form)
