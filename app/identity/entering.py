"""From the password to the session: the second step, the notice of a new place, the detours."""

import re
from datetime import UTC, datetime, timedelta

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import audit, clock
from app.accounts import sessions
from app.accounts.models import User
from app.db import db, lock
from app.identity import factors, queries
from app.identity.models import SignInSession
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Role
from config import BadSetting

SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
BROWSERS = (  # the first that fits: nearly all of them call themselves Chrome and Safari too
    (re.compile(r"QIANXIN|Qaxbrowser", re.I), "奇安信"),
    (re.compile(r"QIHU|360SE|360EE", re.I), "360"),
    (re.compile(r"MicroMessenger"), "WeChat"),
    (re.compile(r"Edg"), "Edge"),
    (re.compile(r"Firefox"), "Firefox"),
    (re.compile(r"Chrome|Chromium"), "Chrome"),
    (re.compile(r"Safari"), "Safari"),
)
# Steps that ask for the password again where it was given long ago.
GUARDED = frozenset(
    {
        "accounts.close_account",
        "accounts.grant_role",
        "accounts.open_account",
        "accounts.reset_password",
        "api.make_token",
        "custody.confirm",
        "custody.purges.ask",
        "custody.release",
        "handovers.name_deputy",
        "notifications.add_target",
        "notifications.edit_target",
        "onboarding.print_slip",
        "onboarding.print_slips",
        "identity.acts.ask",
        "identity.acts.confirm",
        "identity.add_factor",
        "identity.end_factor",
        "identity.end_factor_of",
        "identity.renew_codes",
        "identity.single.link",
        "identity.single.unlink",
        "personal.export",
        "spills.destroy",
    }
)
# Pages of forms that lead to such a step: asked there already, so that nothing typed is lost.
GUARDED_FORMS = frozenset(
    {
        "accounts.ask_closing",
        "accounts.ask_reset",
        "accounts.new_account",
        "handovers.new_deputy",
        "identity.ask_factor_end",
        "notifications.new_target",
        "notifications.target",
    }
)
SETTING_UP = frozenset(
    {
        "identity.second_factor",
        "identity.add_factor",
        "identity.proof",
        "identity.give_proof",
        "identity.single.prove",
    }
)


def has_factor(user: User) -> str:
    """The page of the second step, for who has a second factor."""
    return "identity.second_step" if queries.factor_of(user) else ""


def pass_second_step(user: User, code: str, limits: sessions.Limits) -> bool:
    """Judge the code of somebody whose password fitted; a wrong one counts as a failed sign-in."""
    lock(user)
    if sessions.is_locked(user):
        sessions.refuse(user, "locked", limits)
        return False
    if not factors.opens(user, code):
        sessions.refuse(user, "code", limits)
        return False
    sessions.admit(user)
    return True


def note_session(user: User) -> None:
    """Keep that a session began; tell its owner where the place or the device is a new one."""
    address, device = (request.remote_addr or "?")[:64], device_of(request.user_agent.string)
    is_news = queries.is_new_place(user, address, device)
    began = SignInSession(
        user_id=user.id,
        stamp=user.session_stamp,
        address=address,
        device=device,
        began_at=clock.now(),
    )
    db.session.add(began)
    db.session.flush()
    session["sign_in"] = began.id
    if is_news:
        told = {"address": address, "device": device}
        send([user.id], Kind.SIGN_IN_NEW, told, url_for("identity.sign_ins"))


def device_of(words: str) -> str:
    """Browser and system in two words, from what the browser says of itself."""
    browser = next((name for pattern, name in BROWSERS if pattern.search(words)), "?")
    system = next((name for name in SYSTEMS if name in words), "?")
    return f"{browser} · {system}"


def device_words(kept: str) -> str:
    """The same for people: what wasn't recognised is said in words."""
    browser, _dot, system = kept.partition(" · ")
    if browser == "?" and system in {"?", ""}:
        return _("Not recognised")
    unknown = _("unknown")
    return " · ".join(unknown if part == "?" else part for part in (browser, system) if part)


def is_alive(user: User) -> bool:
    """Whether nobody ended this very session; one of an earlier release has no row yet."""
    key = session.get("sign_in")
    if key is None:
        return True
    found = db.session.get(SignInSession, key)
    return found is not None and found.user_id == user.id and found.ended_at is None


def needing_roles(told: str) -> frozenset[str]:
    """The roles that need a second factor; ValueError where a word is no role: nobody would."""
    names = frozenset(name.strip() for name in told.split(",") if name.strip())
    if unknown := names - {"all", *Role}:
        raise BadSetting(f"TOTP_ROLES names no role: {', '.join(sorted(unknown))}")
    return names


def must_add_factor(user: User) -> bool:
    """Whether the person's role needs a second factor that is not there yet."""
    names = needing_roles(str(current_app.config["TOTP_ROLES"]))
    return bool(names & {"all", str(user.role)}) and queries.factor_of(user) is None


def is_proved() -> bool:
    """Whether the password was given a short while ago."""
    given = datetime.fromtimestamp(session.get("proved", session.get("began", 0)), UTC)
    return clock.now() - given <= timedelta(minutes=current_app.config["PROOF_MINUTES"])


def detour(user: User) -> ResponseReturnValue | None:
    """To the second factor that a role needs; to the password before a dangerous step."""
    if request.endpoint not in SETTING_UP and must_add_factor(user):
        flash(str(_("Your role needs a second factor: add it first")))
        return redirect(url_for("identity.second_factor"))
    if is_proved():
        return None
    if request.endpoint in GUARDED and request.method == "POST":
        flash(str(_("This step needs your password once more. Give it, then press again")))
        return redirect(url_for("identity.proof", next=referring_page()))
    if request.endpoint in GUARDED_FORMS and request.method == "GET":
        flash(str(_("What is asked for here needs your password once more")))
        return redirect(url_for("identity.proof", next=request.full_path.rstrip("?")))
    return None


def referring_page() -> str | None:
    """The page of ours on which the button stood; the view checks it once more."""
    start = request.host_url
    came = request.referrer or ""
    return "/" + came[len(start) :] if came.startswith(start) else None


def end_others(actor: User, kept: int | None) -> int:
    """The person ends all their sessions but this one; return how many."""
    since = clock.now() - timedelta(hours=current_app.config["SESSION_MAX_HOURS"])
    living = db.session.scalars(queries.living_sessions(actor, since)).all()
    others = [one for one in living if one.id != kept]
    for one in others:
        one.ended_at = clock.now()
    audit.record(actor, audit.Event.SESSIONS_ENDED, actor, count=len(others))
    return len(others)
