from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.engagements.models import Engagement, Task
from app.listed import ListedRow
from app.requests import labels, library, queries
from app.requests.models import Phase, RequestItem
from app.requests.services import MOST_ITEMS, NewItem, NewRequest

MOST_ROWS = 60
USUAL, EMPTY = "usual", "empty"


class RequestForm(FlaskForm):
    """A new list: for whom, for what, and from where its items come."""

    task = SelectField(_("Task and unit"), [InputRequired()], coerce=int)
    phase = RadioField(
        _("Part of the work"),
        [InputRequired(_("Choose the part of the work"))],
        choices=[SelectChoice(str(phase), words) for phase, words in labels.PHASES.items()],
        default=str(Phase.PLAN),
    )
    source = RadioField(
        _("Begin with"),
        [InputRequired(_("Choose how the list begins"))],
        choices=[
            SelectChoice(USUAL, _("The usual list for this kind of service")),
            SelectChoice(EMPTY, _("An empty list, or a workbook")),
        ],
        default=USUAL,
    )
    file = FileField(_("Workbook (XLSX)"), [Optional()], render_kw={"accept": ".xlsx"})
    words = TextAreaField(_("What the unit should know"), [Length(max=1000)], render_kw={"rows": 2})
    once = HiddenField()

    def bind(self, engagement: Engagement) -> "RequestForm":
        """Offer the tasks that have a unit."""
        self.tasks = {task.id: task for task in queries.units_of(engagement)}
        self.task.choices = [SelectChoice(key, named(task)) for key, task in self.tasks.items()]
        return self

    def told(self, engagement: Engagement, items: Sequence[NewItem]) -> NewRequest:
        """The list as it was filled in; without a workbook the usual items, where wished."""
        phase = Phase(self.phase.data)
        if not items and self.source.data == USUAL:
            usual = library.usual(engagement.service_type.code, phase)
            items = [NewItem(one.title, one.description, one.working_days) for one in usual]
        return NewRequest(self.tasks[self.task.data], phase, self.words.data or "", items)


def named(task: Task) -> str:
    """A task with its unit, as a choice."""
    unit = task.unit.name if task.unit else ""
    return f"{task.number}. {task.project} · {unit}"


class ItemForm(ListedRow):
    """One row of a list; a row without a title is left out."""

    title = StringField(_("What is asked for"), [Length(max=200)])
    description = StringField(_("What is meant"), [Length(max=1000)])
    working_days = IntegerField(
        _("Working days"),
        [Optional(), NumberRange(1, 250, _("From 1 to 250 days"))],
        default=5,
    )


class ItemsForm(FlaskForm):
    """The rows of a draft, or rows that are added to a list."""

    items = FieldList(FormField(ItemForm), _("Document requests"), max_entries=MOST_ITEMS)
    once = HiddenField()

    @classmethod
    def of(cls, items: Sequence[RequestItem], more: int = 1) -> "ItemsForm":
        """The form with a draft's rows and some empty ones."""
        rows = [
            {"title": one.title, "description": one.description, "working_days": one.working_days}
            for one in items
        ]
        return cls(data={"items": [*rows, *({} for _n in range(more))]})

    def add_rows(self, count: int) -> None:
        """Some more empty rows."""
        for _n in range(min(count, MOST_ROWS)):
            if len(self.items) < MOST_ITEMS:
                self.items.append_entry()

    def validate_items(self, field: FieldList) -> None:
        """At least one row says something."""
        if not self.told():
            raise ValidationError(gettext("Enter at least one thing that is asked for"))

    def told(self) -> list[NewItem]:
        """The rows that say something."""
        rows = [row.form for row in self.items]
        return [
            NewItem(row.title.data, row.description.data or "", row.working_days.data or 5)
            for row in rows
            if (row.title.data or "").strip()
        ]


class ReturnForm(FlaskForm):
    """What is wrong with what came, and until when it should come again."""

    words = TextAreaField(
        _("What is wrong or missing"),
        [DataRequired(_("Say what is wrong or missing")), Length(max=1000)],
        render_kw={"rows": 3},
    )
    working_days = IntegerField(
        _("Working days"),
        [InputRequired(_("Enter the working days")), NumberRange(1, 250, _("From 1 to 250 days"))],
        default=3,
    )


class SetAsideForm(FlaskForm):
    """Why an item does not apply."""

    reason = TextAreaField(
        _("Why it doesn't apply"),
        [DataRequired(_("Say why it doesn't apply")), Length(max=1000)],
        render_kw={"rows": 3},
    )
