from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.amendments import labels, queries, services
from app.amendments.forms import FORMS, TITLES, AmendmentForm, DecisionForm
from app.amendments.models import Amendment
from app.db import transaction
from app.engagements.labels import stage_label
from app.engagements.models import Engagement, Stage
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ = Permission.AMENDMENT_READ


def stage_words(stage: Stage) -> str:
    """A stage in the reader's language."""
    return str(stage_label(stage.code, stage.name))


bp = Blueprint("amendments", __name__)
bp.context_processor(lambda: {"labels": labels, "stage_words": stage_words})


@bp.get("/amendments")
def index() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    query = queries.decidable_by(actor()).order_by(None)
    page = page_of(queries.with_particulars(query), Amendment.id)
    return render_template("amendments/waiting.html", page=page)


@bp.get("/engagements/<int:engagement_id>/amendments")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, READ)
    return render_template(
        "amendments/index.html",
        engagement=engagement,
        rows=queries.amendments_of(engagement),
        planned=queries.planned_days(engagement),
        facts=queries.facts_of([engagement.id])[engagement.id],
        before=queries.predecessor_of(engagement),
        offered=offered(engagement),
    )


def offered(engagement: Engagement) -> list[tuple[str, object]]:
    """What the reader may ask or enter now."""
    if not engagement.is_open:
        kinds = ["correction"] + ["succession"] * bool(engagement.terminated_at)
    else:
        halted = queries.suspension_of(engagement) is not None
        stop = "resumption" if halted else "suspension"
        kinds = ["extension", "lead", "supplement", stop, "correction"]
    allowed = (kind for kind in kinds if can(actor(), FORMS[kind].permission, engagement))
    return [(kind, TITLES[kind]) for kind in allowed]


def asked_for(engagement_id: int, kind: str) -> tuple[Engagement, type[AmendmentForm]]:
    """The engagement and the form of what somebody wants to change about it."""
    engagement = load(Engagement, engagement_id, READ)
    if kind not in FORMS:
        abort(404)
    gate(FORMS[kind].permission, engagement)
    return engagement, FORMS[kind]


@bp.get("/engagements/<int:engagement_id>/amendments/new")
def new(engagement_id: int) -> ResponseReturnValue:
    kind = request.args.get("kind", "correction")
    engagement, made = asked_for(engagement_id, kind)
    form = made(data={"once": fresh_token(), "kind": kind})
    return new_page(form.offer(engagement))


def new_page(form: AmendmentForm) -> str:
    """The page of a new change."""
    shown = {"form": form, "engagement": form.engagement, "title": TITLES[form.kind.data]}
    return render_template("amendments/new.html", **shown)


@bp.post("/engagements/<int:engagement_id>/amendments")
def add(engagement_id: int) -> ResponseReturnValue:
    engagement, made = asked_for(engagement_id, request.form.get("kind", ""))
    form, done = made().offer(engagement), None
    if form.validate_on_submit():
        with told_in(form), transaction():
            spend(form.once.data)
            done = form.carry_out(actor(), engagement)
    if done is None:
        return new_page(form), 422
    flash(_("Entered: %(what)s", what=labels.KINDS[done.kind]))
    return redirect(url_for(".of_engagement", engagement_id=engagement_id))


@bp.get("/amendments/<int:amendment_id>/decision")
def ask_decision(amendment_id: int) -> ResponseReturnValue:
    amendment = to_decide(amendment_id)
    return decision_page(amendment, DecisionForm())


def to_decide(amendment_id: int) -> Amendment:
    """A request that this person may decide."""
    amendment = load(Amendment, amendment_id, READ)
    gate(Permission.AMENDMENT_DECIDE, amendment)
    return amendment


def decision_page(amendment: Amendment, form: DecisionForm) -> str:
    """The page that asks for the decision."""
    shown = {"one": amendment, "form": form, "engagement": amendment.engagement}
    return render_template("amendments/decision.html", **shown)


@bp.post("/amendments/<int:amendment_id>/decision")
def decide(amendment_id: int) -> ResponseReturnValue:
    amendment, form = to_decide(amendment_id), DecisionForm()
    if form.validate_on_submit():
        act = services.approve if form.outcome.data == "approved" else services.refuse
        with told_in(form, "words"), transaction():
            act(actor(), amendment, form.words.data or "")
    if form.errors:
        return decision_page(amendment, form), 422
    flash(_("Decided; the agency is told"))
    return redirect(url_for(".of_engagement", engagement_id=amendment.engagement_id))
