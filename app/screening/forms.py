from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.screening.labels import STATES
from app.screening.models import MOVES, Flag
from app.screening.services import LONGEST
from app.web import fresh_token


class RemarkForm(FlaskForm):
    """What a person makes of a sign."""

    state = RadioField(_("State"), [InputRequired(_("Choose a state"))])
    words = TextAreaField(
        _("What was found"),
        [DataRequired(_("Say it in words")), Length(max=LONGEST)],
        render_kw={"rows": 4},
    )
    once = HiddenField(default=fresh_token)


def remark_form(flag: Flag) -> RemarkForm:
    """Make the form with the states that this sign may get."""
    form = RemarkForm()
    after = [state for state in STATES if state in MOVES[flag.state]]
    form.state.choices = [SelectChoice(state.value, STATES[state]) for state in after]
    return form
