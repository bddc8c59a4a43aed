import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.lookups import Lookup, lookups
from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.audit.wording import show_fact
from app.db import db, transaction
from app.display import yuan
from app.engagements.models import Engagement
from app.errors import Missing
from app.experts import duty_queries, queries, services
from app.experts import duty_views as duty_views
from app.experts.blueprint import bp as bp
from app.experts.forms import ExpertForm, PanelForm, VoidForm
from app.experts.labels import FIELDS, LEFT_OUT, RANKS
from app.experts.models import Expert, Field, PanelDraw
from app.exporting import content_disposition
from app.intake import whole
from app.personal.queries import data_of
from app.policy import Permission, Role
from app.procurement.lot_forms import ResultForm
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ, EDIT = Permission.EXPERT_POOL_READ, Permission.EXPERT_POOL_EDIT
lookups["expert-bodies"] = Lookup(EDIT, lambda _user: queries.bodies())
WORDS: dict[str, object] = {
    "field_words": FIELDS,
    "left_out_words": LEFT_OUT,
    "rank_words": RANKS,
    "Field": Field,
}
bp.context_processor(lambda: dict(WORDS))
bp.record_once(lambda _state: show_fact("total_fen", yuan))


@bp.get("/experts")
def index() -> ResponseReturnValue:
    gate(READ)
    field = next((one for one in Field if one == request.args.get("field")), None)
    page = page_of(queries.people(field), User.id)
    keys = [user.id for user in page.items]
    found, means = queries.profiles(keys), duty_queries.means_of(keys)
    shown = {"field": field, "profiles": found, "means": means}
    return render_template("experts/index.html", page=page, **shown)


def expert_account(user_id: int) -> User:
    """The account of an expert, for whoever looks after the pool."""
    gate(EDIT)
    user = db.session.get(User, user_id)
    if user is None or user.role is not Role.EXPERT:
        raise Missing
    return user


@bp.get("/experts/<int:user_id>")
def ask(user_id: int) -> ResponseReturnValue:
    user, form = expert_account(user_id), ExpertForm()
    return expert_page(user, form)


def expert_page(user: User, form: ExpertForm) -> str:
    """What the pool keeps of one expert."""
    expert = db.session.get(Expert, user.id)
    form.fill(expert)
    known = {"own": data_of(user), "uses": duty_queries.uses_of(user.id)}
    return render_template("experts/expert.html", user=user, expert=expert, form=form, **known)


@bp.post("/experts/<int:user_id>")
def enter(user_id: int) -> ResponseReturnValue:
    user, form = expert_account(user_id), ExpertForm()
    form.fill(db.session.get(Expert, user.id))
    if form.validate_on_submit():
        with told_in(form, "fields"), transaction():
            services.enter_expert(actor(), user, form.told())
    if form.errors:
        return expert_page(user, form), 422
    flash(_("%(name)s stands in the pool", name=user.name))
    return redirect(url_for(".index"))


@bp.post("/experts/<int:user_id>/rest")
def rest(user_id: int) -> ResponseReturnValue:
    expert_account(user_id)
    expert = load(Expert, user_id, EDIT)
    with transaction():
        services.rest(actor(), expert)
    return redirect(url_for(".ask", user_id=user_id))


@bp.get("/panel-draws")
def draws() -> ResponseReturnValue:
    gate(READ)
    page = page_of(queries.draws(), PanelDraw.id)
    return render_template("experts/draws.html", page=page)


@bp.get("/panel-draws/new")
def ask_draw() -> ResponseReturnValue:
    gate(EDIT)
    asked = request.args.get("engagement", type=whole)
    form = PanelForm(data={"once": fresh_token(), "places": 3, "engagement": asked})
    form.fill()
    return render_template("experts/freeze.html", form=form)


@bp.post("/panel-draws")
def freeze() -> ResponseReturnValue:
    gate(EDIT)
    form, found = PanelForm(), None
    form.fill()
    if form.validate_on_submit():
        with told_in(form, "engagement"), transaction():
            spend(form.once.data)
            services.freeze_panel(actor(), load_engagement(form.engagement.data), form.told())
        found = queries.frozen_with(form.engagement.data, form.slip.data)  # also when sent again
    if found is None:
        form.once.data = fresh_token()
        return render_template("experts/freeze.html", form=form), 422
    return render_template("experts/secret.html", draw=found, secret=form.slip.data)


def load_engagement(key: int) -> Engagement:
    """The engagement that was chosen from the list."""
    found = db.session.get(Engagement, key)
    if found is None:
        raise Missing
    return found


@bp.get("/panel-draws/<int:panel_id>")
def show(panel_id: int) -> ResponseReturnValue:
    return draw_page(load(PanelDraw, panel_id, READ), ResultForm(), VoidForm())


def draw_page(draw: PanelDraw, form: ResultForm, voiding: VoidForm) -> str:
    """A draw with its list, its result and how to check it."""
    told = timeline(draw, names=names_of)
    shown = {"draw": draw, "form": form, "voiding": voiding, "entries": told}
    return render_template("experts/draw.html", **shown)


@bp.post("/panel-draws/<int:panel_id>/result")
def hold(panel_id: int) -> ResponseReturnValue:
    draw, form = load(PanelDraw, panel_id, EDIT), ResultForm()
    if form.validate_on_submit():
        with told_in(form, "secret"), transaction():
            services.hold_panel(actor(), draw, form.told())
    if form.errors:
        return draw_page(draw, form, VoidForm(formdata=None)), 422
    flash(_("The panel is drawn"))
    return redirect(url_for(".show", panel_id=panel_id))


@bp.post("/panel-draws/<int:panel_id>/void")
def void(panel_id: int) -> ResponseReturnValue:
    draw, voiding = load(PanelDraw, panel_id, EDIT), VoidForm()
    if voiding.validate_on_submit():
        with told_in(voiding, "reason"), transaction():
            services.void_panel(actor(), draw, voiding.reason.data)
    if voiding.errors:
        return draw_page(draw, ResultForm(formdata=None), voiding), 422
    flash(_("The attempt is void"))
    return redirect(url_for(".show", panel_id=panel_id))


@bp.get("/panel-draws/<int:panel_id>/draw.json")
def record(panel_id: int) -> ResponseReturnValue:
    draw = load(PanelDraw, panel_id, READ)
    if draw.record is None:
        raise Missing
    text = json.dumps(draw.record, ensure_ascii=False, indent=1)
    reply = Response(text, mimetype="application/json")
    reply.headers["Content-Disposition"] = content_disposition("draw.json")
    return reply
