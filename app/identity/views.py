from datetime import timedelta

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
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import clock
from app.accounts import login, pacing, sessions
from app.accounts.models import User
from app.accounts.views import limits, own_page, start_session
from app.db import db, transaction
from app.identity import (
    act_views,
    entering,
    factors,
    queries,
    services,
    single,
    single_views,
    threats_inside,
    threats_outside,
    threats_scanned,
    totp,
)
from app.identity.forms import CodeForm, ProofForm
from app.identity.models import SignInSession
from app.policy import Permission
from app.web import actor, gate, load, told_in

bp = Blueprint("identity", __name__)
bp.register_blueprint(act_views.bp)
bp.register_blueprint(single_views.bp)


@bp.record_once
def check_settings(state: BlueprintSetupState) -> None:
    """A misspelt role stops the start: otherwise nobody would need the factor."""
    entering.needing_roles(str(state.app.config["TOTP_ROLES"]))
    single.check_settings(state.app.config)


@bp.get("/second-step")
def second_step() -> ResponseReturnValue:
    if login.half_signed_in() is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("identity/second_step.html", form=CodeForm())


@bp.post("/second-step")
def send_second_step() -> ResponseReturnValue:
    user, form = login.half_signed_in(), CodeForm()
    if user is None:
        flash(_("That took too long: sign in again"), "warning")
        return redirect(url_for("accounts.sign_in"))
    if form.validate_on_submit() and is_passed(user, form):
        reply = single_views.begin_session if session.get(login.SINGLE) else None
        wanted = own_page(request.args.get("next"))
        return reply(user, wanted) if reply else start_session(user)
    return render_template("identity/second_step.html", form=form), 422


def is_passed(user: User, form: CodeForm) -> bool:
    """Whether the code opens; what is wrong stands in the form."""
    if pacing.is_slowed("sign_in", pacing.here()):
        form.code.errors = [pacing.SLOWED]
        return False
    with transaction():
        passed = entering.pass_second_step(user, form.code.data, limits())
        if not passed:
            pacing.note("sign_in", pacing.here())
    if not passed:
        form.code.errors = [_("The code is wrong or was used, or the account is locked")]
    return passed


@bp.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    return show_factor(CodeForm())


def show_factor(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    """The state of one's second factor; where there is none, the picture that adds one."""
    factor, offered = queries.factor_of(actor()), None
    if factor is None:
        offered = session.setdefault("offered", totp.fresh_secret())
    page = render_template(
        "identity/second_factor.html",
        form=form,
        factor=factor,
        left=queries.codes_left(factor) if factor else 0,
        secret=offered,
        picture=Markup(totp.picture(offered, actor().login)) if offered else "",  # noqa: S704 - drawn by us
        is_needed=entering.must_add_factor(actor()),
    )
    return page, status


@bp.post("/second-factor")
def add_factor() -> ResponseReturnValue:
    form, codes = CodeForm(), None
    if form.validate_on_submit():
        with told_in(form, "code"), transaction():
            codes = factors.add_factor(actor(), session.get("offered", ""), form.code.data)
    if codes is None:
        return show_factor(form, 422)
    session.pop("offered", None)
    return render_template("identity/recovery_codes.html", codes=codes)


@bp.post("/second-factor/recovery-codes")
def renew_codes() -> ResponseReturnValue:
    with transaction():
        codes = factors.renew_codes(actor())
    return render_template("identity/recovery_codes.html", codes=codes)


@bp.post("/second-factor/ends")
def end_factor() -> ResponseReturnValue:
    with transaction():
        factors.end_factor(actor())
    flash(_("The second factor is ended"))
    return redirect(url_for(".second_factor"))


@bp.get("/accounts/<int:user_id>/second-factor-ends/new")
def ask_factor_end(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    gate(Permission.ACCOUNT_RESET, user)
    return render_template("identity/factor_end.html", user=user)


@bp.post("/accounts/<int:user_id>/second-factor-ends")
def end_factor_of(user_id: int) -> ResponseReturnValue:
    user = load(User, user_id, Permission.ACCOUNT_READ)
    with transaction():
        factors.end_factor_of(actor(), user)
    flash(_("The second factor is ended"))
    return redirect(url_for("accounts.person", user_id=user.id))


@bp.get("/proof")
def proof() -> ResponseReturnValue:
    return render_template("identity/proof.html", form=ProofForm())


@bp.post("/proof")
def give_proof() -> ResponseReturnValue:
    form, proved = ProofForm(), False
    if form.validate_on_submit():
        attempt = sessions.compare(actor().login, form.password.data)
        with transaction():
            proved = services.prove_oneself(actor(), attempt, limits())
        if not proved:
            form.password.errors = [_("The present password is wrong")]
    if not proved:
        return render_template("identity/proof.html", form=form), 422
    session["proved"] = int(clock.now().timestamp())
    return redirect(own_page(request.args.get("next")) or url_for("pages.home"))


@bp.get("/sign-ins")
def sign_ins() -> ResponseReturnValue:
    since = clock.now() - timedelta(hours=current_app.config["SESSION_MAX_HOURS"])
    living = db.session.scalars(queries.living_sessions(actor(), since).limit(50)).all()
    shown = {"mine": session.get("sign_in"), "device_words": entering.device_words}
    return render_template("identity/sign_ins.html", living=living, **shown)


@bp.post("/sign-ins/<int:session_id>/ends")
def end_session(session_id: int) -> ResponseReturnValue:
    ended = load(SignInSession, session_id, Permission.SESSION_END)
    with transaction():
        services.end_session(actor(), ended)
    flash(_("The sign-in is ended"))
    return redirect(url_for(".sign_ins"))


@bp.post("/sign-ins/ends")
def end_others() -> ResponseReturnValue:
    with transaction():
        number = entering.end_others(actor(), session.get("sign_in"))
    flash(_("%(n)s other sign-ins are ended", n=number))
    return redirect(url_for(".sign_ins"))


@bp.get("/help/threat-model")
def threat_model() -> ResponseReturnValue:
    attackers = (*threats_outside.ATTACKERS, *threats_inside.ATTACKERS)
    scanned = {"scanner": threats_scanned.SCANNER, "findings": threats_scanned.FINDINGS}
    return render_template("identity/threats.html", attackers=attackers, **scanned)
