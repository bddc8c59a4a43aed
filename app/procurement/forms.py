from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    FieldList,
    Form,
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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app import clock
from app.accounts.lookup_fields import NameField, Roll
from app.accounts.models import UNIT_KINDS, Organisation, OrganisationKind
from app.accounts.queries import organisations
from app.db import db
from app.engagements.forms import CLIENT_KINDS, MOST_YUAN, fen, key, named, template_choices
from app.engagements.forms import whole_fen as whole_amount
from app.engagements.labels import ISSUED_BY
from app.engagements.models import EngagementTemplate, IssuedBy
from app.engagements.opening import NewTask
from app.listed import ListedRow
from app.procurement import labels
from app.procurement.methods import Method
from app.procurement.rule_models import ProcurementRules
from app.procurement.services import NewLot, NewNeed, NewRules

MOST_ROWS = 400
ADDRESS = Regexp(r"^https?://[^\s\"'<>]+$", message=_("An address begins with https://"))


def amount(label: Any, *more: Any) -> DecimalField:
    """An amount in yuan."""
    limits = NumberRange(0, MOST_YUAN, _("Enter an amount of nought or more"))
    return DecimalField(label, [*more, limits, whole_amount], render_kw={"inputmode": "decimal"})


def words(label: Any, *more: Any, rows: int = 2, longest: int = 2000) -> TextAreaField:
    """Some lines of text."""
    return TextAreaField(label, [*more, Length(max=longest)], render_kw={"rows": rows})


def day(label: Any) -> DateField:
    """A day of business."""
    return DateField(label, [InputRequired(_("Enter the day")), is_of_business])


def is_of_business(_form: Form, field: Field) -> None:
    """Between 2000 and 2099."""
    told = field.data
    plain = told.date() if isinstance(told, datetime) else told
    if plain is None or not clock.FIRST_DAY <= plain <= clock.LAST_DAY:
        raise ValidationError(gettext("Enter days between 2000 and 2099"))


def moment(label: Any) -> DateTimeLocalField:
    """A day and a time, as clocks here show it."""
    forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
    checks = [InputRequired(_("Enter day and time")), is_of_business]
    return DateTimeLocalField(label, checks, format=forms)


def utc(told: datetime) -> datetime:
    """What was typed, as a stored moment."""
    return told.replace(tzinfo=clock.SHANGHAI).astimezone(UTC)


class LotRow(ListedRow):
    """A lot with a task; without a name of its own it adds a task to the lot above."""

    name = StringField(_("Lot"), [Length(max=200)])
    budget = amount(_("Budget (yuan)"), Optional())
    days = IntegerField(
        _("Days"), [Optional(), NumberRange(1, 3650, _("From 1 to 3650 days"))], default=60
    )
    project = StringField(_("Project"), [Length(max=200)])
    funds = amount(_("Funds (yuan)"), Optional())
    unit = NameField(_("Evaluated unit"), names="evaluated-units")
    section = SelectField(_("Business section"), coerce=key)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not (self.name.data or self.project.data or self.budget.data)


