from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.engagements.labels import PARTIES
from app.engagements.models import Party
from app.reviews.labels import ANCHORS, anchors_for, dimension_label, problem_label
from app.reviews.models import Dimension, ProblemKind
from app.reviews.rating import LONGEST, STARS, NewReview, problems_of
from app.reviews.weighing import LONGEST_ANCHOR, LONGEST_NAME, MOST, NewWeights
from app.reviews.weight_models import WeightVersion
from app.web import fresh_token

NOT_APPLICABLE = "na"


class ReviewForm(FlaskForm):
    """Stars by dimension (the fields are made for the dimensions of the day), words and a fact."""

    dimensions: Sequence[Dimension] = ()
    problems = SelectMultipleField(
        _("Problems"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_("Tick what there was; nothing needs to be ticked"),
    )
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
        render_kw={"list": "stages"},
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
        ticked = frozenset(self.problems.data or ())
        return NewReview(stars, self.words.data or "", self.fact.data or "", ticked)

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


def form_for(
    dimensions: Sequence[Dimension],
    anchors: Mapping[int, Mapping[int, str]],
    problems: Sequence[ProblemKind],
) -> ReviewForm:
    """Make the form of these dimensions and this checklist. Nothing is chosen beforehand."""
    fields: dict[str, Any] = {"dimensions": dimensions}
    for each in dimensions:
        words = anchors_for(each, anchors.get(each.id, {}))
        choices = [SelectChoice(str(stars), text) for stars, text in words.items()]
        fields[name_of(each)] = RadioField(
            dimension_label(each),
            [InputRequired(_("Choose one to five stars, or not applicable"))],
            choices=[*choices, SelectChoice(NOT_APPLICABLE, _("Not applicable"))],
        )
    form: ReviewForm = type("ReviewFormOfDay", (ReviewForm,), fields)()
    form.problems.choices = [SelectChoice(each.id, problem_label(each)) for each in problems]
    return form


class WeightForm(FlaskForm):
    """One version of all weights; the cells are made for the dimensions of the day."""

    dimensions: Sequence[Dimension] = ()
    holds_from = DateField(
        _("Holds from"), [InputRequired(_("Enter a day"))], description=_("Today or later")
    )
    reason = StringField(
        _("Reason"), [DataRequired(_("Say why the weights change")), Length(max=400)]
    )
    once = HiddenField(default=fresh_token)

    def party_field(self, party: Party) -> Any:
        """The weight of a kind of buyer."""
        return self[f"party_{party}"]

    def cell_field(self, party: Party, dimension: Dimension) -> Any:
        """The weight of a dimension in the stars of a kind of buyer; empty: not asked."""
        return self[f"cell_{party}_{dimension.id}"]

    def weights(self) -> NewWeights:
        """What was entered."""
        cells = {
            (party, each.id): self.cell_field(party, each).data
            for party in Party
            for each in self.dimensions
        }
        parties = {party: self.party_field(party).data for party in Party}
        day: date = self.holds_from.data
        return NewWeights(parties, cells, day, self.reason.data or "")


def weight_form(dimensions: Sequence[Dimension], now: WeightVersion) -> WeightForm:
    """Make the form, filled with the version that is the newest now."""
    shares = {each.party: each.weight for each in now.parties}
    known = {(cell.party, cell.dimension_id): cell.weight for cell in now.cells}
    span = NumberRange(0, MOST, _("A weight is a whole number from 0 to 1000"))
    fields: dict[str, Any] = {"dimensions": dimensions}
    for party in Party:
        needed = [InputRequired(_("Every kind of buyer needs its weight")), span]
        label = PARTIES[party]
        fields[f"party_{party}"] = IntegerField(label, needed, default=shares.get(party))
        for each in dimensions:
            fields[f"cell_{party}_{each.id}"] = IntegerField(
                _("%(party)s: %(dimension)s", party=label, dimension=dimension_label(each)),
                [Optional(), span],
                default=known.get((party, each.id)),
            )
    form: WeightForm = type("WeightFormOfDay", (WeightForm,), fields)()
    return form


class AnchorForm(FlaskForm):
    """What the stars of a dimension mean."""

    once = HiddenField(default=fresh_token)

    def anchors(self) -> dict[int, str]:
        """The words by star."""
        return {star: self[f"star_{star}"].data or "" for star in STARS}

    def star_fields(self) -> list[Any]:
        """One line for each star, the best first."""
        return [self[f"star_{star}"] for star in sorted(STARS, reverse=True)]


class DimensionForm(AnchorForm):
    """A new dimension with the words of its stars."""

    name = StringField(_("Name"), [DataRequired(_("Enter a name")), Length(max=LONGEST_NAME)])


def _with_stars(kind: type[AnchorForm], words: Mapping[int, Any]) -> Any:
    needed = DataRequired(_("Every star needs its words"))
    fields = {
        f"star_{star}": StringField(
            _("%(number)s stars", number=star),
            [needed, Length(max=LONGEST_ANCHOR)],
            default=str(words[star]) if star in words else None,
        )
        for star in STARS
    }
    return type(f"{kind.__name__}OfDay", (kind,), fields)()


def new_dimension_form() -> DimensionForm:
    """A new dimension; the general words of the stars stand in it as a beginning."""
    form: DimensionForm = _with_stars(DimensionForm, ANCHORS)
    return form


def anchor_form(dimension: Dimension, own: Mapping[int, str]) -> AnchorForm:
    """The words of a dimension's stars as they are now."""
    form: AnchorForm = _with_stars(AnchorForm, anchors_for(dimension, own))
    return form


class ProblemForm(FlaskForm):
    """A new line of the checklist."""

    name = StringField(_("New line"), [DataRequired(_("Enter a name")), Length(max=LONGEST_NAME)])
    once = HiddenField(default=fresh_token)
