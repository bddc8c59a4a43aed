from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from app.accounts import login, sessions
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.models import User
from app.db import transaction
from app.errors import Invalid, Missing
from app.web import actor

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    form, user = SignInForm(), None
    if form.validate_on_submit():
        with transaction():
            user = sessions.sign_in(
                form.login.data,
                form.password.data,
                failures=current_app.config["LOCKOUT_FAILURES"],
                minutes=current_app.config["LOCKOUT_MINUTES"],
            )
        if user is None:
            form.password.errors = [sessions.FAILED]
    if user is None:
        return render_template("accounts/sign_in.html", form=form), 422
    return start_session(user)


def start_session(user: User) -> ResponseReturnValue:
    """A new session starts empty, so that nothing planted before the sign-in lives on."""
    session.clear()
    login_user(user)
    login.begin_session()
    return redirect(own_page(request.args.get("next")) or url_for("pages.home"))


def own_page(wanted: str | None) -> str | None:
    """The page to go on to, only if it is one of ours."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    return wanted if not urlsplit(wanted).netloc else None


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    with transaction():
        sessions.sign_out(actor())
    logout_user()
    session.clear()
    return redirect(url_for(".sign_in"))


@bp.post("/languages/<string:locale>")
def choose_language(locale: str) -> ResponseReturnValue:
    if locale not in current_app.config["LANGUAGES"]:
        raise Missing
    session["locale"] = locale
    if current_user.is_authenticated:
        with transaction():
            sessions.choose_language(actor(), locale)
    return redirect(own_page(request.form.get("next")) or url_for("pages.home"))


@bp.get("/password")
def password() -> ResponseReturnValue:
    return render_template("accounts/password.html", form=PasswordForm())


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form), 422
    try:
        with transaction():
            sessions.change_password(actor(), form.old.data, form.new.data)
    except Invalid as error:
        form.new.errors = [error.message]
        return render_template("accounts/password.html", form=form), 422
    login_user(actor())
    flash(_("The password is changed. Your other sessions have ended"))
    return redirect(url_for("pages.home"))
