from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.engagements.models import Engagement
from app.listed import ListedRow
from app.rectifications.services import MOST_ITEMS, USUAL_DAYS, NewFinding, NewNotice

GREATEST_YUAN = 10**12


class FindingRow(ListedRow):
    """One finding; a row without words is left out."""

    finding = TextAreaField(_("Finding to put right"), [Length(max=2000)], render_kw={"rows": 2})
    demand = TextAreaField(_("What is demanded"), [Length(max=2000)], render_kw={"rows": 2})
    amount = DecimalField(
        _("Amount (yuan)"),
        [Optional(), NumberRange(0, GREATEST_YUAN, _("Enter an amount"))],
        render_kw={"inputmode": "decimal"},
    )
    working_days = IntegerField(
        _("Working days"),
        [Optional(), NumberRange(1, 250, _("From 1 to 250 days"))],
        default=USUAL_DAYS,
        render_kw={"inputmode": "numeric"},
    )


class NoticeForm(FlaskForm):
    """A notice to a unit with its findings."""

    unit = SelectField(_("Evaluated unit"), [InputRequired()], coerce=int)
    document_no = StringField(_("Document number (文号)"), [Length(max=80)])
    words = TextAreaField(_("Words to the unit"), [Length(max=2000)], render_kw={"rows": 2})
    findings = FieldList(
        FormField(FindingRow), _("Findings"), min_entries=3, max_entries=MOST_ITEMS
    )
    once = HiddenField()

    def bind(self, engagement: Engagement) -> "NoticeForm":
        """Offer the engagement's own units."""
        self.units = {task.unit.id: task.unit for task in engagement.tasks if task.unit}
        self.unit.choices = [SelectChoice(key, unit.name) for key, unit in self.units.items()]
        return self

    def add_rows(self, count: int) -> None:
        """Some more empty rows."""
        for _n in range(min(count, 20)):
            if len(self.findings) < MOST_ITEMS:
                self.findings.append_entry()

    def validate_findings(self, field: FieldList) -> None:
        """At least one row says something."""
        if not any((row.form.finding.data or "").strip() for row in field):
            raise ValidationError(gettext("Enter at least one finding"))

    def told(self) -> NewNotice:
        """The notice as it was filled in."""
        rows = [row.form for row in self.findings if (row.form.finding.data or "").strip()]
        found = [
            NewFinding(
                row.finding.data,
                row.demand.data or "",
                round((row.amount.data or Decimal(0)) * 100),
                row.working_days.data or USUAL_DAYS,
            )
            for row in rows
        ]
        unit = self.units[self.unit.data]
        return NewNotice(unit, found, self.document_no.data or "", self.words.data or "")


class ReportForm(FlaskForm):
    """What the unit did about a finding."""

    measure = TextAreaField(
        _("What was done, and what came of it"),
        [DataRequired(_("Say what was done and what came of it")), Length(max=4000)],
        render_kw={"rows": 5},
    )


class ReturnForm(FlaskForm):
    """What a report lacks, and until when it should come again."""

    words = TextAreaField(
        _("What is wrong or missing"),
        [DataRequired(_("Say what is wrong or missing")), Length(max=2000)],
        render_kw={"rows": 3},
    )
    working_days = IntegerField(
        _("Working days"),
        [InputRequired(_("Enter the working days")), NumberRange(1, 250, _("From 1 to 250 days"))],
        default=5,
    )
