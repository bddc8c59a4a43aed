from datetime import UTC, datetime, time

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app import clock
from app.attachments.forms import FileForm
from app.papers.forms import ACCEPT, Needed
from app.reviews.models import Dimension
from app.training.authoring import CourseFacts, NewSession
from app.training.labels import AUDIENCES
from app.training.models import Audience
from app.training.services import NewClaim
from app.web import fresh_token

NEEDED = DataRequired(_("This can't stay empty"))
A_NUMBER = InputRequired(_("Enter a whole number"))


def _number(label: object, least: int, most: int, usual: int) -> IntegerField:
    words = _("Enter a whole number from %(least)s to %(most)s", least=least, most=most)
    rules = [A_NUMBER, NumberRange(least, most, words)]
    return IntegerField(label, rules, default=usual, render_kw={"inputmode": "numeric"})


class CourseForm(FlaskForm):
    """A course and its rule for hours."""

    title = StringField(_("Title"), [NEEDED, Length(max=120)])
    summary = TextAreaField(
        _("What it is about"), [NEEDED, Length(max=2000)], render_kw={"rows": 3}
    )
    audience = SelectField(
        _("For whom"),
        coerce=Audience,
        choices=[SelectChoice(key, words) for key, words in AUDIENCES.items()],
    )
    dimension = SelectField(_("Strengthens the dimension of stars"), coerce=int)
    hours = _number(_("Hours of training"), 1, 200, 2)
    valid_months = _number(_("Valid for months"), 1, 120, 24)
    questions_asked = _number(_("Questions in a quiz"), 0, 100, 5)
    pass_percent = _number(_("Percent to pass"), 1, 100, 60)
    minutes = _number(_("Minutes for a quiz"), 1, 300, 20)
    attempts_allowed = _number(_("Attempts allowed"), 1, 20, 3)
    once = HiddenField(default=fresh_token)

    def bind(self, dimensions: list[Dimension]) -> "CourseForm":
        """Offer the dimensions of now."""
        none = SelectChoice(0, _("None in particular"))
        offered = [SelectChoice(each.id, each.name) for each in dimensions]
        self.dimension.choices = [none, *offered]
        return self

    def facts(self) -> CourseFacts:
        """The course as it was filled in."""
        return CourseFacts(
            title=(self.title.data or "").strip(),
            summary=(self.summary.data or "").strip(),
            audience=self.audience.data,
            dimension_id=self.dimension.data or None,
            hours=self.hours.data or 0,
            valid_months=self.valid_months.data or 0,
            questions_asked=self.questions_asked.data or 0,
            pass_percent=self.pass_percent.data or 0,
            minutes=self.minutes.data or 0,
            attempts_allowed=self.attempts_allowed.data or 0,
        )


class PageForm(FlaskForm):
    """A page of a course."""

    title = StringField(_("Title"), [NEEDED, Length(max=120)])
    body = TextAreaField(
        _("Words of the page"),
        [NEEDED, Length(max=40_000)],
        description=_("Plain text; an empty line begins a new paragraph."),
        render_kw={"rows": 14},
    )
    once = HiddenField(default=fresh_token)


class QuestionForm(FlaskForm):
    """A question for the bank."""

    words = TextAreaField(_("Question"), [NEEDED, Length(max=1000)], render_kw={"rows": 2})
    options = TextAreaField(
        _("Options"),
        [NEEDED, Length(max=4000)],
        description=_("One a line, with a star * before each right one."),
        render_kw={"rows": 5},
    )
    once = HiddenField(default=fresh_token)


class SessionForm(FlaskForm):
    """A training at a time and a place."""

    title = StringField(_("Title"), [NEEDED, Length(max=120)])
    place = StringField(_("Place"), [NEEDED, Length(max=120)])
    day = DateField(_("Day"), [InputRequired(_("Enter a day"))])
    begins = TimeField(_("Begins at"), [InputRequired(_("Enter a time"))], default=time(9))
    ends = TimeField(_("Ends at"), [InputRequired(_("Enter a time"))], default=time(11, 30))
    hours = _number(_("Hours of training"), 1, 200, 3)
    once = HiddenField(default=fresh_token)

    def told(self) -> NewSession:
        """The training as it was filled in."""
        return NewSession(
            (self.title.data or "").strip(),
            (self.place.data or "").strip(),
            self._at(self.begins.data),
            self._at(self.ends.data),
            self.hours.data or 0,
        )

    def _at(self, given: time) -> datetime:
        return datetime.combine(self.day.data, given, tzinfo=clock.SHANGHAI).astimezone(UTC)


class CodeForm(FlaskForm):
    """The code that is shown at a training."""

    code = StringField(_("Code of the training"), [NEEDED, Length(max=12)])


class MakeUpForm(FlaskForm):
    """Why somebody's sign-in is made up."""

    reason = StringField(_("Reason"), [NEEDED, Length(max=200)])
    once = HiddenField(default=fresh_token)


class ClaimForm(FlaskForm):
    """Hours that were earned elsewhere."""

    title = StringField(_("What was learned"), [NEEDED, Length(max=120)])
    provider = StringField(_("Who held it"), [NEEDED, Length(max=120)])
    hours = _number(_("Hours of training"), 1, 200, 8)
    earned_on = DateField(_("Earned on"), [InputRequired(_("Enter a day"))])
    valid_months = _number(_("Valid for months"), 1, 120, 12)
    file = FileField(_("Proof"), [Needed()], render_kw={"accept": ACCEPT})
    unclassified = FileForm.unclassified
    once = HiddenField(default=fresh_token)

    def told(self) -> NewClaim:
        """The hours as they were filled in."""
        return NewClaim(
            self.title.data or "",
            self.provider.data or "",
            self.hours.data or 0,
            self.earned_on.data or clock.today(),
            self.valid_months.data or 1,
        )


class DecisionForm(FlaskForm):
    """What the section says to hours from elsewhere; a refusal needs it."""

    words = TextAreaField(_("Words to the person"), [Optional(), Length(max=1000)])
