"""How the form and the rules are edited: each edit makes the next version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.assessments import queries
from app.assessments.facts import FACTS
from app.assessments.grading import AgencyGrade
from app.assessments.models import (
    AssessmentForm,
    AssessmentItem,
    AssessmentRules,
    Part,
    Weighting,
)
from app.assessments.vocabulary import OF_A_YEAR, ConsequenceKind
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require

MOST_ITEMS = 30
OF_PROJECTS = frozenset("优良中差") | {"优秀", "良好", "中等", "较差"}  # the projects' own scale


@dataclass(frozen=True)
class ItemPlan:
    """One line of the form as it shall be."""

    part: Part
    name: str
    points: Decimal
    standard: str = ""
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class RulesPlan:
    """The rules as they shall be."""

    edges: tuple[int, int, int]
    labels: Mapping[AgencyGrade, str]
    weighting: Weighting
    weight_assessment: int
    least_jobs: int
    least_ratings: int
    most_credit: Decimal
    objection_days: int
    decision_days: int
    consequences: Mapping[AgencyGrade, ConsequenceKind]
    pay: Mapping[AgencyGrade, int] | None = None


def edit_form(
    actor: User,
    form: AssessmentForm,
    items: Sequence[ItemPlan],
    *,
    most_bonus: Decimal,
    reason: str,
) -> AssessmentForm:
    """What was proposed and confirmed is the next version of the form; its lines add up to 100."""
    require(actor, Permission.ASSESSMENT_RULES_EDIT, form)
    lock(form)
    check_form(form, items, most_bonus, reason)
    form.retired_at = clock.now()
    following = _next_form(form, items)
    following.most_bonus, following.reason = most_bonus, reason.strip()
    following.made_at, following.made_by_id = clock.now(), actor.id
    db.session.add(following)
    version, words = following.version, following.reason
    audit.record(
        actor, audit.Event.ASSESSMENT_FORM_EDITED, following, version=version, reason=words
    )
    return following


def _next_form(form: AssessmentForm, items: Sequence[ItemPlan]) -> AssessmentForm:
    return AssessmentForm(
        code=form.code,
        version=form.version + 1,
        name=form.name,
        items=[_item(place, plan) for place, plan in enumerate(items, 1)],
    )


def _item(place: int, plan: ItemPlan) -> AssessmentItem:
    return AssessmentItem(
        position=place,
        part=plan.part,
        name=plan.name.strip(),
        points=plan.points,
        standard=plan.standard.strip(),
        facts=list(plan.facts),
    )


def check_form(
    form: AssessmentForm, items: Sequence[ItemPlan], most_bonus: Decimal, reason: str
) -> None:
    """Refuse a form that can't hold, or follows one that was followed already."""
    if form.retired_at is not None:
        raise Conflict(_("A newer version of this form exists; edit that one"))
    if not reason.strip():
        raise Invalid(_("Give the reason"), field="reason")
    if not 0 < len(items) <= MOST_ITEMS:
        raise Invalid(_("A form has from 1 to %(n)s lines", n=MOST_ITEMS))
    if any(not _is_points(item.points) or not item.name.strip() for item in items):
        raise Invalid(_("Each line needs a name and its points"))
    if sum(item.points for item in items) != 100:
        raise Invalid(_("The points of the form must add up to 100"))
    if any(key not in FACTS for item in items for key in item.facts):
        raise Invalid(_("A fact beside a line is one of the list"))
    if not most_bonus.is_finite() or not 0 <= most_bonus <= 20 or most_bonus * 100 % 1:
        raise Invalid(_("Additions and deductions reach 20 points at most"), field="most_bonus")


def _is_points(points: Decimal) -> bool:
    return points.is_finite() and 0 < points <= 100 and points * 100 % 1 == 0


