from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app import clock
from app.accounts.models import User
from app.db import db
from app.display import bracketed
from app.handovers.queries import colleagues
from app.handovers.services import Leave
from app.web import fresh_token


class HandoverForm(FlaskForm):
    """To whom, and why."""

    once = HiddenField(default=fresh_token)
    taker = SelectField(_("Successor"), [DataRequired()])
    reason = TextAreaField(_("Reason"), [DataRequired(), Length(max=500)])

    @classmethod
    def for_giver(cls, giver: User) -> "HandoverForm":
        """The people who may take this person's work."""
        form = cls()
        form.taker.choices = people_to_choose(giver)
        return form

    def chosen(self) -> User | None:
        """The person who takes it."""
        return db.session.get(User, int(self.taker.data)) if self.taker.data else None


class DeputyForm(HandoverForm):
    """Who acts, from when to when, and why."""

    starts_on = DateField(_("First day"), [InputRequired()], default=clock.today)
    ends_on = DateField(_("Last day"), [InputRequired()])

    def leave(self) -> Leave:
        """What was filled in."""
        return Leave(self.starts_on.data, self.ends_on.data, self.reason.data or "")


def people_to_choose(person: User) -> list[SelectChoice]:
    """Their names, with their house where it is another."""
    told = [SelectChoice("", _("Choose"))]
    for one in db.session.scalars(colleagues(person)):
        told.append(SelectChoice(str(one.id), bracketed(one.name, one.organisation.name)))
    return told
