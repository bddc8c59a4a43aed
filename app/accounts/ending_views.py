"""What an account's keeper does that can't be undone: each is asked on a page of its own first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.blueprint import bp
from app.accounts.forms import ClosingForm
from app.accounts.models import User
from app.db import transaction
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, spend


def first_password(user: User, password: str) -> ResponseReturnValue:
    """The only time that a password is shown: in a reply, never in an address, log or cookie."""
    return render_template("accounts/first_password.html", user=user, password=password)


@bp.get("/accounts/<int:user_id>/password-resets/new")
def ask_reset(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.ACCOUNT_RESET, user)
    return render_template("accounts/reset.html", user=user, once=fresh_token())


@bp.post("/accounts/<int:user_id>/password-resets")
def reset_password(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    with transaction():
        password = services.reset_password(actor(), user)
        spend(request.form.get("once"))
    return first_password(user, password)


@bp.get("/accounts/<int:user_id>/closings/new")
def ask_closing(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.ACCOUNT_CLOSE, user)
    return render_template("accounts/closing.html", user=user, form=ClosingForm())


@bp.post("/accounts/<int:user_id>/closings")
def close_account(user_id: int) -> ResponseReturnValue:
    user, form = load(User, user_id, Permission.ACCOUNT_READ), ClosingForm()
    gate(Permission.ACCOUNT_CLOSE, user)
    if not form.validate_on_submit():
        return render_template("accounts/closing.html", user=user, form=form), 422
    with transaction():
        services.close_account(actor(), user, form.reason.data or "")
    flash(_("The account is closed"))
    return redirect(url_for(".person", user_id=user.id))