class NeedForm(FlaskForm):
    """A need with its lots."""

    name = StringField(_("Name of the need"), [DataRequired(_("Enter the name")), Length(max=200)])
    template = SelectField(_("Template"), [DataRequired(_("Choose the template"))], coerce=key)
    client = NameField(
        _("Commissioning party"),
        [DataRequired(_("Choose the commissioning party"))],
        names="clients",
    )
    issued_by = RadioField(
        _("Issued in whose name"),
        [InputRequired(_("Choose in whose name the report goes out"))],
        choices=[SelectChoice(kind.value, text) for kind, text in ISSUED_BY.items()],
        default=IssuedBy.AGENCY.value,
    )
    method = RadioField(
        _("Procurement method"),
        [InputRequired(_("Choose the method"))],
        choices=[SelectChoice(one.value, text) for one, text in labels.METHODS.items()],
    )
    reason = words(_("Reason for the method"))
    service_area = words(_("Service area"))
    qualification = words(_("Qualification asked"))
    experience = words(_("Experience asked"))
    plan_no = StringField(_("Number of the procurement plan"), [Length(max=80)])
    notice_url = StringField(_("Address of the notice"), [Optional(), Length(max=400), ADDRESS])
    lots = FieldList(FormField(LotRow), _("Lots"), min_entries=1, max_entries=MOST_ROWS)
    once = HiddenField()

    def offer(self) -> "NeedForm":
        """Fill the lists that are chosen from; a few statements, however many rows there are."""
        nothing = SelectChoice(0, gettext("Please choose"))
        self.template.choices = [nothing, *template_choices()]
        self.client.offer(Roll(organisations(*CLIENT_KINDS)), gettext("Please choose"))
        units, nobody = Roll(organisations(*UNIT_KINDS)), gettext("No evaluated unit")
        sections = [nothing, *named(OrganisationKind.SECTION)]
        for row in self.lots:
            row.form.unit.offer(units, nobody)
            row.form.section.choices = sections
        return self

    def add_rows(self, count: int) -> None:
        """Some more empty rows."""
        for _n in range(min(count, 20)):
            if len(self.lots) < MOST_ROWS:
                self.lots.append_entry()

    def validate_lots(self, field: FieldList) -> None:
        """Rows that were begun are complete; the first one names its lot."""
        rows = [row.form for row in field if not row.form.is_empty]
        if not rows or not rows[0].name.data:
            raise ValidationError(gettext("Enter at least one lot with its name"))
        for row in rows:
            begun = row.project.data and row.section.data and row.funds.data is not None
            if not begun or (row.name.data and not (row.budget.data and row.days.data)):
                text = gettext("Each row needs project, funds and section; a lot budget and days")
                raise ValidationError(text)

    def told(self) -> NewNeed:
        """The need as it was filled in."""
        texts = ("reason", "service_area", "qualification", "experience", "plan_no", "notice_url")
        return NewNeed(
            name=self.name.data or "",
            method=Method(self.method.data),
            template=db.session.get_one(EngagementTemplate, self.template.data),
            client=db.session.get_one(Organisation, self.client.data),
            issued_by=IssuedBy(self.issued_by.data),
            lots=self._lots(),
            **{name: self[name].data or "" for name in texts},
        )

    def _lots(self) -> list[NewLot]:
        found: list[NewLot] = []
        for row in (row.form for row in self.lots if not row.form.is_empty):
            if row.name.data:
                found.append(NewLot(row.name.data, fen(row.budget.data), row.days.data, []))
            found[-1] = NewLot(
                found[-1].name, found[-1].budget_fen, found[-1].days,
                [*found[-1].tasks, _task(row)],
            )  # fmt: skip
        return found


def _task(row: LotRow) -> NewTask:
    return NewTask(
        project=row.project.data or "",
        amount_fen=fen(row.funds.data),
        section=db.session.get_one(Organisation, row.section.data),
        unit=db.session.get(Organisation, row.unit.data or 0),
    )


class RulesForm(FlaskForm):
    """A version of the thresholds."""

    document_no = StringField(
        _("Document number (文号)"), [DataRequired(_("Name the document")), Length(max=120)]
    )
    effective_on = day(_("In force from"))
    limit = amount(_("Procurement limit (yuan)"), InputRequired(_("Enter the amount")))
    tender = amount(_("Open tender from (yuan)"), InputRequired(_("Enter the amount")))
    publicity_days = IntegerField(
        _("Days of public notice (working days)"), [InputRequired(), NumberRange(1, 30)]
    )
    answer_days = IntegerField(
        _("Days to answer an objection (working days)"), [InputRequired(), NumberRange(1, 30)]
    )
    fewest_offers = IntegerField(
        _("Fewest agencies for a draw"), [InputRequired(), NumberRange(1, 20)]
    )
    once = HiddenField()

    @classmethod
    def after(cls, rules: ProcurementRules) -> "RulesForm":
        """The form with what is in force."""
        names = ("document_no", "publicity_days", "answer_days", "fewest_offers")
        told = {name: getattr(rules, name) for name in names}
        money = {"limit": rules.limit_fen // 100, "tender": rules.tender_fen // 100}
        return cls(data={**told, **money, "effective_on": clock.today()})

    def told(self) -> NewRules:
        """The version as it was filled in."""
        return NewRules(
            limit_fen=fen(self.limit.data),
            tender_fen=fen(self.tender.data),
            publicity_days=self.publicity_days.data or 0,
            answer_days=self.answer_days.data or 0,
            fewest_offers=self.fewest_offers.data or 0,
            document_no=self.document_no.data or "",
            effective_on=self.effective_on.data,
        )
