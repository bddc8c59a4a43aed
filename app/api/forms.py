from datetime import timedelta

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app import clock
from app.api.labels import SCOPES
from app.notifications.forms import Ticks

USUAL_DAYS = 90


class TokenForm(FlaskForm):
    """A token for another system."""

    once = HiddenField()
    name = StringField(
        _("Which system holds it"),
        [DataRequired(_("Say which system will hold it")), Length(max=80)],
        description=_("The system that will hold it, such as: budget system of the province"),
    )
    scopes = Ticks(
        _("What it may be used for"),
        [InputRequired(_("Choose at least one thing that it may be used for"))],
        choices=[SelectChoice(one.value, words) for one, words in SCOPES.items()],
    )
    expires_on = DateField(
        _("Its last day"),
        [InputRequired(_("Enter its last day"))],
        default=lambda: clock.today() + timedelta(days=USUAL_DAYS),
    )
