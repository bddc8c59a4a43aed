from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.appeals.services import LONGEST
from app.reviews.models import Review, RulingKind
from app.web import fresh_token

STANDS = "stands"
NEEDED = [DataRequired(_("Say it in words")), Length(max=LONGEST)]


class ReplyForm(FlaskForm):
    """The agency's reply."""

    words = TextAreaField(_("Reply"), NEEDED, render_kw={"rows": 4})
    once = HiddenField(default=fresh_token)


class AppealForm(FlaskForm):
    """What the appeal is against, and why."""

    grounds = TextAreaField(
        _("Grounds"),
        NEEDED,
        description=_("What isn't right, and which papers or dates show it?"),
        render_kw={"rows": 6},
    )
    quoted = SelectMultipleField(
        _("Against these words"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_("Tick none if the appeal is against the result as a whole"),
    )
    once = HiddenField(default=fresh_token)

    def ticked(self, words: Sequence[str]) -> list[str]:
        """The words that were ticked."""
        return [words[int(place)] for place in self.quoted.data or ()]


def appeal_form(words: Sequence[str]) -> AppealForm:
    """Make the form of these shuffled words; a word is chosen by its place among them."""
    form = AppealForm()
    form.quoted.choices = [SelectChoice(str(place), text) for place, text in enumerate(words)]
    return form


class DecisionForm(FlaskForm):
    """What becomes of each review (the fields are made for the reviews), and why."""

    reviews: Sequence[Review] = ()
    reason = TextAreaField(
        _("Reason"),
        NEEDED,
        description=_("The agency and the writers of returned reviews read it. Name no stars."),
        render_kw={"rows": 4},
    )
    once = HiddenField(default=fresh_token)

    def field_of(self, review: Review) -> Any:
        """What becomes of one review."""
        return self[f"review_{review.id}"]

    def verdicts(self) -> dict[int, RulingKind]:
        """The reviews that don't simply stand."""
        told = {each.id: self.field_of(each).data for each in self.reviews}
        return {key: RulingKind(chosen) for key, chosen in told.items() if chosen != STANDS}


def decision_form(reviews: Sequence[Review]) -> DecisionForm:
    """Make the form of these reviews. Nothing is chosen beforehand."""
    choices = [
        SelectChoice(STANDS, _("It stands")),
        SelectChoice(RulingKind.RETURNED.value, _("Return it to its writer to look again")),
        SelectChoice(RulingKind.VOIDED.value, _("Void it: it counts no more and stays readable")),
    ]
    needed = [InputRequired(_("Choose what becomes of this review"))]
    fields: dict[str, Any] = {
        f"review_{each.id}": RadioField(_("What becomes of this review"), needed, choices=choices)
        for each in reviews
    }
    fields["reviews"] = reviews
    form: DecisionForm = type("DecisionFormOfRound", (DecisionForm,), fields)()
    return form
