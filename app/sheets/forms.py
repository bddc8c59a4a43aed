from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.sheets.services import LONGEST_NAME
from app.web import fresh_token


class RecipientForm(FlaskForm):
    """Who gets a key."""

    name = StringField(
        _("Who gets it"),
        [DataRequired(_("Enter a name")), Length(max=LONGEST_NAME)],
        description=_("The person at the unit who will rate"),
    )
    once = HiddenField(default=fresh_token)


class NameForm(FlaskForm):
    """Whoever rates without an account says who they are."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Enter your name")), Length(max=LONGEST_NAME)],
        description=_("The bureau reads it once the rating is opened; the agency never does"),
        render_kw={"autocomplete": "name"},
    )


class UploadForm(FlaskForm):
    """A form that was filled in."""

    file = FileField(_("Review form (XLSX)"), [InputRequired(_("Choose the file"))])
