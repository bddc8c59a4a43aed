"""The form of the scoring sheet, and those of the use of results."""

import re
from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app import clock
from app.engagements.forms import MOST_YUAN, fen, whole_fen
from app.engagements.models import Task
from app.errors import Invalid, Words
from app.indicators.forms import PointsField
from app.indicators.models import IndicatorSystem
from app.indicators.results import BudgetDecision, Proposal
from app.indicators.rows import MOST_ROWS
from app.indicators.scoring import Score, ScoreFault
from app.listed import ListedRow
from app.papers import index_numbers

_BETWEEN = re.compile(r"[\s,;，；、]+")


def numbers_of(text: str | None) -> list[str]:
    """The index numbers of a text, mended as far as they can be read; each once."""
    found = []
    for part in filter(None, _BETWEEN.split(text or "")):
        try:
            found.append(index_numbers.read(part).text)
        except Invalid:
            found.append(part)
    return list(dict.fromkeys(found))


class ScoreForm(ListedRow):
    """The score of one row; its code says which."""

    code = HiddenField()
    before = PointsField(_("Before the check"), [Optional()])
    after = PointsField(_("After the check"), [Optional()])
    adjustment = StringField(_("Why it was adjusted"), [Length(max=500)])
    deduction = StringField(_("Why points were deducted"), [Length(max=500)])
    evidence = StringField(_("Evidence"), [Length(max=400)])

    def told(self) -> Score:
        """What was entered."""
        return Score(
            before=self.before.data,
            after=self.after.data,
            adjustment=self.adjustment.data or "",
            deduction=self.deduction.data or "",
            evidence=numbers_of(self.evidence.data),
        )


class SheetForm(FlaskForm):
    """The scoring sheet, and the revision that its editor saw."""

    rows = FieldList(FormField(ScoreForm), _("Scores"), max_entries=MOST_ROWS)
    expected = IntegerField(_("Revision"), [InputRequired()], widget=HiddenInput())

    @classmethod
    def of(cls, system: IndicatorSystem) -> "SheetForm":
        """The form as the sheet stands."""
        told = [
            {
                "code": one.code,
                "before": one.score_before,
                "after": one.score_after,
                "adjustment": one.adjustment,
                "deduction": one.deduction,
                "evidence": " ".join(paper.index_no for paper in one.evidence),
            }
            for one in system.indicators
        ]
        return cls(data={"rows": told, "expected": system.revision})

    def told(self) -> dict[str, Score]:
        """What was entered, by code."""
        return {row.form.code.data: row.form.told() for row in self.rows}

    def point_out(self, faults: Iterable[ScoreFault]) -> None:
        """Put each fault at its cell."""
        forms = {row.form.code.data: row.form for row in self.rows}
        for fault in faults:
            field = forms[fault.code][fault.column]
            field.errors = [*field.errors, str(fault.words)]


def amount(label: Words) -> DecimalField:
    """A field for yuan, to the fen."""
    checks = [
        InputRequired(_("Enter the amount")),
        NumberRange(0, MOST_YUAN, _("Enter an amount of nought or more")),
        whole_fen,
    ]
    return DecimalField(label, checks, places=None)


class ProposalForm(FlaskForm):
    budget_year = IntegerField(
        _("Budget year"),
        [InputRequired(_("Enter the budget year")), NumberRange(2000, 2100)],
    )
    score = DecimalField(_("Project score"), [Optional(), NumberRange(0, 100)], places=None)
    cut = amount(_("Proposed cut (yuan)"))
    basis = TextAreaField(
        _("What it rests on"), [Optional(), Length(max=1000)], render_kw={"rows": 3}
    )
    once = HiddenField()

    @classmethod
    def of(cls, task: Task, once: str) -> "ProposalForm":
        """The form for a task: by default for the year after its engagement's."""
        return cls(data={"budget_year": task.engagement.year + 1, "once": once})

    def told(self) -> Proposal:
        """What was entered."""
        return Proposal(
            budget_year=self.budget_year.data,
            cut_fen=fen(self.cut.data),
            basis=self.basis.data or "",
            score=self.score.data,
        )


class DecisionForm(FlaskForm):
    cut = amount(_("Decided cut (yuan)"))
    decision_no = StringField(
        _("Number of the document"),
        [InputRequired(_("Enter the number of the decision's document")), Length(max=80)],
    )
    decider = StringField(_("Decided by"), [InputRequired(_("Enter who decided")), Length(max=80)])
    decided_on = DateField(_("Decided on"), [InputRequired(_("Enter the day"))])

    def validate_decided_on(self, field: DateField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("A decision can't be of a day to come"))

    @classmethod
    def of(cls, proposed_fen: int) -> "DecisionForm":
        """The form with the cut that was proposed."""
        return cls(data={"cut": Decimal(proposed_fen) / 100})

    def told(self) -> BudgetDecision:
        """What was entered."""
        return BudgetDecision(
            cut_fen=fen(self.cut.data),
            decision_no=self.decision_no.data,
            decider=self.decider.data,
            decided_on=self.decided_on.data,
        )
