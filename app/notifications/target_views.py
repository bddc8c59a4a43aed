from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.notifications import queries, targeting, words
from app.notifications.blueprint import bp
from app.notifications.forms import TargetForm
from app.notifications.models import Delivery, MessageTarget
from app.policy import Permission
from app.web import actor, gate, load, page_of, spend

STATES = ("open", "dead", "sent")


@bp.get("/targets")
def targets() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    found = queries.targets()
    return render_template("notifications/targets.html", targets=found, labels=words)


@bp.get("/targets/new")
def new_target() -> ResponseReturnValue:
    gate(Permission.SYSTEM_CONFIGURE)
    return _shown(TargetForm.of(), None)


@bp.post("/targets")
def add_target() -> ResponseReturnValue:
    gate(Permission.SYSTEM_CONFIGURE)
    form = TargetForm.of()
    if not form.validate_on_submit():
        return _shown(form, None), 422
    with transaction():
        spend(form.once.data)
        targeting.add_target(actor(), form.asked())
    flash(_("The target is told from now on"))
    return redirect(url_for(".targets"))


@bp.get("/targets/<int:target_id>")
def target(target_id: int) -> ResponseReturnValue:
    found = load(MessageTarget, target_id, Permission.SYSTEM_CONFIGURE)
    return _shown(TargetForm.of(found), found)


@bp.post("/targets/<int:target_id>")
def edit_target(target_id: int) -> ResponseReturnValue:
    found = load(MessageTarget, target_id, Permission.SYSTEM_CONFIGURE)
    form = TargetForm.of(found)
    if not form.validate_on_submit():
        return _shown(form, found), 422
    with transaction():
        spend(form.once.data)
        targeting.edit_target(actor(), found, form.asked())
    flash(_("The target is changed"))
    return redirect(url_for(".targets"))


@bp.get("/targets/<int:target_id>/retirement/new")
def ask_retirement(target_id: int) -> ResponseReturnValue:
    found = load(MessageTarget, target_id, Permission.SYSTEM_CONFIGURE)
    return render_template("notifications/retirement.html", target=found, labels=words)


@bp.post("/targets/<int:target_id>/retirement")
def retire_target(target_id: int) -> ResponseReturnValue:
    found = load(MessageTarget, target_id, Permission.SYSTEM_CONFIGURE)
    with transaction():
        targeting.retire_target(actor(), found)
    flash(_("The target is told no more"))
    return redirect(url_for(".targets"))


@bp.post("/targets/<int:target_id>/trials")
def try_target(target_id: int) -> ResponseReturnValue:
    found = load(MessageTarget, target_id, Permission.SYSTEM_CONFIGURE)
    with transaction():
        targeting.try_target(actor(), found)
    flash(_("A trial is on its way; the outbox tells what became of it"))
    return redirect(url_for(".outbox"))


@bp.get("/outbox")
def outbox() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    return render_template(
        "notifications/outbox.html",
        page=page_of(queries.deliveries(state), Delivery.id, size=30),
        state=state,
        counts=queries.delivery_counts(),
        has_mail=bool(current_app.config["SMTP_URL"]),
        labels=words,
    )


@bp.post("/outbox/<int:delivery_id>/retries")
def retry_delivery(delivery_id: int) -> ResponseReturnValue:
    found = load(Delivery, delivery_id, Permission.SYSTEM_READ)
    with transaction():
        targeting.retry_delivery(actor(), found)
    flash(_("The message is sent again"))
    return redirect(url_for(".outbox"))


def _shown(form: TargetForm, found: MessageTarget | None) -> str:
    return render_template("notifications/target.html", form=form, target=found)
