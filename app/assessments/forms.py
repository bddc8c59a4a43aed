from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.assessments.consequences import NewConsequence
from app.assessments.labels import KINDS, OUTCOMES
from app.assessments.models import Assessment
from app.assessments.objection_models import Outcome
from app.assessments.reckoning import field_of
from app.assessments.services import LONGEST, Filling, Line
from app.assessments.vocabulary import OF_A_YEAR, ConsequenceKind
from app.engagements.models import Engagement
from app.indicators.forms import PointsField
from app.web import fresh_token


class FillingForm(FlaskForm):
    """Points and words by line (the fields are made for the lines of the assessment)."""

    bonus = PointsField(_("Points added or deducted"), [Optional()])
    bonus_words = TextAreaField(
        _("What they are added or deducted for"), [Length(max=LONGEST)], render_kw={"rows": 2}
    )
    expected = IntegerField(_("Revision"), [InputRequired()], widget=HiddenInput())

    def told(self, assessment: Assessment) -> Filling:
        """What was entered, as the service takes it."""
        lines = {
            score.item_id: Line(
                self[field_of(score, "points")].data, self[field_of(score, "words")].data or ""
            )
            for score in assessment.scores
        }
        return Filling(lines, self.bonus.data, self.bonus_words.data or "")


def filling_form(assessment: Assessment) -> FillingForm:
    """Make the form of an assessment's lines, filled with what was saved."""
    fields: dict[str, Any] = {}
    saved: dict[str, Any] = {
        "bonus": assessment.bonus,
        "bonus_words": assessment.bonus_words,
        "expected": assessment.revision,
    }
    for score in assessment.scores:
        points, words = field_of(score, "points"), field_of(score, "words")
        fields[points] = PointsField(_("Points given"), [Optional()])
        fields[words] = TextAreaField(
            _("Why points are deducted"), [Length(max=LONGEST)], render_kw={"rows": 2}
        )
        saved |= {points: score.points, words: score.words}
    return type("FillingFormOfJob", (FillingForm,), fields)(data=saved)


class ReasonForm(FlaskForm):
    """A step with its reason."""

    words = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason")), Length(max=1000)],
        render_kw={"rows": 4},
    )
    once = HiddenField(default=fresh_token)


class WordsForm(FlaskForm):
    """A step with words that only sometimes are needed; the service says when."""

    words = TextAreaField(_("Remark"), [Optional(), Length(max=1000)], render_kw={"rows": 3})
    once = HiddenField(default=fresh_token)


class ObjectionForm(FlaskForm):
    words = TextAreaField(
        _("What you object to, and why"),
        [DataRequired(_("Say what you object to, and why")), Length(max=2000)],
        render_kw={"rows": 6},
    )
    once = HiddenField(default=fresh_token)


class RulingForm(FlaskForm):
    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one"))],
        choices=[SelectChoice(one.value, words) for one, words in OUTCOMES.items()],
        description=_(
            "Adjusted: a measure is revoked, an assessment is corrected by its next version,"
            " a year's list is drawn up anew"
        ),
    )
    words = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason")), Length(max=1000)],
        render_kw={"rows": 4},
    )

    def told(self) -> tuple[Outcome, str]:
        """The decision and its reason."""
        return Outcome(self.outcome.data), self.words.data


class DecisionForm(FlaskForm):
    """A leader approves or sends back."""

    decision = RadioField(
        _("Decision"),
        [InputRequired(_("Choose one"))],
        choices=[SelectChoice("approve", _("Approve")), SelectChoice("refuse", _("Send back"))],
    )
    words = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason")), Length(max=1000)],
        render_kw={"rows": 4},
    )


class DrawForm(FlaskForm):
    year = IntegerField(_("Year"), [InputRequired(_("Enter the year"))])
    reason = StringField(
        _("Reason"),
        [Optional(), Length(max=300)],
        description=_("Needed where the year has a list already"),
    )
    once = HiddenField(default=fresh_token)


class RowConsequenceForm(FlaskForm):
    kind = SelectField(
        _("What follows"),
        [InputRequired()],
        choices=[SelectChoice(kind.value, KINDS[kind]) for kind in OF_A_YEAR],
    )
    words = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason")), Length(max=1000)],
        render_kw={"rows": 4},
    )


class PublicationForm(FlaskForm):
    document_no = StringField(
        _("Number of the circular"),
        [DataRequired(_("Enter the number of the circular")), Length(max=80)],
    )


class ConsequenceForm(FlaskForm):
    kind = SelectField(
        _("Measure"),
        [InputRequired(_("Choose one"))],
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
    )
    words = TextAreaField(
        _("Account of what happened"),
        [DataRequired(_("Say what happened")), Length(max=2000)],
        render_kw={"rows": 4},
    )
    basis = StringField(
        _("Basis"),
        [
            DataRequired(_("Enter the rule or document it rests on, with its number")),
            Length(max=200),
        ],
        description=_("The rule or document it rests on, with its number"),
    )
    starts_on = DateField(_("First day"), [InputRequired(_("Enter the day"))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Enter the day"))])
    points = PointsField(
        _("Points of the credit record"),
        [Optional()],
        description=_("Deducted with an adverse record, added with a credit for good work"),
    )
    engagement = SelectField(_("Engagement"), [Optional()])
    once = HiddenField(default=fresh_token)

    def new_consequence(self, engagements: Mapping[str, Engagement]) -> NewConsequence:
        """What the form proposes."""
        return NewConsequence(
            kind=ConsequenceKind(self.kind.data),
            words=self.words.data,
            basis=self.basis.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            points=self.points.data or Decimal(0),
            engagement=engagements.get(self.engagement.data),
        )
