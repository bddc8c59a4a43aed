"""Sign-in is needed everywhere except at the endpoints listed here; sessions end by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import LoginManager, current_user, logout_user

from app import clock
from app.accounts import pacing, passwords, refusals
from app.accounts.models import User
from app.db import db
from app.errors import answer, wants_json

PUBLIC = frozenset(
    {
        "static",
        "bootstrap.static",
        "accounts.sign_in",
        "accreditation.add_proof",
        "accreditation.ask",
        "accreditation.follow",
        "accreditation.save",
        "accreditation.start",
        "accreditation.submit",
        "accreditation.void_proof",
        "accreditation.withdraw",
        "accounts.send_sign_in",
        "accounts.choose_language",
        "api.v1.document",
        "openness.call",
        "openness.calls",
        "openness.file",
        "openness.index",
        "openness.contracting",
        "openness.contracting_file",
        "openness.method",
        "openness.profile",
        "openness.ranking",
        "openness.rankings",
        "openness.register",
        "onboarding.activate",
        "onboarding.activation",
        "identity.second_step",
        "identity.send_second_step",
        "identity.single.begin",
        "identity.single.finish",
        "operations.metrics_page",
        "operations.ready",
        "pages.health",
        "personal.notice",
        "sheets.open_link",
        "sheets.submit_link",
        "sheets.take_form",
        "sheets.upload_form",
        "training.check_certificate",
        "pages.help_page",
    }
)
HALF_SECONDS = 300
SINGLE = "single"  # in a session that another house vouched for: it asks for no password of ours
FILES = frozenset({"static", "bootstrap.static"})
# Where somebody who must change the password may still go.
BEFORE_CHANGE = PUBLIC | {"accounts.password", "accounts.change_password", "accounts.sign_out"}
# Who asks for something else than a session, by how the path begins; upper features join.
own_doors: dict[str, Callable[[], ResponseReturnValue | None]] = {}
own_tongues: dict[str, Callable[[], str | None]] = {}  # and in which language they are told
# In whose place somebody acts in this request; an upper feature joins.
dressing: list[Callable[[User], Any]] = []
# What an upper feature says of a session: whether it still lives, that it begins, where else the
# person must go first.
checks: list[Callable[[User], bool]] = []
on_entered: list[Callable[[User], None]] = []
detours: list[Callable[[User], ResponseReturnValue | None]] = []
manager = LoginManager()
manager.login_view = "accounts.sign_in"
manager.login_message = lazy_gettext("Please sign in")


@manager.user_loader
def load_user(cookie_id: str) -> Any:
    """The person of this session, unless the account ended or the session was ended.

    Who acts in another's place is still themselves, and judged as that other one stands.
    """
    key, _dot, stamp = cookie_id.partition(".")
    user = db.session.get(User, int(key)) if key.isdigit() else None
    if user is None or user.session_stamp != stamp or not user.is_active:
        return None
    if not all(check(user) for check in checks):
        return None
    for dress in dressing:
        user = dress(user)
    return user


def expired() -> bool:
    """Whether the session was idle too long, or has lasted longer than any may."""
    now = clock.now()
    seen = datetime.fromtimestamp(session.get("seen", 0), UTC)
    began = datetime.fromtimestamp(session.get("began", 0), UTC)
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    longest = timedelta(hours=current_app.config["SESSION_MAX_HOURS"])
    return now - seen > idle or now - began > longest


def touch_session() -> None:
    """Note that the person is there, at most once a minute, so that most replies set no cookie.

    A page that refreshes itself is nobody's presence.
    """
    now = int(clock.now().timestamp())
    by_itself = "X-Fragment" in request.headers or (wants_json() and request.method == "GET")
    if now - session.get("seen", 0) >= 60 and not by_itself:
        session["seen"] = now


def begin_session() -> None:
    """Empty what was there, so that nothing planted before lives on, and start the clocks."""
    locale = session.get("locale")
    session.clear()
    if locale in current_app.config["LANGUAGES"]:
        session["locale"] = locale
    now = int(clock.now().timestamp())
    session["began"], session["seen"] = now, now
    session.permanent = True


def begin_half(user: User) -> None:
    """Remember whose password fitted, for five minutes, until they showed the rest."""
    session["half"] = [user.id, user.session_stamp, int(clock.now().timestamp())]


def half_signed_in() -> User | None:
    """Who is between the first and the second step, unless it took too long."""
    key, stamp, at = session.get("half") or (0, "", 0)
    user = db.session.get(User, key) if key else None
    if user is None or user.session_stamp != stamp or not user.is_active:
        return None
    return user if clock.now().timestamp() - at <= HALF_SECONDS else None


def enter(user: User) -> None:
    """Tell those who listen that a session begins, in the transaction at hand."""
    for told in on_entered:
        told(user)


def password_is_old(user: User) -> bool:
    """Whether the person must choose a new password now."""
    days = current_app.config["PASSWORD_MAX_AGE_DAYS"]
    if session.get(SINGLE):
        return False
    too_old = days and clock.now() - user.password_set_at > timedelta(days=days)
    return bool(user.must_change_password or too_old)


def init_app(app: Flask) -> None:
    """Close every door that is not on the list."""
    manager.init_app(app)
    passwords.configure(app.config)
    refusals.join()

    @app.before_request
    def need_login() -> ResponseReturnValue | None:
        if request.endpoint in FILES:
            return None
        if (knock := door_of(request.path)) is not None:
            return knock()
        if current_user.is_authenticated and expired():
            logout_user()
        if request.endpoint in PUBLIC:
            known = current_user.is_authenticated
            return None if known else pacing.slow_visitor(request.blueprint)
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        if password_is_old(current_user) and request.endpoint not in BEFORE_CHANGE:
            flash(str(_("Please choose a new password first")))
            return redirect(url_for("accounts.password"))
        touch_session()
        return detour_of(current_user._get_current_object())


def door_of(path: str) -> Callable[[], ResponseReturnValue | None] | None:
    """Who asks for something else than a session at this path."""
    found = (knock for start, knock in own_doors.items() if path.startswith(start))
    return next(found, None)


def tongue_of(path: str) -> Callable[[], str | None] | None:
    """Who says in which language is spoken at this path, where no session does."""
    found = (tongue for start, tongue in own_tongues.items() if path.startswith(start))
    return next(found, None)


def detour_of(user: User) -> ResponseReturnValue | None:
    """Where the person must go first; nowhere before a password that they chose themselves."""
    if request.endpoint in BEFORE_CHANGE:
        return None
    for detour in detours:
        if (elsewhere := detour(user)) is not None:
            return elsewhere
    return None


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a visitor to the sign-in page and remember where they wanted to go."""
    if wants_json():
        return answer(_("Please sign in"), 401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted))
