from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import User
from app.custody import alarms, labels, proving, purge_views, queries, services
from app.custody.forms import ReasonForm
from app.custody.models import LegalHold
from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Missing
from app.policy import Permission
from app.store import locked_store, object_store
from app.web import actor, gate, load, spend, told_in

bp = Blueprint("custody", __name__)
bp.register_blueprint(purge_views.bp)
# What is decided with a reason, by the last word of its address.
WITH_REASON: dict[str, Callable[[User, LegalHold, str], None]] = {
    "refusal": services.refuse_hold,
    "release": services.ask_release,
    "continuation": services.keep_hold,
}


@bp.get("/store")
def store() -> ResponseReturnValue:
    gate(Permission.STORE_READ)
    return render_template(
        "custody/store.html",
        locks_itself=locked_store() is not None,
        seals=object_store().seals,
        reads_all=current_app.config["STORE_READ_NIGHTLY"],
        proof=proving.last_proof(),
        steps=labels.STEPS,
        wrongs=labels.WRONGS,
        alarms=queries.newest_alarms(),
        open_count=len(alarms.open_alarms()),
        compared=queries.last_check(full=True),
        sampled=queries.last_check(full=False),
        locks=queries.locks_of(),
    )


@bp.get("/engagements/<int:engagement_id>/legal-holds/new")
def new_hold(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ARCHIVE_READ)
    gate(Permission.LEGAL_HOLD_ASK, engagement)
    return render_template("custody/ask_hold.html", engagement=engagement, form=ReasonForm())


@bp.post("/engagements/<int:engagement_id>/legal-holds")
def ask_hold(engagement_id: int) -> ResponseReturnValue:
    engagement, form = load(Engagement, engagement_id, Permission.ARCHIVE_READ), ReasonForm()
    gate(Permission.LEGAL_HOLD_ASK, engagement)
    with told_in(form, "reason"):
        if form.validate_on_submit():
            with transaction():
                spend(form.once.data)
                services.ask_hold(actor(), engagement, form.reason.data or "")
    if form.errors:
        return render_template("custody/ask_hold.html", engagement=engagement, form=form), 422
    flash(_("Asked for; another person confirms it"))
    return redirect(archive_of(engagement))


@bp.post("/legal-holds/<int:hold_id>/confirmation")
def confirm(hold_id: int) -> ResponseReturnValue:
    return decide(hold_id, services.confirm_hold, _("The legal hold is in force"))


@bp.post("/legal-holds/<int:hold_id>/end")
def release(hold_id: int) -> ResponseReturnValue:
    return decide(hold_id, services.release_hold, _("The legal hold has ended"))


@bp.get("/legal-holds/<int:hold_id>/<string:step>")
def ask_reason(hold_id: int, step: str) -> ResponseReturnValue:
    hold = load(LegalHold, hold_id, Permission.ARCHIVE_READ)
    gate(permission_of(step), hold)
    return render_template("custody/reason.html", hold=hold, step=step, form=ReasonForm())


@bp.post("/legal-holds/<int:hold_id>/<string:step>")
def give_reason(hold_id: int, step: str) -> ResponseReturnValue:
    hold, form = load(LegalHold, hold_id, Permission.ARCHIVE_READ), ReasonForm()
    gate(permission_of(step), hold)
    with told_in(form, "reason"):
        if form.validate_on_submit():
            with transaction():
                WITH_REASON[step](actor(), hold, form.reason.data or "")
    if form.errors:
        return render_template("custody/reason.html", hold=hold, step=step, form=form), 422
    flash(_("Saved"))
    return redirect(archive_of(hold.engagement))


def permission_of(step: str) -> Permission:
    """Who asks for an end is another than who decides."""
    if step not in WITH_REASON:
        raise Missing
    return Permission.LEGAL_HOLD_ASK if step == "release" else Permission.LEGAL_HOLD_DECIDE


def decide(
    hold_id: int, decision: Callable[[User, LegalHold], None], words: str
) -> ResponseReturnValue:
    """One press of the second person."""
    hold = load(LegalHold, hold_id, Permission.ARCHIVE_READ)
    gate(Permission.LEGAL_HOLD_DECIDE, hold)
    try:
        with transaction():
            decision(actor(), hold)
    except Conflict as refusal:
        flash(str(refusal.message), "danger")
        return redirect(archive_of(hold.engagement))
    flash(words)
    return redirect(archive_of(hold.engagement))


def archive_of(engagement: Engagement) -> str:
    """The page that shows the hold."""
    return url_for("archiving.archive", engagement_id=engagement.id, _anchor="custody")
