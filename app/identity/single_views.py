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
from flask_login import current_user, login_user

from app import audit, clock
from app.accounts import login, pacing, sessions
from app.accounts.models import User
from app.accounts.views import limits, own_page
from app.db import db, transaction
from app.errors import Missing
from app.identity import linking, queries, services, single
from app.identity.forms import SubjectForm
from app.identity.models import SignOnLink
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, outside, spend, told_in

bp = Blueprint("single", __name__)
WANTED, AGAIN = "single_next", "single_again"
FRESH_SECONDS = 300


def configured() -> str:
    """The issuer; where there is none, there are no such pages."""
    if not single.is_there():
        raise Missing
    return str(current_app.config["OIDC_ISSUER"])


def way_back() -> str:
    """Where the issuer sends the browser back: the portal's own address, as it is known outside."""
    return outside(".finish")


@bp.get("/sign-in/single")
def begin() -> ResponseReturnValue:
    configured()
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"))
    session[WANTED], session[AGAIN] = own_page(request.args.get("next")), False
    return single.send_there(way_back())


@bp.get("/proof/single")
def prove() -> ResponseReturnValue:
    configured()
    session[WANTED], session[AGAIN] = own_page(request.args.get("next")), True
    return single.send_there(way_back(), again=True)


@bp.get("/sign-in/single/return")
def finish() -> ResponseReturnValue:
    configured()
    wanted, again = session.pop(WANTED, None), session.pop(AGAIN, False)
    try:
        somebody = single.who()
    except single.NotProven:
        return not_proven()
    if again and current_user.is_authenticated:
        return proved(somebody, wanted)
    if pacing.is_slowed("sign_in", pacing.here()):
        return refused(str(pacing.SLOWED))
    return come_in(somebody, wanted)


def not_proven() -> ResponseReturnValue:
    """Nothing was proven: a broken or forged way back, or the person turned round there."""
    with transaction():
        event = audit.Event.SIGN_IN_REFUSED
        audit.record(audit.VISITOR, event, "user_account:?", reason="single sign-on")
        pacing.note("sign_in", pacing.here())
    return refused(_("The single sign-on didn't say who you are. Try again"))


def refused(words: str) -> ResponseReturnValue:
    """Back to the sign-in page with the reason."""
    flash(words, "warning")
    return redirect(url_for("accounts.sign_in"))


def come_in(somebody: single.Somebody, wanted: str | None) -> ResponseReturnValue:
    """The session of the linked account begins, or the second step of it."""
    with transaction():
        user = linking.come_in(somebody, limits())
        if user is None:
            pacing.note("sign_in", pacing.here())
    if user is None:
        return refused(unlinked(somebody))
    if asking := sessions.more_asked(user):
        login.begin_half(user)
        session[login.SINGLE] = True
        return redirect(url_for(asking, next=wanted))
    return begin_session(user, wanted)


def unlinked(somebody: single.Somebody) -> str:
    """What somebody without an account is told: by what the administrator would link them."""
    return _(
        "No open account is linked to your identity here. Give the security administrator"
        " this identifier: %(subject)s",
        subject=somebody.subject,
    )


def begin_session(user: User, wanted: str | None) -> ResponseReturnValue:
    """A new session starts empty; no password of ours is asked in it."""
    login.begin_session()
    session[login.SINGLE] = True
    with transaction():
        login.enter(user)
    login_user(user)
    return redirect(wanted or url_for("pages.home"))


def proved(somebody: single.Somebody, wanted: str | None) -> ResponseReturnValue:
    """Before a dangerous step: the same person has shown themselves to the issuer just now."""
    link = queries.link_to(somebody.issuer, somebody.subject)
    now = int(clock.now().timestamp())
    is_fresh = abs(now - somebody.proved) <= FRESH_SECONDS
    if link is None or link.user_id != actor().id or not is_fresh:
        flash(_("The single sign-on didn't say that it is you, just now"), "warning")
        return redirect(url_for("identity.proof", next=wanted))
    with transaction():
        services.note_proof(actor())
    session["proved"] = now
    return redirect(wanted or url_for("pages.home"))


@bp.get("/accounts/<int:user_id>/single-sign-on")
def account(user_id: int) -> ResponseReturnValue:
    issuer, user = configured(), load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.SINGLE_SIGN_ON_LINK, user)
    return link_page(user, issuer, SubjectForm())


def link_page(user: User, issuer: str, form: SubjectForm) -> str:
    """The link of an account, or the form that makes one."""
    found, once = queries.link_of(user, issuer), fresh_token()
    return render_template(
        "identity/single.html", user=user, issuer=issuer, link=found, form=form, once=once
    )


@bp.post("/accounts/<int:user_id>/single-sign-on")
def link(user_id: int) -> ResponseReturnValue:
    issuer, user = configured(), load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.SINGLE_SIGN_ON_LINK, user)
    form = SubjectForm()
    if form.validate_on_submit():
        with told_in(form, "subject"), transaction():
            spend(request.form.get("once"))
            linking.link_account(actor(), user, issuer, form.subject.data or "")
    if form.errors:
        return link_page(user, issuer, form), 422
    flash(_("The account is linked"))
    return redirect(url_for(".account", user_id=user_id))


@bp.post("/accounts/<int:user_id>/single-sign-on/ends")
def unlink(user_id: int) -> ResponseReturnValue:
    issuer, user = configured(), load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.SINGLE_SIGN_ON_LINK, user)
    found = queries.link_of(user, issuer)
    if found is None:
        raise Missing
    with transaction():
        linking.end_link(actor(), db.session.get_one(SignOnLink, found.id))
    flash(_("The link is ended; the account's sessions are too"))
    return redirect(url_for(".account", user_id=user_id))
