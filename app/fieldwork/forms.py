from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app import clock
from app.accounts.models import User
from app.engagements.models import Engagement
from app.fieldwork import labels, queries
from app.fieldwork.entries import New, NewDays, NewInterview, NewQuestionnaire, NewVisit
from app.fieldwork.models import Activity
from app.intake import GREATEST

SHORT = [DataRequired(_("This must be filled in")), Length(max=200)]
DAY = [InputRequired(_("Enter the day"))]
COUNT = [InputRequired(_("Enter a number")), NumberRange(0, GREATEST, _("Enter a number"))]
NUMERIC = {"inputmode": "numeric"}


class EntryForm(FlaskForm):
    """What the forms of all entries have; the fields stand in the order of a phone's page."""

    once = HiddenField()
    task = SelectField(_("Project"), [Optional()])

    def bind(self, engagement: Engagement) -> "EntryForm":
        """Offer the engagement's own tasks and people."""
        self.engagement = engagement
        whole = [SelectChoice("", _("The whole engagement"))]
        self.task.choices = whole + [
            SelectChoice(str(task.id), f"{task.number}. {task.project}")
            for task in engagement.tasks
        ]
        return self

    def _shared(self) -> dict[str, Any]:
        tasks = {str(task.id): task for task in self.engagement.tasks}
        return {"task": tasks.get(self.task.data or "")}

    def _texts(self, *names: str) -> dict[str, Any]:
        return {name: self[name].data or "" for name in names}

    def suggest(self, user: User) -> None:
        """Fill in what is most often right: today, and who enters it."""

    def told(self) -> New:
        """The entry as it was filled in."""
        raise NotImplementedError  # each kind says how: there is no form of this class alone


class VisitForm(EntryForm):
    """A visit to a place."""

    visited_on = DateField(_("Day of the visit"), DAY)
    place = StringField(_("Place"), SHORT)
    people = StringField(_("Who went"), SHORT)
    hosts = StringField(_("Who was met"), [Length(max=200)])
    findings = TextAreaField(_("What was found on site"), [Length(max=4000)], render_kw={"rows": 4})

    def suggest(self, user: User) -> None:
        """Today, and who enters it."""
        self.visited_on.data, self.people.data = clock.today(), user.name

    def told(self) -> NewVisit:
        """The visit as it was filled in."""
        texts = self._texts("place", "people", "hosts", "findings")
        return NewVisit(visited_on=self.visited_on.data, **texts, **self._shared())


class InterviewForm(EntryForm):
    """A talk with somebody."""

    held_on = DateField(_("Day of the interview"), DAY)
    person = StringField(_("Who was interviewed"), SHORT)
    topic = StringField(_("About what"), SHORT)
    people = StringField(_("Who asked"), SHORT)
    findings = TextAreaField(_("What was said"), [Length(max=4000)], render_kw={"rows": 4})

    def suggest(self, user: User) -> None:
        """Today, and who enters it."""
        self.held_on.data, self.people.data = clock.today(), user.name

    def told(self) -> NewInterview:
        """The talk as it was filled in."""
        texts = self._texts("person", "topic", "people", "findings")
        return NewInterview(held_on=self.held_on.data, **texts, **self._shared())


class QuestionnaireForm(EntryForm):
    """A round of questionnaires."""

    held_on = DateField(_("Day on which they came back"), DAY)
    audience = StringField(_("To whom"), SHORT)
    sent = IntegerField(_("Went out"), COUNT, render_kw=NUMERIC)
    returned = IntegerField(_("Came back"), COUNT, render_kw=NUMERIC)
    valid = IntegerField(_("Valid"), COUNT, render_kw=NUMERIC)

    def suggest(self, user: User) -> None:
        """Today."""
        self.held_on.data = clock.today()

    def told(self) -> NewQuestionnaire:
        """The round as it was filled in."""
        numbers: dict[str, Any] = {
            name: int(self[name].data) for name in ("sent", "returned", "valid")
        }
        audience = self.audience.data or ""
        return NewQuestionnaire(
            held_on=self.held_on.data, audience=audience, **numbers, **self._shared()
        )


class DaysForm(EntryForm):
    """Days that a member spent."""

    member = SelectField(_("Member"), [InputRequired(_("Choose the person"))], coerce=int)
    began_on = DateField(_("From"), DAY)
    ended_on = DateField(_("Last day"), DAY)
    days = DecimalField(
        _("Days"),
        [InputRequired(_("Enter a number")), NumberRange(0, 93, _("From half a day to 93 days"))],
        places=1,
        render_kw={"inputmode": "decimal"},
    )
    activity = SelectField(
        _("Spent on"),
        choices=[SelectChoice(str(one), words) for one, words in labels.ACTIVITIES.items()],
    )

    def bind(self, engagement: Engagement) -> "EntryForm":
        """Offer the agency's people too."""
        self.people = {user.id: user for user in queries.members_of(engagement)}
        self.member.choices = [SelectChoice(key, user.name) for key, user in self.people.items()]
        return super().bind(engagement)

    def suggest(self, user: User) -> None:
        """Oneself, today, a whole day on site."""
        self.member.data, self.days.data = user.id, Decimal(1)
        self.began_on.data = self.ended_on.data = clock.today()
        self.activity.data = str(Activity.FIELDWORK)

    def told(self) -> NewDays:
        """The days as they were filled in, rounded to halves."""
        return NewDays(
            member=self.people[self.member.data],
            began_on=self.began_on.data,
            ended_on=self.ended_on.data,
            half_days=round(self.days.data * 2),
            activity=Activity(self.activity.data),
            **self._shared(),
        )


class ImportForm(FlaskForm):
    """A workbook of entries of one kind."""

    file = FileField(
        _("Workbook (XLSX)"),
        [InputRequired(_("Choose a file first"))],
        render_kw={"accept": ".xlsx"},
    )
    once = HiddenField()


def by_name(people: Iterable[User]) -> dict[str, User]:
    """People by name, for a workbook; of two with one name neither is found."""
    found: dict[str, User] = {}
    twice: set[str] = set()
    for user in people:
        twice |= {user.name} & found.keys()
        found[user.name] = user
    return {name: user for name, user in found.items() if name not in twice}
