"""The forms of the scored form and of the rules."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.assessments.grading import AgencyGrade
from app.assessments.labels import FACT_NAMES, KINDS, PARTS, WEIGHTINGS
from app.assessments.models import AssessmentForm, AssessmentRules, Part, Weighting
from app.assessments.rules import MOST_ITEMS, ItemPlan, RulesPlan
from app.assessments.vocabulary import OF_A_YEAR, ConsequenceKind
from app.indicators.forms import PointsField
from app.listed import ListedRow

EMPTY_ROWS = 2
REASON = [DataRequired(_("Give the reason")), Length(max=1000)]


class ItemForm(ListedRow):
    """One line of the form; one without a name is left out."""

    part = SelectField(
        _("Part"),
        [InputRequired()],
        choices=[SelectChoice(part.value, words) for part, words in PARTS.items()],
    )
    name = StringField(_("Item"), [Length(max=60)])
    points = PointsField(_("Points"), [Optional()])
    standard = TextAreaField(_("Standard"), [Length(max=1000)], render_kw={"rows": 3})
    facts = SelectMultipleField(
        _("Facts beside it"),
        choices=[SelectChoice(key, words) for key, words in FACT_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ScoredFormForm(FlaskForm):
    items = FieldList(FormField(ItemForm), max_entries=MOST_ITEMS)
    most_bonus = PointsField(
        _("Points added or deducted at most"), [InputRequired(_("Enter the points"))]
    )
    reason = StringField(_("Reason"), REASON)

    @classmethod
    def of(cls, form: AssessmentForm) -> "ScoredFormForm":
        """The form as it stands, with a few empty lines."""
        names = ("part", "name", "points", "standard", "facts")
        told: list[dict[str, Any]] = [
            {name: getattr(item, name) for name in names} for item in form.items
        ]
        told += [{"part": Part.RESULT} for _row in range(EMPTY_ROWS)]
        return cls(data={"items": told[:MOST_ITEMS], "most_bonus": form.most_bonus})

    def told(self) -> list[ItemPlan]:
        """The lines that say something."""
        return [_plan(row.form) for row in self.items if (row.form.name.data or "").strip()]


def _plan(row: ItemForm) -> ItemPlan:
    return ItemPlan(
        part=Part(row.part.data),
        name=row.name.data or "",
        points=row.points.data if row.points.data is not None else Decimal(0),
        standard=row.standard.data or "",
        facts=row.facts.data or [],
    )


def _number(label: Any, low: int, high: int) -> IntegerField:
    words = _("A whole number from %(low)s to %(high)s", low=low, high=high)
    return IntegerField(label, [InputRequired(words), NumberRange(low, high, words)])


def name_of(grade: AgencyGrade, column: str) -> str:
    """The name of a grade's field: grade-0-label."""
    return f"grade-{list(AgencyGrade).index(grade)}-{column}"


class RulesForm(FlaskForm):
    """Everything that the bureau decides about assessing: bands, names, weights, windows, pay."""

    weighting = SelectField(
        _("Jobs count in the year"),
        [InputRequired()],
        choices=[SelectChoice(one.value, words) for one, words in WEIGHTINGS.items()],
    )
    weight_assessment = _number(_("Weight of the assessment, percent"), 1, 100)
    least_jobs = _number(_("Jobs needed for a grade to have consequences by itself"), 1, 20)
    least_ratings = _number(_("Reviews needed for stars"), 3, 100)
    most_credit = PointsField(
        _("Credit moves a score at most by"), [InputRequired(_("Enter the points"))]
    )
    objection_days = _number(_("Working days for objections"), 1, 60)
    decision_days = _number(_("Working days to decide on one"), 1, 60)
    pays = BooleanField(_("Show the share of the fee that a grade earns"))
    reason = StringField(_("Reason"), REASON)

    @classmethod
    def of(cls, rules: AssessmentRules) -> "RulesForm":
        """The form as the rules stand."""
        told: dict[str, Any] = {
            name: getattr(rules, name)
            for name in ("weighting", "weight_assessment", "least_jobs", "most_credit")
        }
        told |= {"objection_days": rules.objection_days, "decision_days": rules.decision_days}
        told["least_ratings"] = rules.least_ratings
        told["pays"] = rules.pay is not None
        pay = rules.pay or dict(zip(AgencyGrade, (100, 90, 70, 0), strict=True))
        for grade in AgencyGrade:
            told[name_of(grade, "label")] = rules.labels[grade]
            told[name_of(grade, "consequence")] = rules.consequences[grade]
            told[name_of(grade, "pay")] = pay[grade]
            if grade is not AgencyGrade.D:
                told[name_of(grade, "edge")] = getattr(rules, f"edge_{grade}")
        return cls(data=told)

    def told(self) -> RulesPlan:
        """What was entered, as the service takes it."""
        pay = {grade: self[name_of(grade, "pay")].data for grade in AgencyGrade}
        return RulesPlan(
            edges=(self["grade-0-edge"].data, self["grade-1-edge"].data, self["grade-2-edge"].data),
            labels={grade: self[name_of(grade, "label")].data or "" for grade in AgencyGrade},
            weighting=Weighting(self.weighting.data),
            weight_assessment=self.weight_assessment.data,
            least_jobs=self.least_jobs.data,
            least_ratings=self.least_ratings.data,
            most_credit=self.most_credit.data,
            objection_days=self.objection_days.data,
            decision_days=self.decision_days.data,
            consequences={
                grade: ConsequenceKind(self[name_of(grade, "consequence")].data)
                for grade in AgencyGrade
            },
            pay=pay if self.pays.data else None,
        )


for _grade in AgencyGrade:  # each grade has its name, its edge, its consequence and its pay
    setattr(
        RulesForm,
        name_of(_grade, "label"),
        StringField(
            _("Name of grade %(grade)s", grade=_grade.upper()),
            [DataRequired(_("Each grade needs a name of its own")), Length(max=20)],
        ),
    )
    if _grade is not AgencyGrade.D:
        setattr(
            RulesForm,
            name_of(_grade, "edge"),
            _number(_("Points from which grade %(grade)s holds", grade=_grade.upper()), 1, 100),
        )
    setattr(
        RulesForm,
        name_of(_grade, "consequence"),
        SelectField(
            _("What usually follows from grade %(grade)s", grade=_grade.upper()),
            [InputRequired()],
            choices=[SelectChoice(kind.value, KINDS[kind]) for kind in OF_A_YEAR],
        ),
    )
    setattr(
        RulesForm,
        name_of(_grade, "pay"),
        _number(_("Percent of the fee with grade %(grade)s", grade=_grade.upper()), 0, 100),
    )
