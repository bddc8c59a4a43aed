from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.comparisons import labels
from app.comparisons.panels import LEAST, MOST
from app.comparisons.scoring import MOST_CRITERIA, Criterion, Kind, PriceRule
from app.comparisons.stating import NewScheme
from app.expert_reviews import labels as review_labels
from app.expert_reviews.totals import Rule
from app.experts.forms import DrawForm
from app.listed import ListedRow
from app.procurement.forms import words

KINDS = [SelectChoice(kind.value, words) for kind, words in labels.KINDS.items()]


class CriterionRow(ListedRow):
    """One criterion; a row without a name is left out."""

    name = StringField(_("Criterion"), [Length(max=80)])
    points = IntegerField(_("Points"), [Optional(), NumberRange(1, 100, _("From 1 to 100"))])
    kind = SelectField(_("Given by"), choices=KINDS, default=Kind.JUDGED.value)


class SchemeForm(FlaskForm):
    """What the notice says of the comparison."""

    criteria = FieldList(
        FormField(CriterionRow),
        _("Criteria"),
        min_entries=MOST_CRITERIA,
        max_entries=MOST_CRITERIA,
    )
    price_rule = RadioField(
        _("Points of a price"),
        [InputRequired(_("Choose the rule"))],
        choices=[SelectChoice(one.value, words) for one, words in labels.PRICE_RULES.items()],
        default=PriceRule.LOWEST.value,
    )
    rule = RadioField(
        _("How the members' totals are added"),
        [InputRequired(_("Choose the rule"))],
        choices=[SelectChoice(str(one), words) for one, words in review_labels.RULES.items()],
        default=str(Rule.MEAN),
    )
    is_anonymous = BooleanField(
        _("Plans are judged without names (letters instead of agencies)"), default=True
    )

    @classmethod
    def usual(cls) -> "SchemeForm":
        """The form with criteria to begin from."""
        rows = [{"name": n, "points": p, "kind": k.value} for n, p, k in labels.USUAL]
        return cls(data={"criteria": rows, "is_anonymous": True})

    def told(self) -> NewScheme:
        """As it was filled in."""
        rows = [row.form for row in self.criteria if (row.form.name.data or "").strip()]
        criteria = [
            Criterion(row.name.data, row.points.data or 0, Kind(row.kind.data)) for row in rows
        ]
        rules = Rule(self.rule.data), PriceRule(self.price_rule.data)
        return NewScheme(criteria, *rules, is_anonymous=bool(self.is_anonymous.data))


class PanelForm(DrawForm):
    """A panel that is drawn from the pool."""

    places = IntegerField(
        _("How many experts"),
        [InputRequired(_("Enter how many")), NumberRange(LEAST, MOST)],
        default=LEAST,
        description=_("An odd number; five or more where the highest and lowest totals fall"),
    )


class PlanRow(ListedRow):
    """The points of one plan, criterion by criterion."""

    points = FieldList(
        DecimalField(_("Points"), render_kw={"inputmode": "decimal"}),
    )


def _within(most: int) -> list[Any]:
    """Points are given, and no more than the criterion has."""
    told = _("From 0 to %(n)s points", n=most)
    return [InputRequired(_("Enter the points")), NumberRange(0, most, told)]


class SheetForm(FlaskForm):
    """A member's points for every plan."""

    plans = FieldList(FormField(PlanRow), _("Plans to compare"))
    once = HiddenField()

    @classmethod
    def about(
        cls, letters: Sequence[str], criteria: Sequence[dict[str, Any]], **more: Any
    ) -> "SheetForm":
        """The form with a row for each plan and a field for each judged criterion."""
        form = cls(**more)
        _fit(form.plans, len(letters))
        for letter, row in zip(letters, form.plans, strict=True):
            _fit(row.form.points, len(criteria))
            for one, criterion in zip(row.form.points, criteria, strict=True):
                told = {"plan": letter, "name": criterion["name"], "points": criterion["points"]}
                one.label.text = gettext("Plan %(plan)s: %(name)s (%(points)s)", **told)
                one.validators = _within(criterion["points"])
        return form

    def told(self, bid_ids: Sequence[int]) -> dict[int, list[Decimal]]:
        """The points by bid, in the order in which the rows stand."""
        rows = zip(bid_ids, self.plans, strict=True)
        return {key: [Decimal(one.data) for one in row.form.points] for key, row in rows}


def _fit(rows: FieldList, count: int) -> None:
    while len(rows) > count:
        rows.pop_entry()
    while len(rows) < count:
        rows.append_entry()


class MinutesForm(FlaskForm):
    """What the panel came to."""

    minutes: TextAreaField = words(
        _("Minutes"), DataRequired(_("Write the minutes")), rows=5, longest=10_000
    )
