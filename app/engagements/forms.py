from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from app import clock
from app.accounts.lookup_fields import NameField, Roll
from app.accounts.models import UNIT_KINDS, Organisation, OrganisationKind
from app.accounts.queries import organisation_names, organisations
from app.agencies.models import Evaluator
from app.db import db
from app.engagements import labels, queries
from app.engagements.acceptance import Finding
from app.engagements.models import (
    AcceptanceItem,
    Allowance,
    EngagementTemplate,
    IssuedBy,
    ServiceType,
)
from app.engagements.opening import NewEngagement, NewTask
from app.listed import ListedRow

MOST_YUAN = Decimal(10) ** 11
MOST_TASKS = 400
CLIENT_KINDS = (OrganisationKind.BUREAU, OrganisationKind.SECTION, *UNIT_KINDS)
Choices = list[SelectChoice]


def key(value: object) -> int:
    """The record's number that a choice stands for; nought where nothing is chosen."""
    return int(str(value)) if value else 0


def whole_fen(_form: Form, field: Field) -> None:
    """An amount has no more than two decimals; one that is out of range isn't reckoned with."""
    amount = field.data
    in_range = amount is not None and amount.is_finite() and 0 <= amount <= MOST_YUAN
    if in_range and amount * 100 % 1:
        raise ValidationError(gettext("An amount has at most two decimals"))


def fen(amount: Decimal | None) -> int:
    """Yuan as fen."""
    return int((amount or Decimal(0)) * 100)


class TaskForm(ListedRow):
    """One row of the form; an empty row is passed over."""

    project = StringField(_("Project"), [Length(max=200)])
    amount = DecimalField(
        _("Funds (yuan)"),
        [Optional(), NumberRange(0, MOST_YUAN, _("Enter an amount of nought or more")), whole_fen],
    )
    unit = NameField(_("Evaluated unit"), names="evaluated-units")
    section = SelectField(_("Business section"), coerce=key)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not (self.project.data or self.amount.data or self.unit.data)


class EngagementForm(FlaskForm):
    name = StringField(
        _("Name of the engagement"),
        [DataRequired(_("Enter the name of the engagement")), Length(max=200)],
    )
    template = SelectField(_("Template"), [DataRequired(_("Choose the template"))], coerce=key)
    service_type = SelectField(_("Kind of work"), [Optional()], coerce=key)
    client = NameField(
        _("Commissioning party"),
        [DataRequired(_("Choose the commissioning party"))],
        names="clients",
    )
    lead_evaluator = SelectField(
        _("Agency and lead evaluator"),
        [DataRequired(_("Choose the agency and its lead evaluator"))],
        coerce=key,
    )
    issued_by = RadioField(
        _("Issued in whose name"),
        [InputRequired(_("Choose in whose name the report goes out"))],
        choices=[SelectChoice(kind.value, words) for kind, words in labels.ISSUED_BY.items()],
    )
    fee = DecimalField(
        _("Fee (yuan)"),
        [
            InputRequired(_("Enter the fee")),
            NumberRange(Decimal("0.01"), MOST_YUAN, _("The fee must be more than nothing")),
            whole_fen,
        ],
    )
    signed_on = DateField(_("Contract signed on"), [InputRequired(_("Enter the day"))])
    starts_on = DateField(_("Work starts on"), [InputRequired(_("Enter the day"))])
    ends_on = DateField(_("Work ends on"), [InputRequired(_("Enter the day"))])
    tasks = FieldList(FormField(TaskForm), _("Tasks"), min_entries=1, max_entries=MOST_TASKS)

    def offer(self) -> "EngagementForm":
        """Fill the lists that are chosen from; a few statements, however many rows there are."""
        nothing = SelectChoice(0, gettext("Please choose"))
        self.template.choices = [nothing, *template_choices()]
        self.service_type.choices = [
            SelectChoice(0, gettext("As the template says")),
            *kind_choices(),
        ]
        self.client.offer(Roll(organisations(*CLIENT_KINDS)), gettext("Please choose"))
        self.lead_evaluator.choices = evaluator_choices()
        units, nobody = Roll(organisations(*UNIT_KINDS)), gettext("No evaluated unit")
        sections = [nothing, *named(OrganisationKind.SECTION)]
        for row in self.tasks:
            row.form.unit.offer(units, nobody)
            row.form.section.choices = sections
        return self

    def add_task(self) -> None:
        """One more empty row, up to the most that a contract holds."""
        if len(self.tasks) < MOST_TASKS:
            self.tasks.append_entry()

    def drop_task(self, number: int) -> None:
        """Take a row out; the others move up."""
        told = [row.data for row in self.tasks]
        while len(self.tasks):
            self.tasks.pop_entry()
        for row in told[:number] + told[number + 1 :]:
            self.tasks.append_entry(row)

    def validate_tasks(self, field: FieldList) -> None:
        """Rows that were begun are complete."""
        rows = [row.form for row in field if not row.form.is_empty]
        if not rows:
            raise ValidationError(gettext("An engagement has at least one task"))
        for number, row in enumerate(rows, start=1):
            if not (row.project.data and row.amount.data is not None and row.section.data):
                raise ValidationError(
                    gettext("Task %(number)s needs project, funds and section", number=number)
                )

    def told(self) -> NewEngagement:
        """What was entered, as the service takes it."""
        evaluator = _chosen(Evaluator, self.lead_evaluator.data)
        return NewEngagement(
            name=self.name.data,
            template=_chosen(EngagementTemplate, self.template.data),
            service_type=db.session.get(ServiceType, self.service_type.data or 0),
            agency=evaluator.agency,
            lead_evaluator=evaluator,
            client=_chosen(Organisation, self.client.data),
            issued_by=IssuedBy(self.issued_by.data),
            fee_fen=fen(self.fee.data),
            signed_on=self.signed_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            tasks=[_task(row.form) for row in self.tasks if not row.form.is_empty],
        )


