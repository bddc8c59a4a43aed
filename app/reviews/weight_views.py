from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.engagements.labels import PARTIES
from app.identity import acts
from app.policy import Permission
from app.reviews import forms, queries, weighing
from app.reviews.blueprint import bp
from app.reviews.labels import anchors_for, dimension_label, problem_label
from app.reviews.models import Dimension, ProblemKind
from app.reviews.rating import STARS
from app.reviews.weight_models import WeightVersion
from app.web import actor, gate, load, page_of, spend, told_in

WORDS: dict[str, Any] = {
    "parties": PARTIES,
    "dimension_label": dimension_label,
    "problem_label": problem_label,
}


def weighed() -> list[Dimension]:
    """What may be weighed: every dimension that isn't retired."""
    return list(queries.dimensions())


@bp.get("/reviews/weights")
def weights() -> ResponseReturnValue:
    gate(Permission.WEIGHT_LIST)
    page = page_of(queries.weight_versions().order_by(None), WeightVersion.id, size=20)
    dimensions = weighed()
    told = {each.id: anchors_for(each, own) for each, own in worded(dimensions)}
    facts = {"now": queries.version_on(clock.today()), "page": page, "anchors": told}
    facts |= proposal()
    lists = {"dimensions": dimensions, "problems": queries.problem_kinds()}
    form = forms.ProblemForm()
    return render_template("reviews/weights.html", form=form, **facts, **lists, **WORDS)


def proposal() -> dict[str, Any]:
    """The version that waits for the leader, as it would hold."""
    asked = acts.waiting(weighing.KIND)
    return {"asked": asked, "proposed": weighing.draft(asked) if asked else None}


def worded(dimensions: list[Dimension]) -> list[tuple[Dimension, dict[int, str]]]:
    """Each dimension with the bureau's own words for its stars."""
    own = queries.anchors_of(dimensions)
    return [(each, own[each.id]) for each in dimensions]


@bp.get("/reviews/weights/new")
def new_weights() -> ResponseReturnValue:
    gate(Permission.DIMENSION_WEIGH)
    return asked_weights(newest_form())


def newest_form() -> forms.WeightForm:
    """The form, filled with the newest version."""
    newest = db.session.scalars(queries.weight_versions().limit(1)).one()
    return forms.weight_form(weighed(), newest)


def asked_weights(form: forms.WeightForm) -> str:
    return render_template("reviews/new_weights.html", form=form, today=clock.today(), **WORDS)


@bp.post("/reviews/weights")
def set_weights() -> ResponseReturnValue:
    gate(Permission.DIMENSION_WEIGH)
    form = newest_form()
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            spend(request.form.get("once"))
            weighing.propose_weights(actor(), form.weights())
    if form.errors:
        return asked_weights(form), 422
    flash(_("Proposed. The weights hold when the leader confirms them"))
    return redirect(url_for(".weights"))


@bp.get("/reviews/dimensions/new")
def new_dimension() -> ResponseReturnValue:
    gate(Permission.DIMENSION_WEIGH)
    return asked_words(forms.new_dimension_form(), None)


def asked_words(form: forms.AnchorForm, dimension: Dimension | None) -> str:
    return render_template("reviews/dimension.html", form=form, dimension=dimension, **WORDS)


@bp.post("/reviews/dimensions")
def add_dimension() -> ResponseReturnValue:
    gate(Permission.DIMENSION_WEIGH)
    form = forms.new_dimension_form()
    if form.validate_on_submit():
        with told_in(form, "name"), transaction():
            spend(request.form.get("once"))
            weighing.add_dimension(actor(), form.name.data or "", form.anchors())
    if form.errors:
        return asked_words(form, None), 422
    flash(_("Added. It is asked as soon as a version of the weights switches it on"))
    return redirect(url_for(".new_weights"))


@bp.get("/reviews/dimensions/<int:dimension_id>/words")
def words_of_dimension(dimension_id: int) -> ResponseReturnValue:
    dimension = load(Dimension, dimension_id, Permission.DIMENSION_WEIGH)
    own = queries.anchors_of([dimension])[dimension.id]
    return asked_words(forms.anchor_form(dimension, own), dimension)


@bp.post("/reviews/dimensions/<int:dimension_id>/words")
def word_dimension(dimension_id: int) -> ResponseReturnValue:
    dimension = load(Dimension, dimension_id, Permission.DIMENSION_WEIGH)
    own = queries.anchors_of([dimension])[dimension.id]
    form = forms.anchor_form(dimension, own)
    if form.validate_on_submit():
        with told_in(form, f"star_{max(STARS)}"), transaction():
            spend(request.form.get("once"))
            weighing.word_dimension(actor(), dimension, form.anchors())
    if form.errors:
        return asked_words(form, dimension), 422
    flash(_("The words are saved"))
    return redirect(url_for(".weights"))


@bp.post("/reviews/problems")
def add_problem() -> ResponseReturnValue:
    gate(Permission.DIMENSION_WEIGH)
    form = forms.ProblemForm()
    if form.validate_on_submit():
        with told_in(form, "name"), transaction():
            spend(request.form.get("once"))
            weighing.add_problem(actor(), form.name.data or "")
    if form.errors:
        return render_template("reviews/problem.html", form=form), 422
    flash(_("Added to the checklist"))
    return redirect(url_for(".weights"))


@bp.post("/reviews/problems/<int:problem_id>/retirement")
def retire_problem(problem_id: int) -> ResponseReturnValue:
    problem = load(ProblemKind, problem_id, Permission.DIMENSION_WEIGH)
    with transaction():
        weighing.retire_problem(actor(), problem)
    flash(_("Retired from the checklist"))
    return redirect(url_for(".weights"))
