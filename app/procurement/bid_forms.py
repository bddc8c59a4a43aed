"""What is filled in about sealed bids."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.procurement.bidding import LONGEST
from app.procurement.forms import words
from app.procurement.halves import fresh_slip
from app.procurement.inviting import FEWEST, MOST

REQUIRED = _("This must be filled in")


class EnvelopeForm(FlaskForm):
    """An envelope that was sealed in the browser, or by the command."""

    envelope = TextAreaField(
        _("Sealed bid"), [DataRequired(REQUIRED), Length(max=LONGEST)], render_kw={"rows": 4}
    )
    box = FileField(_("The plan's sealed file"), render_kw={"accept": ".sealed"})

    @property
    def text(self) -> str:
        """The envelope."""
        return (self.envelope.data or "").strip()


class PlacesForm(FlaskForm):
    """How many are invited."""

    places = IntegerField(
        _("How many are invited to bid"),
        [InputRequired(REQUIRED), NumberRange(FEWEST, MOST, _("From 2 to 20"))],
        default=3,
    )
    newcomers = IntegerField(
        _("Kept for newcomers, of these"),
        [Optional(), NumberRange(0, MOST, _("From 0 to 20"))],
        default=0,
        description=_(
            "Newcomers have no rank when the list is frozen. Where too few of them are drawn early"
            " enough, the last places go to the next newcomers drawn."
        ),
    )

    @property
    def told(self) -> tuple[int, int]:
        """As it was filled in."""
        return self.places.data or 0, self.newcomers.data or 0


class LostSlipForm(FlaskForm):
    """Why a half of the key is made anew, and its new slip."""

    words = words(_("What became of the slip"), DataRequired(REQUIRED))
    slip = HiddenField(default=fresh_slip)


class OpeningForm(FlaskForm):
    """Both slips."""

    first = TextAreaField(_("Slip of the first officer"), [DataRequired(REQUIRED), Length(max=200)])
    second = TextAreaField(
        _("Slip of the second officer"), [DataRequired(REQUIRED), Length(max=200)]
    )

    @property
    def slips(self) -> tuple[str, str]:
        """As they were typed."""
        return self.first.data or "", self.second.data or ""


class QuestionForm(FlaskForm):
    """A question about a price."""

    words = words(_("Written question"), DataRequired(REQUIRED), rows=4)
    working_days = IntegerField(
        _("Working days for the answer"),
        [InputRequired(REQUIRED), NumberRange(1, 30, _("From 1 to 30 working days"))],
        default=2,
    )

    def asked(self) -> tuple[str, int]:
        """Question and days."""
        return self.words.data or "", self.working_days.data or 0


class VerdictForm(FlaskForm):
    """What is decided about a low price, and why."""

    verdict = RadioField(
        _("Decision"),
        [InputRequired(_("Choose the decision"))],
        choices=[
            SelectChoice("accepted", _("Accept the explanation")),
            SelectChoice("rejected", _("Reject the bid")),
        ],
    )
    reason = words(_("Reason"), DataRequired(REQUIRED), rows=4)

    def decided(self) -> tuple[str, str]:
        """Decision and reason."""
        return self.verdict.data, self.reason.data or ""
