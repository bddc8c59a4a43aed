from datetime import timedelta

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app import clock
from app.api.labels import SCOPES
from app.api.models import Scope
from app.notifications.forms import Ticks
from app.policy import Permission, Person, can

USUAL_DAYS = 90
# What a person must be allowed for a scope to be of use; papers are asked about one by one.
NEEDS = {
    Scope.CHANGES: Permission.BOARD_READ,
    Scope.ENGAGEMENTS: Permission.BOARD_READ,
    Scope.IMPORT: Permission.ENGAGEMENT_OPEN,
    Scope.NOTICES: Permission.POST_LIST,
    Scope.RANKINGS: Permission.RANKING_LIST,
    Scope.REGISTER: Permission.AGENCY_LIST,
    Scope.REVIEWS: Permission.REVIEW_LIST,
}


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
        choices=[],
    )
    expires_on = DateField(
        _("Its last day"),
        [InputRequired(_("Enter its last day"))],
        default=lambda: clock.today() + timedelta(days=USUAL_DAYS),
    )

    def offer(self, user: Person) -> "TokenForm":
        """Only what this person may do by hand: another scope would open nothing."""
        usable = [one for one in SCOPES if one not in NEEDS or can(user, NEEDS[one], None)]
        self.scopes.choices = [SelectChoice(one.value, SCOPES[one]) for one in usable]
        return self
