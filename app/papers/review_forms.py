"""The forms of three-level review."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from app.accounts.models import User
from app.papers import labels
from app.papers.review_models import LEVELS, ReviewOutcome


class LevelReviewForm(FlaskForm):
    """What one level found of a version."""

    level = IntegerField(_("Level"), [InputRequired()], widget=HiddenInput())
    opinion = TextAreaField(
        _("Opinion of this level"),
        [InputRequired(_("Write the opinion of this level")), Length(max=2000)],
        render_kw={"rows": 3},
    )
    outcome = RadioField(
        _("Finding of this level"),
        [InputRequired(_("Choose what was found"))],
        choices=[SelectChoice(str(one), words) for one, words in labels.REVIEW_OUTCOMES.items()],
    )
    once = HiddenField()

    def found(self) -> ReviewOutcome:
        """The finding."""
        return ReviewOutcome(self.outcome.data)


class LevelReplyForm(FlaskForm):
    reply = TextAreaField(
        _("Reply"),
        [InputRequired(_("Write the reply")), Length(max=2000)],
        render_kw={"rows": 2},
    )
    once = HiddenField()


class ReviewersForm(FlaskForm):
    """Who reviews at each level."""

    first = SelectField(labels.LEVELS[1], [InputRequired(_("Choose a person"))], coerce=int)
    second = SelectField(labels.LEVELS[2], [InputRequired(_("Choose a person"))], coerce=int)
    third = SelectField(labels.LEVELS[3], [InputRequired(_("Choose a person"))], coerce=int)
    once = HiddenField()

    def bind(self, staff: Sequence[User], present: dict[int, User]) -> None:
        """Offer the agency's people, those who review now chosen."""
        self.staff = {person.id: person for person in staff}
        for level, field in zip(LEVELS, (self.first, self.second, self.third), strict=True):
            field.choices = [SelectChoice(person.id, person.name) for person in staff]
            if field.data is None and level in present:
                field.data = present[level].id

    def people(self) -> list[User]:
        """The three who were chosen, by level."""
        return [self.staff[field.data] for field in (self.first, self.second, self.third)]
