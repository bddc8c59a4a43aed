from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.cooperation.labels import ANCHORS, ASPECTS
from app.cooperation.models import Aspect
from app.web import fresh_token

NOT_APPLICABLE = "na"


class UnitRatingForm(FlaskForm):
    """Stars by aspect; the fields are made from the list of aspects. Nothing is chosen before."""

    once = HiddenField(default=fresh_token)

    def star_fields(self) -> list[Any]:
        """One group of radio buttons for each aspect."""
        return [self[f"stars_{aspect}"] for aspect in Aspect]

    def answer(self) -> dict[Aspect, int | None]:
        """What was chosen."""
        given = {aspect: self[f"stars_{aspect}"].data for aspect in Aspect}
        return {a: None if told == NOT_APPLICABLE else int(told) for a, told in given.items()}


def unit_rating_form() -> UnitRatingForm:
    """Make the form."""
    choices = [SelectChoice(str(stars), words) for stars, words in ANCHORS.items()]
    choices.append(SelectChoice(NOT_APPLICABLE, _("Not applicable")))
    needed = [InputRequired(_("Choose one to five stars, or not applicable"))]
    fields: dict[str, Any] = {
        f"stars_{aspect}": RadioField(label, needed, choices=choices)
        for aspect, label in ASPECTS.items()
    }
    form: UnitRatingForm = type("UnitRatingFormOfAspects", (UnitRatingForm,), fields)()
    return form
