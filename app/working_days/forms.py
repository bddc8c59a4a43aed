import json
import re
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app import clock
from app.web import fresh_token
from app.working_days.services import NewTable

DAY = r"(\d{4}-\d{2}-\d{2})"
HOLIDAY = re.compile(rf"(\S{{1,20}})\s+{DAY}(?:\s+{DAY})?")
LONGEST = 20_000
Days = dict[str, tuple[date, date]]


class TableForm(FlaskForm):
    """A notice of the State Council, as lines, or as a file of the same content."""

    once = HiddenField(default=fresh_token)
    year = IntegerField(_("Year"), [InputRequired(), NumberRange(2000, 2099)])
    source = StringField(_("Document number of the notice"), [DataRequired(), Length(max=120)])
    off = TextAreaField(_("Holidays"), [Length(max=LONGEST)])
    work = TextAreaField(_("Make-up working days"), [Length(max=LONGEST)])
    file = FileField(_("JSON file"))

    def validate_off(self, field: Field) -> None:
        """Each line: the festival, its first day and its last; from a file where one is sent."""
        if self.file.data and self.file.data.filename:
            self._read_file()
        lines = _lines(field.data)
        if not lines:
            raise ValidationError(_("Enter at least one holiday"))
        self.days: Days = {}
        for number, line in enumerate(lines, 1):
            self._add(number, line)

    def _add(self, number: int, line: str) -> None:
        match = HOLIDAY.fullmatch(line)
        first = _day(match[2]) if match else None
        last = _day(match[3] or match[2]) if match else None
        if match is None or first is None or last is None or last < first:
            raise ValidationError(
                _(
                    "Line %(n)s: a name, the first day and the last, such as 元旦 2027-01-01",
                    n=number,
                )
            )
        if {first.year, last.year} != {self.year.data}:
            raise ValidationError(_("Line %(n)s: the days must lie in that year", n=number))
        if match[1] in self.days:
            raise ValidationError(_("Line %(n)s: this name stands there already", n=number))
        self.days[match[1]] = (first, last)

    def validate_work(self, field: Field) -> None:
        """Weekend days of that year, none of them a holiday."""
        free = {day for span in getattr(self, "days", {}).values() for day in _span(*span)}
        self.work_days: list[date] = []
        for number, line in enumerate(_lines(field.data), 1):
            day = _day(line)
            if day is None or day.year != self.year.data or day.weekday() < 5 or day in free:
                raise ValidationError(
                    _("Line %(n)s: a Saturday or Sunday of that year that is no holiday", n=number)
                )
            self.work_days.append(day)

    def _read_file(self) -> None:
        """Put the file's content into the lines, so that both are judged alike and shown."""
        try:
            told: Any = json.loads(self.file.data.stream.read(LONGEST).decode())
            told = told.get(str(self.year.data), told)
            self.source.data = self.source.data or str(told.get("source", ""))[:120]
            spans = told["off"].items()
            self.off.data = "\n".join(f"{name} {days[0]} {days[1]}" for name, days in spans)
            self.work.data = "\n".join(str(day) for day in told["work"])
        except (ValueError, AttributeError, KeyError, TypeError, IndexError) as error:
            raise ValidationError(gettext("The file isn't a table of working days")) from error

    def asked(self) -> NewTable:
        """What was filled in."""
        days = tuple(sorted(set(self.work_days)))
        return NewTable(int(self.year.data or 0), self.source.data or "", self.days, days)


def empty_form() -> TableForm:
    """A form for the year that is missing, else the next."""
    missing = clock.missing_years(clock.today())
    return TableForm(data={"year": missing[0] if missing else clock.today().year + 1})


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]
