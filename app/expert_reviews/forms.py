from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.display import bracketed
from app.engagements.models import Engagement
from app.engagements.template_forms import lines, points_of
from app.expert_reviews import labels, queries
from app.expert_reviews.models import ExpertReview, Ground
from app.expert_reviews.services import MOST_OPINIONS, NewReview, Sheet
from app.expert_reviews.totals import Rule
from app.listed import ListedRow
from app.papers.labels import version_words


def many(label: Any, choices: list[Any], *checks: Any) -> SelectMultipleField:
    """A group of ticks."""
    return SelectMultipleField(
        label,
        list(checks),
        choices=choices,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


class ReviewForm(FlaskForm):
    """A meeting: which paper, when and where, who, by which rule."""

    version = SelectField(_("Paper"), [InputRequired(_("Choose the paper"))], coerce=int)
    held_on = DateField(_("Day of the meeting"), [InputRequired(_("Enter the day"))])
    place = StringField(_("Place"), [DataRequired(_("This must be filled in")), Length(max=200)])
    experts = SelectMultipleField(
        _("Experts"),
        [DataRequired(_("Choose the experts"))],
        coerce=int,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    rule = RadioField(
        _("How the total is made"),
        [InputRequired(_("Choose the rule"))],
        choices=[SelectChoice(str(one), words) for one, words in labels.RULES.items()],
        default=str(Rule.MEAN),
    )
    criteria = TextAreaField(
        _("Criteria"),
        [DataRequired(_("Enter the criteria")), Length(max=2000)],
        description=_("One line each: a name, a space, its points; 100 in all"),
        default="\n".join(f"{name} {points}" for name, points in labels.USUAL),
        render_kw={"rows": 5},
    )
    once = HiddenField()

    def bind(self, engagement: Engagement) -> "ReviewForm":
        """Offer the engagement's plans and reports, and the experts."""
        self.versions = {one.id: one for one in queries.papers_for_review(engagement)}
        self.people = {one.id: one for one in queries.experts()}
        self.version.choices = [
            SelectChoice(key, version_words(one)) for key, one in self.versions.items()
        ]
        self.experts.choices = [SelectChoice(key, one.name) for key, one in self.people.items()]
        return self

    def validate_criteria(self, field: TextAreaField) -> None:
        """Every line can be read."""
        for line in lines(field.data):
            try:
                points_of(line)
            except ValueError:
                words = gettext("This line has no points: %(line)s", line=line)
                raise ValidationError(words) from None

    def told(self) -> NewReview:
        """The meeting as it was filled in."""
        return NewReview(
            version=self.versions[self.version.data],
            held_on=self.held_on.data,
            place=self.place.data or "",
            rule=Rule(self.rule.data),
            criteria=[points_of(line) for line in lines(self.criteria.data)],
            experts=[self.people[key] for key in self.experts.data],
        )


class StatementForm(FlaskForm):
    """The statement on the five grounds; without a tick nothing stands against it."""

    grounds = many(
        _("Grounds that apply to me"),
        [SelectChoice(str(one), words) for one, words in labels.GROUNDS.items()],
    )

    def told(self) -> set[Ground]:
        """The grounds that were ticked."""
        return {Ground(one) for one in self.grounds.data or []}


class OpinionRow(ListedRow):
    """One opinion; a row without words is left out."""

    place = StringField(_("Page or indicator"), [Length(max=80)])
    body = TextAreaField(_("Opinion"), [Length(max=4000)], render_kw={"rows": 3})


class SheetForm(FlaskForm):
    """An expert's points for each criterion, and opinions."""

    points = FieldList(
        DecimalField(
            _("Points"),
            [InputRequired(_("Enter the points")), NumberRange(0, 100, _("From 0 to 100"))],
            render_kw={"inputmode": "decimal"},
        )
    )
    opinions = FieldList(FormField(OpinionRow), min_entries=3, max_entries=MOST_OPINIONS)
    once = HiddenField()

    @classmethod
    def about(cls, review: ExpertReview, **more: Any) -> "SheetForm":
        """The form with one row of points for each criterion, named by it."""
        form = cls(**more)
        while len(form.points) > len(review.criteria):
            form.points.pop_entry()
        while len(form.points) < len(review.criteria):
            form.points.append_entry()
        for row, criterion in zip(form.points, review.criteria, strict=True):
            row.label.text = bracketed(criterion["name"], criterion["points"])
        return form

    def add_rows(self, count: int) -> None:
        """Some more empty rows."""
        for _n in range(min(count, 20)):
            if len(self.opinions) < MOST_OPINIONS:
                self.opinions.append_entry()

    def told(self) -> Sheet:
        """The sheet as it was filled in."""
        rows = [row.form for row in self.opinions]
        said = [
            (row.place.data or "", row.body.data) for row in rows if (row.body.data or "").strip()
        ]
        return Sheet([Decimal(row.data) for row in self.points], said)


class MinutesForm(FlaskForm):
    """What the meeting came to."""

    minutes = TextAreaField(
        _("Minutes"),
        [DataRequired(_("Write the minutes")), Length(max=10_000)],
        render_kw={"rows": 6},
    )


class AnswerForm(FlaskForm):
    """What was changed for an opinion."""

    answer = TextAreaField(
        _("What was changed, or why nothing was"),
        [DataRequired(_("Say what was changed, or why nothing was")), Length(max=4000)],
        render_kw={"rows": 4},
    )
