from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app import clock
from app.web import fresh_token


class SnapshotForm(FlaskForm):
    title = StringField(_("Title"), [InputRequired(_("Give the ranking a title")), Length(max=120)])
    since = DateField(
        _("First day of the data"),
        [Optional()],
        description=_("Reviews opened from this day on; empty: all there are"),
    )
    as_of = DateField(
        _("Last day of the data"),
        [InputRequired(_("Enter the last day"))],
        default=clock.today,
    )
    once = HiddenField(default=fresh_token)


class PublishForm(FlaskForm):
    reason = TextAreaField(
        _("Reason for publishing"),
        [InputRequired(_("Say why this ranking is published")), Length(max=1000)],
        render_kw={"rows": 3},
    )
    once = HiddenField(default=fresh_token)
