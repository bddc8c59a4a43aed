from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.amendments.services import MOST_DAYS
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import engagements_visible_to
from app.intake import GREATEST
from app.oversight import queries
from app.policy import Person
from app.web import fresh_token

MOST_ROWS = 100


class BatchForm(FlaskForm):
    """One act for the rows that were chosen on the board."""

    rows = HiddenField()  # their numbers, with commas
    act = RadioField(
        _("What to do"),
        [InputRequired(_("Choose what to do"))],
        choices=[
            SelectChoice("remind", _("Remind the agencies")),
            SelectChoice("extend", _("Extend the present stage")),
            SelectChoice("assign", _("Assign to an officer")),
        ],
    )
    officer = SelectField(_("Officer"), coerce=int)
    words = TextAreaField(_("Words to the agencies"), [Length(max=500)], render_kw={"rows": 2})
    days = IntegerField(_("Working days more"), [Optional(), NumberRange(1, MOST_DAYS)])
    once = HiddenField()

    @classmethod
    def about(cls, keys: Sequence[int | None]) -> Self:
        """An empty form for these rows."""
        told = ",".join(str(key) for key in keys[:MOST_ROWS] if key)
        return cls(formdata=None, data={"rows": told, "once": fresh_token()}).offer()

    def offer(self) -> Self:
        """The people of the performance section."""
        found = [SelectChoice(person.id, person.name) for person in queries.officers()]
        self.officer.choices = [SelectChoice(0, _("Nobody chosen")), *found]
        return self

    def chosen(self, user: Person) -> list[Engagement]:
        """The rows that this person may see at all."""
        told = (self.rows.data or "").split(",")[:MOST_ROWS]
        keys = [int(key) for key in told if key.isascii() and key.isdigit() and len(key) < 10]
        keys = [key for key in keys if key <= GREATEST]
        query = engagements_visible_to(user).where(Engagement.id.in_(keys))
        return list(db.session.scalars(query))


class ViewForm(FlaskForm):
    """A name for the board's filters."""

    name = StringField(
        _("Name of the view"), [DataRequired(_("Give the view a name")), Length(max=40)]
    )
    query = HiddenField(validators=[Length(max=600)])
