from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web import fresh_token


class ReasonForm(FlaskForm):
    """Why a hold is asked for, refused or ended."""

    reason = TextAreaField(_("Reason"), validators=[DataRequired(), Length(max=1000)])
    once = HiddenField(default=fresh_token)
