from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

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


class BundleForm(FlaskForm):
    recipient = StringField(
        _("Handed to whom, and for what"),
        [InputRequired(_("Say who gets it and for what")), Length(max=200)],
        description=_("For example: audit office, audit notice no. …; it stands in the log"),
    )
    once = HiddenField(default=fresh_token)


class WeightsForm(FlaskForm):
    """Other weights to be tried; the fields of the dimensions are added where it is used."""

    performance = IntegerField(_("Performance section"), [InputRequired(), NumberRange(0, 1000)])
    section = IntegerField(_("Business section"), [InputRequired(), NumberRange(0, 1000)])
    unit = IntegerField(_("Budget unit"), [InputRequired(), NumberRange(0, 1000)])
