import re

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm

from app import clock
from app.accounts import (
    choices,
    labels,
    login,
    lookup_views,
    pacing,
    queries,
    services,
    sessions,
)
from app.accounts.blueprint import bp
from app.accounts.ending_views import first_password
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.lookups import Lookup, lookups
from app.accounts.models import Organisation, OrganisationKind, User
from app.audit.timeline import timeline
from app.db import db, transaction
from app.errors import Missing
from app.intake import whole
from app.policy import Permission, Role
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

lookups["organisations"] = Lookup(Permission.ORGANISATION_LIST, choices.homes)
lookups["departments"] = Lookup(
    Permission.ORGANISATION_REGISTER,
    lambda _user: queries.organisations(OrganisationKind.DEPARTMENT),
)
lookups["finance-offices"] = Lookup(
    Permission.ORGANISATION_REGISTER,
    lambda _user: queries.organisations(OrganisationKind.FINANCE_OFFICE),
)
WORDS: dict[str, object] = {
    "roles": labels.ROLES,
    "kinds": labels.KINDS,
    "state_of": labels.state_of,
}
__all__ = ["bp", "lookup_views"]  # the latter adds its page to bp
bp.record_once(lambda _state: labels.join())
bp.context_processor(lambda: dict(WORDS))
# A path of ours: not //host nor /\host, which browsers take for another site's address, and none
# of the control characters that they drop before they look.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


def limits() -> sessions.Limits:
    config = current_app.config
    return sessions.Limits(config["LOCKOUT_FAILURES"], config["LOCKOUT_MINUTES"])


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    form, user = SignInForm(), None
    if form.validate_on_submit():
        user = signing_in(form)
    if user is None:
        return render_template("accounts/sign_in.html", form=form), 422
    if asking := sessions.more_asked(user):
        login.begin_half(user)
        return redirect(url_for(asking, next=own_page(request.args.get("next"))))
    return start_session(user)


def signing_in(form: SignInForm) -> User | None:
    """Who signs in with what was typed; what is wrong stands in the form."""
    if pacing.is_slowed("sign_in", pacing.here()):
        form.password.errors = [pacing.SLOWED]
        return None
    attempt = sessions.compare(form.login.data, form.password.data)
    with transaction():
        user = sessions.sign_in(attempt, limits())
        if user is None:
            pacing.note("sign_in", pacing.here())
    if user is None:
        form.password.errors = [sessions.FAILED]
    return user


def start_session(user: User) -> ResponseReturnValue:
    """A new session starts empty, so that nothing planted before the sign-in lives on."""
    login.begin_session()
    with transaction():
        login.enter(user)
    login_user(user)
    return redirect(own_page(request.args.get("next")) or url_for("pages.home"))


def own_page(wanted: str | None) -> str | None:
    """The page to go on to, only if it is one of ours."""
    return wanted if wanted and OWN_PATH.fullmatch(wanted) else None


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
    form, changed = PasswordForm(), False
    if form.validate_on_submit():
        attempt = sessions.compare_new(actor(), form.old.data, form.new.data)
        with told_in(form, "new"), transaction():
            changed = sessions.change_password(actor(), attempt, form.new.data, limits())
        if not changed and not form.errors:
            form.old.errors = [_("The present password is wrong")]
    if not changed:
        return render_template("accounts/password.html", form=form), 422
    with transaction():
        login.enter(actor())
    login_user(actor())
    flash(_("The password is changed. Your other sessions have ended"))
    return redirect(url_for("pages.home"))


@bp.get("/organisations")
def organisations() -> ResponseReturnValue:
    gate(Permission.ORGANISATION_LIST)
    kinds = [kind for kind in OrganisationKind if kind.value == request.args.get("kind")]
    query = queries.organisations(*kinds).order_by(None)
    if words := request.args.get("q", "").strip():
        query = queries.containing(query, words[:80])
    return render_template(
        "accounts/organisations.html",
        page=page_of(queries.with_parents(query), Organisation.id),
        counts=queries.kind_counts(),
        kind=kinds[0] if kinds else None,
    )