def _chosen(model: Any, chosen: int) -> Any:
    """The record of a choice, which the form has checked."""
    return db.session.get_one(model, chosen)


def _task(row: TaskForm) -> NewTask:
    return NewTask(
        project=row.project.data or "",
        amount_fen=fen(row.amount.data),
        section=_chosen(Organisation, row.section.data),
        unit=db.session.get(Organisation, row.unit.data or 0),
    )


def template_choices() -> Choices:
    """The templates in force, by the reader's name."""
    templates = db.session.scalars(queries.templates_in_force())
    return [SelectChoice(t.id, labels.template_label(t.code, t.name)) for t in templates]


def kind_choices() -> Choices:
    """The kinds of work that may be entrusted or assisted with; what is forbidden isn't offered."""
    kinds = db.session.scalars(queries.service_types())
    return [
        SelectChoice(kind.id, f"{labels.service_type_label(kind.code, kind.name)} · {words}")
        for kind in kinds
        if (words := labels.ALLOWANCES[kind.allowance])
        and kind.allowance is not Allowance.FORBIDDEN
    ]


def named(*kinds: OrganisationKind) -> Choices:
    """Organisations by name."""
    return [SelectChoice(key, name) for key, name in organisation_names(*kinds)]


def evaluator_choices() -> Choices:
    """Confirmed lead evaluators, grouped by their agency: choosing one chooses both."""
    known = queries.signers()
    people = [SelectChoice(key, name, optgroup=agency) for key, name, agency in known]
    return [SelectChoice(0, gettext("Please choose")), *people]


class ReasonForm(FlaskForm):
    """A decision against somebody stands in writing."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Enter the reason")), Length(max=2000)],
        render_kw={"rows": 4},
    )


class FindingForm(ListedRow):
    """What was found about one item of the contract."""

    verdict = RadioField(
        _("Finding"),
        [InputRequired(_("Say whether the item is met"))],
        choices=[SelectChoice("met", _("Met")), SelectChoice("unmet", _("Not met"))],
    )
    remark = StringField(_("Remark"), [Length(max=300)])


def rework_has_a_day(form: Form, field: Field) -> None:
    """A refusal for rework names a working day to come; other decisions name none."""
    day = field.data
    if form.outcome.data != "rework":
        return
    if not (day and clock.today() < day <= clock.LAST_DAY and clock.is_working_day(day)):
        field.errors[:] = []
        raise StopValidation(gettext("The day for rework must be a working day after today"))


class AcceptanceForm(FlaskForm):
    outcome = RadioField(
        _("Decision on acceptance"),
        [InputRequired(_("Choose the decision on acceptance"))],
        choices=[
            SelectChoice("accept", _("Accept: every item is met")),
            SelectChoice("rework", _("Refuse, with a date for rework")),
            SelectChoice("refuse", _("Refuse finally")),
        ],
    )
    findings = FieldList(FormField(FindingForm))
    reasons = TextAreaField(_("Reasons for refusal"), [Length(max=2000)], render_kw={"rows": 4})
    due_on = DateField(_("Rework due on"), [rework_has_a_day, Optional()])

    @classmethod
    def about(cls, items: Iterable[AcceptanceItem]) -> "AcceptanceForm":
        """The form with one row for each item of the contract."""
        form, count = cls(), len(list(items))
        while len(form.findings) > count:
            form.findings.pop_entry()
        while len(form.findings) < count:
            form.findings.append_entry()
        return form

    def validate_reasons(self, field: TextAreaField) -> None:
        """A refusal says why."""
        if self.outcome.data in {"rework", "refuse"} and not (field.data or "").strip():
            raise ValidationError(gettext("Say why acceptance is refused"))

    def told(self, items: Iterable[AcceptanceItem]) -> list[Finding]:
        """The findings, as the services take them."""
        return [
            Finding(item.id, row.form.verdict.data == "met", row.form.remark.data or "")
            for item, row in zip(items, self.findings, strict=True)
        ]
