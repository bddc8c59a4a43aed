from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.engagements.models import Engagement, Task
from app.indicators import labels, library, queries
from app.indicators.models import IndicatorSystem
from app.indicators.rows import LONGEST, MOST_ROWS, Fault, Row
from app.indicators.services import Source
from app.listed import ListedRow

EMPTY_ROWS = 3


class PointsField(DecimalField):
    """Points as they are written: without idle noughts, and what was typed where it is wrong."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else labels.points_text(self.data)


class BeginForm(FlaskForm):
    """What the indicators are for, and from what they start."""

    task = SelectField(_("Task"), coerce=int)
    source = RadioField(_("Start from"), [InputRequired(_("Choose what to start from"))])
    once = HiddenField()

    def offer(self, engagement: Engagement, without: Iterable[int]) -> "BeginForm":
        """Offer the scopes that have no system yet, and the library where its frame fits."""
        self.scopes = {task.number if task else 0: task for task in queries.scopes_of(engagement)}
        taken = set(without)
        self.task.choices = [
            SelectChoice(
                number, f"{number}. {task.project}" if task else gettext("The whole engagement")
            )
            for number, task in self.scopes.items()
            if number not in taken
        ]
        fits = library.fits(queries.frame_of(engagement))
        offered = [one for one in Source if fits or one is not Source.LIBRARY]
        self.source.choices = [SelectChoice(one.value, labels.SOURCES[one]) for one in offered]
        if not self.source.data:
            self.source.data = offered[0].value
        return self

    def chosen(self) -> Task | None:
        """The task that was chosen; nothing for the whole engagement."""
        return self.scopes[self.task.data]


class RowForm(ListedRow):
    """One row of the table; an empty one is passed over."""

    code = StringField(_("Code"), [Length(max=8)])
    level1 = SelectField(_("Level 1"))
    level2 = StringField(_("Level 2"), [Length(max=LONGEST["level2"])])
    name = StringField(_("Level 3"), [Length(max=LONGEST["name"])])
    check_point = StringField(_("Check point"), [Length(max=LONGEST["check_point"])])
    points = PointsField(_("Points"), [Optional()])
    standard = TextAreaField(
        _("Scoring standard"), [Length(max=LONGEST["standard"])], render_kw={"rows": 2}
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered but perhaps the first level, which is always chosen."""
        told = (self.code, self.level2, self.name, self.check_point, self.points, self.standard)
        return not any(field.data for field in told)


class SystemForm(FlaskForm):
    """The whole table, and the revision that its editor saw."""

    rows = FieldList(FormField(RowForm), _("Indicators"), max_entries=MOST_ROWS)
    expected = IntegerField(_("Revision"), [InputRequired()], widget=HiddenInput())

    @classmethod
    def of(cls, system: IndicatorSystem) -> "SystemForm":
        """The form as the draft stands, with a few empty rows."""
        names = ("code", "level1", "level2", "name", "check_point", "points", "standard")
        told = [{name: getattr(one, name) for name in names} for one in system.indicators]
        form = cls(data={"rows": told, "expected": system.revision})
        form.add_rows(EMPTY_ROWS)
        return form

    def offer(self, frame: Iterable[str]) -> "SystemForm":
        """Offer the first-level indicators of the frame in every row."""
        choices = [SelectChoice(name, labels.level1_label(name)) for name in frame]
        for row in self.rows:
            row.form.level1.choices = choices
        return self

    def add_rows(self, number: int) -> None:
        """More empty rows, up to the most that a table holds; in the last row's first level."""
        last = self.rows[-1].form.level1.data if len(self.rows) else None
        for _row in range(min(number, MOST_ROWS - len(self.rows))):
            self.rows.append_entry({"level1": last} if last else None)

    def insert_row(self, before: int) -> None:
        """An empty row in front of another, in the same first level."""
        told = [row.data for row in self.rows]
        if 0 <= before < len(told) < MOST_ROWS:
            told.insert(before, {"level1": told[before]["level1"]})
            self._rewrite(told)

    def drop_row(self, number: int) -> None:
        """Take a row out; the others move up."""
        told = [row.data for row in self.rows]
        self._rewrite(told[:number] + told[number + 1 :])

    def _rewrite(self, told: list[dict[str, Any]]) -> None:
        while len(self.rows):
            self.rows.pop_entry()
        for row in told:
            self.rows.append_entry(row)

    def told(self) -> list[Row]:
        """The rows that say something."""
        return [_row(row.form) for row in self.filled()]

    def filled(self) -> list[Any]:
        """The entries that aren't empty, in the order of the table."""
        return [row for row in self.rows if not row.form.is_empty]

    def point_out(self, faults: Iterable[Fault]) -> None:
        """Put each fault at its cell."""
        entries = self.filled()
        for fault in faults:
            form = entries[min(fault.row, len(entries) - 1)].form
            field = form[fault.column]
            field.errors = [*field.errors, str(fault.words)]


def _row(form: RowForm) -> Row:
    texts = {
        name: (form[name].data or "").strip()
        for name in ("code", "level1", "level2", "name", "check_point", "standard")
    }
    points = form.points.data if form.points.data is not None else Decimal(0)
    return Row(**{**texts, "code": texts["code"].upper()}, points=points)


class ImportForm(FlaskForm):
    file = FileField(
        _("Workbook (XLSX)"),
        [InputRequired(_("Choose a file first"))],
        render_kw={"accept": ".xlsx"},
    )
    expected = IntegerField(_("Revision"), [InputRequired()], widget=HiddenInput())


class ReasonForm(FlaskForm):
    """A decision or a step with its reason."""

    words = TextAreaField(
        _("Reason"),
        [InputRequired(_("Give the reason")), Length(max=1000)],
        render_kw={"rows": 4},
    )
