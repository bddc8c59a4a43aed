from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.reviews.labels import ANCHORS, dimension_label
from app.reviews.models import Dimension
from app.reviews.rating import LONGEST, NewReview, problems_of
from app.web import fresh_token

NOT_APPLICABLE = "na"
CHOICES = [SelectChoice(str(stars), words) for stars, words in ANCHORS.items()]


class ReviewForm(FlaskForm):
    """Stars by dimension (the fields are made for the dimensions of the day), words and a fact."""

    dimensions: Sequence[Dimension] = ()
    words = TextAreaField(
        _("Comment"),
        [Length(max=LONGEST, message=_("At most 2000 characters"))],
        description=_("Needed with one, two or five stars: what was good, what was not?"),
        render_kw={"rows": 4},
    )
    fact = StringField(
        _("Paper or stage that one star speaks of"),
        [Length(max=200)],
        description=_("Needed with one star, for example: G-A11, the stage of the first draft"),
    )
    once = HiddenField(default=fresh_token)

    def star_fields(self) -> list[Any]:
        """One group of radio buttons for each dimension, in order."""
        return [self[name_of(dimension)] for dimension in self.dimensions]

    def answer(self) -> NewReview:
        """What was chosen; a dimension without a choice is left out."""
        given = {each.id: self[name_of(each)].data for each in self.dimensions}
        stars = {
            key: None if chosen == NOT_APPLICABLE else int(chosen)
            for key, chosen in given.items()
            if chosen
        }
        return NewReview(stars, self.words.data or "", self.fact.data or "")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """The rules of a review, each told at its own field."""
        whole = super().validate(extra_validators)
        if any(field.errors for field in self.star_fields()):
            return False
        found = problems_of(self.answer(), [each.id for each in self.dimensions])
        for field, words in ((self.words, found.words), (self.fact, found.fact)):
            if words and not field.errors:
                field.errors = [words]
        return whole and found.first is None


def name_of(dimension: Dimension) -> str:
    """The name of a dimension's field."""
    return f"stars_{dimension.id}"


def form_for(dimensions: Sequence[Dimension]) -> ReviewForm:
    """Make the form of these dimensions. Nothing is chosen beforehand."""
    fields: dict[str, Any] = {"dimensions": dimensions}
    for each in dimensions:
        fields[name_of(each)] = RadioField(
            dimension_label(each),
            [InputRequired(_("Choose one to five stars, or not applicable"))],
            choices=[*CHOICES, SelectChoice(NOT_APPLICABLE, _("Not applicable"))],
        )
    return type("ReviewFormOfDay", (ReviewForm,), fields)()
