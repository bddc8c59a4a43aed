"""The next form and the next rules take two people: the section proposes, the leader confirms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.assessments import labels, queries, rules
from app.assessments.grading import AgencyGrade
from app.assessments.models import AssessmentForm, AssessmentRules, Part, Weighting
from app.assessments.rules import ItemPlan, RulesPlan
from app.assessments.vocabulary import ConsequenceKind
from app.db import db
from app.errors import Words
from app.identity import acts
from app.identity.models import DangerousAct
from app.policy import Permission, require

RULES, FORM = "assessment_rules", "assessment_form"
PAGE = "/assessment-rules"


def propose_rules(
    actor: User, before: AssessmentRules, new: RulesPlan, reason: str
) -> DangerousAct:
    """The performance section proposes the next rules; they hold when the leader confirms them."""
    require(actor, Permission.ASSESSMENT_RULES_EDIT, before)
    rules.check_rules(before, new, reason)
    facts = {**rules.kept(new), "edges": list(new.edges), "before": before.version}
    facts["most_credit"] = str(new.most_credit)
    return acts.ask_act(actor, RULES, reason, facts)


def propose_form(
    actor: User,
    form: AssessmentForm,
    items: Sequence[ItemPlan],
    *,
    most_bonus: Decimal,
    reason: str,
) -> DangerousAct:
    """The performance section proposes the next form; it holds when the leader confirms it."""
    require(actor, Permission.ASSESSMENT_RULES_EDIT, form)
    rules.check_form(form, items, most_bonus, reason)
    lines = [
        [str(one.part), one.name.strip(), str(one.points), one.standard.strip(), list(one.facts)]
        for one in items
    ]
    facts = {"before": form.id, "items": lines, "most_bonus": str(most_bonus)}
    return acts.ask_act(actor, FORM, reason, facts)


def proposed_rules(asked: DangerousAct) -> RulesPlan:
    """The rules as they were proposed."""
    told = asked.facts
    plain = ("weight_assessment", "least_jobs", "least_ratings", "objection_days", "decision_days")
    high, middle, low = told["edges"]
    return RulesPlan(
        edges=(high, middle, low),
        labels={AgencyGrade(grade): words for grade, words in told["labels"].items()},
        weighting=Weighting(told["weighting"]),
        most_credit=Decimal(told["most_credit"]),
        consequences={
            AgencyGrade(grade): ConsequenceKind(kind)
            for grade, kind in told["consequences"].items()
        },
        pay=told["pay"] and {AgencyGrade(g): share for g, share in told["pay"].items()},
        **{name: told[name] for name in plain},
    )


def proposed_items(asked: DangerousAct) -> list[ItemPlan]:
    """The form's lines as they were proposed."""
    return [
        ItemPlan(Part(part), name, Decimal(points), standard, facts)
        for part, name, points, standard, facts in asked.facts["items"]
    ]


def publish_rules(_confirmer: User, asked: DangerousAct) -> str:
    """The leader confirmed: the next version, under its author's name; Conflict if one came."""
    before = queries.rules_of_version(asked.facts["before"])
    made = rules.edit_rules(asked.asker, before, proposed_rules(asked), asked.reason)
    return f"v{made.version}"


def publish_form(_confirmer: User, asked: DangerousAct) -> str:
    """The leader confirmed: the next version, under its author's name; Conflict if one came."""
    form = db.session.get_one(AssessmentForm, asked.facts["before"])
    most = Decimal(asked.facts["most_bonus"])
    made = rules.edit_form(
        asked.asker, form, proposed_items(asked), most_bonus=most, reason=asked.reason
    )
    return f"v{made.version}"


def changes_of(before: AssessmentRules, new: RulesPlan) -> list[tuple[Words, str, str]]:
    """What the proposed rules change: its name, as it stands, as it would be."""
    old, following = _told(rules.as_plan(before)), _told(new)
    return [(name, old[name], words) for name, words in following.items() if old[name] != words]


def _told(plan: RulesPlan) -> Mapping[Words, str]:
    """All of the rules in words, in the order of their page."""
    grades = [plan.labels[grade] for grade in AgencyGrade]
    follow = [str(labels.KINDS[plan.consequences[grade]]) for grade in AgencyGrade]
    pay = [f"{plan.pay[grade]}%" for grade in AgencyGrade] if plan.pay else ["—"]
    return {
        _("Grades"): " / ".join(grades),
        _("Points from"): " / ".join(map(str, plan.edges)),
        _("What usually follows from the annual grade"): " / ".join(follow),
        _("Share of the fee by grade of the job"): " / ".join(pay),
        _("Weight of the assessment, percent"): str(plan.weight_assessment),
        _("Jobs count in the year"): str(labels.WEIGHTINGS[plan.weighting]),
        _("Jobs needed for a grade to have consequences by itself"): str(plan.least_jobs),
        _("Reviews needed for stars"): str(plan.least_ratings),
        _("Credit moves a score at most by"): labels.points_text(plan.most_credit),
        _("Working days for objections"): str(plan.objection_days),
        _("Working days to decide on one"): str(plan.decision_days),
    }


RULES_ACT = acts.Act(
    RULES,
    _("Publish new rules of the assessment"),
    _("The next version holds for what is assessed from then on; earlier results keep theirs"),
    publish_rules,
    "assessments.edit_rules",
    lambda _asked: PAGE,
)
FORM_ACT = acts.Act(
    FORM,
    _("Publish a new form of the assessment"),
    _("The next version holds for what is assessed from then on; earlier results keep theirs"),
    publish_form,
    "assessments.show_rules",
    lambda _asked: PAGE,
)
