"""The forms of what follows an expert's seat."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.errors import Invalid
from app.experts.duties import MOST_HALF_DAYS, Mark, NewStandard
from app.experts.fees import steps_of
from app.web import fresh_token

USUAL = "1 100\n3 80\n5 60\n0 50"


def _of_five(label: object) -> IntegerField:
    rules = [InputRequired(_("One to five each")), NumberRange(1, 5, _("One to five each"))]
    return IntegerField(label, rules, render_kw={"inputmode": "numeric", "min": 1, "max": 5})


class MarkForm(FlaskForm):
    """How an expert did the work."""

    knowledge = _of_five(_("Knowledge of the field (1 to 5)"))
    fairness = _of_five(_("Fairness (1 to 5)"))
    diligence = _of_five(_("Diligence (1 to 5)"))
    words = TextAreaField(
        _("Words on the work"), [Optional(), Length(max=500)], render_kw={"rows": 2}
    )
    once = HiddenField(default=fresh_token)

    def told(self) -> Mark:
        """As it was filled in."""
        parts = (self.knowledge.data or 0, self.fairness.data or 0, self.diligence.data or 0)
        return Mark(*parts, self.words.data or "")


class AttendanceForm(FlaskForm):
    """Half days by seat; the fields are named by the seats and drawn by the page."""

    def told(self, sent: Mapping[str, str]) -> dict[int, int]:
        """How many half days each seat was there; an empty field is absence.

        Whatever else is no number of half days is refused: read as absence, it would cost a fee.
        """
        found = {}
        for name, text in sent.items():
            seat, typed = name.removeprefix("seat-")[:9], text.strip()
            if not (name.startswith("seat-") and seat.isdecimal() and typed):
                continue
            if not (typed.isdecimal() and len(typed) < 3 and int(typed) <= MOST_HALF_DAYS):
                raise Invalid(_("From 0 to %(n)s half days", n=MOST_HALF_DAYS))
            found[int(seat)] = int(typed)
        return found


class VoidForm(FlaskForm):
    reason = StringField(_("Reason"), [DataRequired(_("Enter the reason")), Length(max=300)])


def _yuan(label: object) -> DecimalField:
    rules = [InputRequired(_("Enter an amount")), NumberRange(0, 100_000)]
    return DecimalField(label, rules, render_kw={"inputmode": "decimal"})


def _fen(field: DecimalField) -> int:
    return int((field.data or 0) * 100)


class StandardForm(FlaskForm):
    """A standard of fees by its document."""

    document_no = StringField(
        _("Number of the document"),
        [DataRequired(_("Enter the number and the title of the document")), Length(max=80)],
    )
    title = StringField(
        _("Title"),
        [DataRequired(_("Enter the number and the title of the document")), Length(max=200)],
    )
    starts_on = DateField(_("In force from"), [InputRequired(_("Enter the day"))])
    senior = _yuan(_("Yuan for half a day, senior rank, after tax"))
    associate = _yuan(_("Yuan for half a day, associate rank, after tax"))
    other = _yuan(_("Yuan for half a day, others, after tax"))
    steps = TextAreaField(
        _("Steps by days"),
        [DataRequired(_("Enter the steps"))],
        default=USUAL,
        description=_("One line each: up to which day, and its percentage; 0 is every day beyond"),
        render_kw={"rows": 4},
    )
    once = HiddenField(default=fresh_token)

    def validate_steps(self, field: TextAreaField) -> None:
        """The lines are steps."""
        try:
            steps_of(field.data or "")
        except ValueError:
            words = gettext("Rising days with a percentage each; the last line begins with 0")
            raise ValidationError(words) from None

    def told(self) -> NewStandard:
        """As it was filled in."""
        return NewStandard(
            document_no=self.document_no.data or "",
            title=(self.title.data or "").strip(),
            starts_on=self.starts_on.data,
            senior_fen=_fen(self.senior),
            associate_fen=_fen(self.associate),
            other_fen=_fen(self.other),
            steps=steps_of(self.steps.data or ""),
        )