def edit_rules(
    actor: User, before: AssessmentRules, new: RulesPlan, reason: str
) -> AssessmentRules:
    """What was proposed and confirmed is the next version, for what is made from now on."""
    require(actor, Permission.ASSESSMENT_RULES_EDIT, before)
    check_rules(before, new, reason)
    following = AssessmentRules(
        version=before.version + 1,
        **dict(zip(("edge_a", "edge_b", "edge_c"), new.edges, strict=True)),
        **kept(new),
        reason=reason.strip(),
        made_at=clock.now(),
        made_by_id=actor.id,
    )
    db.session.add(following)
    version, words = following.version, following.reason
    audit.record(
        actor, audit.Event.ASSESSMENT_RULES_EDITED, following, version=version, reason=words
    )
    return following


def as_plan(rules: AssessmentRules) -> RulesPlan:
    """A version as it could be proposed anew."""
    same = (
        "weighting", "weight_assessment", "least_jobs", "least_ratings", "most_credit",
        "objection_days", "decision_days",
    )  # fmt: skip
    return RulesPlan(
        edges=(rules.edge_a, rules.edge_b, rules.edge_c),
        labels={grade: rules.labels[grade] for grade in AgencyGrade},
        consequences={grade: ConsequenceKind(rules.consequences[grade]) for grade in AgencyGrade},
        pay=None if rules.pay is None else {grade: rules.pay[grade] for grade in AgencyGrade},
        **{name: getattr(rules, name) for name in same},
    )


def kept(new: RulesPlan) -> dict[str, object]:
    """The columns of a version but its edges."""
    return {
        "labels": {str(grade): words.strip() for grade, words in new.labels.items()},
        "weighting": new.weighting,
        "weight_assessment": new.weight_assessment,
        "weight_stars": 100 - new.weight_assessment,
        "least_jobs": new.least_jobs,
        "least_ratings": new.least_ratings,
        "most_credit": new.most_credit,
        "objection_days": new.objection_days,
        "decision_days": new.decision_days,
        "consequences": {str(grade): str(kind) for grade, kind in new.consequences.items()},
        "pay": None if new.pay is None else {str(g): share for g, share in new.pay.items()},
    }


def check_rules(before: AssessmentRules, new: RulesPlan, reason: str) -> None:
    """Refuse rules that can't hold, or follow those that were followed already."""
    if queries.rules_in_force().version != before.version:
        raise Conflict(_("A newer version of the rules exists; edit that one"))
    if not reason.strip():
        raise Invalid(_("Give the reason"), field="reason")
    _check_plan(new)


def _check_plan(new: RulesPlan) -> None:
    high, middle, low = new.edges
    if not 100 >= high > middle > low > 0:
        raise Invalid(
            _("Each grade begins below the one before, from 100 down"), field="grade-0-edge"
        )
    _check_labels([new.labels.get(grade, "").strip() for grade in AgencyGrade])
    if not 1 <= new.weight_assessment <= 100:
        raise Invalid(_("The assessment weighs from 1 to 100"), field="weight_assessment")
    _check_least(new)
    if not new.most_credit.is_finite() or not 0 <= new.most_credit <= 100:
        raise Invalid(_("From 0 to 100 points"), field="most_credit")
    if min(new.objection_days, new.decision_days) < 1:
        raise Invalid(_("At least one working day"), field="objection_days")
    if set(new.consequences.values()) - set(OF_A_YEAR):
        raise Invalid(_("This can't follow from a grade"))
    if new.pay is not None and any(not 0 <= share <= 100 for share in new.pay.values()):
        raise Invalid(_("From 0 to 100 percent"), field="grade-0-pay")


def _check_least(new: RulesPlan) -> None:
    if new.least_jobs < 1:
        raise Invalid(_("At least one job"), field="least_jobs")
    if new.least_ratings < 3:
        words = _("Fewer than three reviews would show a single person's stars")
        raise Invalid(words, field="least_ratings")


def _check_labels(labels: Sequence[str]) -> None:
    if not all(labels) or len(set(labels)) < len(labels):
        raise Invalid(_("Each grade needs a name of its own"), field="grade-0-label")
    if OF_PROJECTS & set(labels):
        words = _("The names of projects' grades are no names for an agency's grade")
        raise Invalid(words, field="grade-0-label")