@bp.get("/organisations/new")
def new_organisation() -> ResponseReturnValue:
    gate(Permission.ORGANISATION_REGISTER)
    form = choices.organisation_form()
    return render_template("accounts/new_organisation.html", form=form, once=fresh_token())


@bp.post("/organisations")
def register_organisation() -> ResponseReturnValue:
    gate(Permission.ORGANISATION_REGISTER)
    form, organisation = choices.organisation_form(), None
    if form.validate_on_submit():
        with told_in(form, "credit_code"), transaction():
            spend(request.form.get("once"))
            organisation = choices.register(actor(), form)
    if organisation is None:
        return again("accounts/new_organisation.html", form)
    flash(_("%(name)s is registered", name=organisation.name))
    return redirect(url_for(".organisation", organisation_id=organisation.id))


def again(template: str, form: FlaskForm, **facts: object) -> ResponseReturnValue:
    """Show a form again with what was typed and what is wrong with it."""
    return render_template(template, form=form, once=fresh_token(), **facts), 422


@bp.get("/organisations/<int:organisation_id>")
def organisation(organisation_id: int) -> ResponseReturnValue:
    shown = load(Organisation, organisation_id, Permission.ORGANISATION_LIST)
    people = queries.accounts_visible_to(actor()).where(User.organisation_id == shown.id)
    return render_template(
        "accounts/organisation.html",
        organisation=shown,
        people=db.session.scalars(people).all(),
        now=clock.now(),
        below=db.session.scalars(queries.looked_after_by(shown.id)).all(),
        entries=timeline(shown, names=queries.names_of),
    )


@bp.get("/accounts")
def people() -> ResponseReturnValue:
    gate(Permission.ACCOUNT_LIST)
    query = queries.accounts_visible_to(actor()).order_by(None)
    if chosen := [role for role in Role if role.value == request.args.get("role")]:
        query = query.where(User.role.in_(chosen))
    if words := request.args.get("q", "").strip():
        query = queries.people_containing(query, words[:80])
    return render_template(
        "accounts/people.html",
        page=page_of(query, User.id),
        offered=choices.roles(choices.roles_to_give(actor())),
        now=clock.now(),
    )


@bp.get("/accounts/new")
def new_account() -> ResponseReturnValue:
    gate_some_account()
    form = choices.account_form(actor())
    form.organisation.data = request.args.get("organisation", type=whole) or form.organisation.data
    return render_template("accounts/new_account.html", form=form, once=fresh_token())


def gate_some_account() -> None:
    """Only those who may open some account see the form; the service judges the one asked for."""
    mine = services.NewAccount(actor().organisation, Role.AGENCY_MEMBER, "", "")
    gate(Permission.ACCOUNT_OPEN, mine)


@bp.post("/accounts")
def open_account() -> ResponseReturnValue:
    gate_some_account()
    form, opened = choices.account_form(actor()), None
    if form.validate_on_submit():
        with told_in(form, "login"), transaction():
            spend(request.form.get("once"))
            opened = services.open_account(actor(), choices.new_account(form))
    if opened is None:
        return again("accounts/new_account.html", form)
    return first_password(*opened)


@bp.get("/accounts/<int:user_id>")
def person(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    return show_person(user, choices.grant_form(user))


def show_person(user: User, form: FlaskForm, status: int = 200) -> ResponseReturnValue:
    told = timeline(user, names=queries.names_of)
    page = render_template(
        "accounts/person.html",
        user=user,
        form=form,
        entries=told,
        once=fresh_token(),
        has_factor=bool(sessions.more_asked(user)),
        state=labels.state_of(user, clock.now()),
    )
    return page, status


@bp.post("/accounts/<int:user_id>/roles")
def grant_role(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.ACCOUNT_GRANT, user)
    form = choices.grant_form(user)
    if form.validate_on_submit():
        ends_on = form.access_ends_on.data
        with told_in(form, "role"), transaction():
            services.grant_role(actor(), user, Role(form.role.data), ends_on=ends_on)
    if form.errors:
        return show_person(user, form, 422)
    flash(_("The role is changed; the person must sign in again"))
    return redirect(url_for(".person", user_id=user.id))
