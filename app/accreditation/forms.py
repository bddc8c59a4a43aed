from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app import clock, credit_code
from app.accreditation import labels
from app.accreditation.models import Application, Requirement
from app.accreditation.told import (
    LEAD,
    LOGIN,
    MOST_ROWS,
    NO_LOGIN,
    NO_PHONE,
    PHONE,
    Practitioner,
    Told,
    practitioner,
    wrong_days,
)
from app.agencies.forms import AgencyForm, a_name
from app.agencies.related import NewAssociate, NewBranch
from app.attachments.forms import FileForm
from app.errors import Words
from app.listed import ListedRow
from app.person_names import NO_NAME, is_name
from app.web import fresh_token

KEPT = (
    *("name", "credit_code", "legal_representative", "established_on", "address", "phone"),
    *("platform_number", "login", "contact_name", "contact_phone", "branches", "associates"),
)


def filled(field: StringField) -> str:
    """What was typed, without blanks around it."""
    return (field.data or "").strip()


class NamedRow(ListedRow):
    """Something that has a name; a row in which nothing was typed is left out."""

    @property
    def is_told(self) -> bool:
        """Whether anything was typed; what is chosen of a list was there before."""
        return any(one.data for one in self if not isinstance(one, SelectField))

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is wrong with the row stands at its own field."""
        fine: bool = super().validate(extra_validators)
        if not fine or not self.is_told:
            return fine
        found = dict(self.faults())
        for name, words in found.items():
            self[name].errors = [words]
        return not found

    def faults(self) -> Iterator[tuple[str, Words]]:
        """What can't be kept, by field."""
        if not filled(self["name"]):
            yield "name", _("Enter the name")
        elif not is_name(filled(self["name"])):
            yield "name", NO_NAME


class PersonRow(NamedRow):
    """A person of the agency."""

    kind = SelectField(
        _("Stands as"),
        choices=[SelectChoice(kind, words) for kind, words in labels.KINDS.items()],
        default=LEAD,
    )
    name = StringField(_("Name of the person"), [Length(max=60)])
    qualification = StringField(_("Professional title or licence"), [Length(max=120)])
    working_since = DateField(_("Working since"), [Optional()])
    evaluating_since = DateField(_("In performance evaluation since"), [Optional()])

    def faults(self) -> Iterator[tuple[str, Words]]:
        """A person who is named has a first day of work, and days that can be."""
        yield from super().faults()
        if self.working_since.data is None:
            yield "working_since", _("Enter the day")
        elif wrong := wrong_days(self.told()):
            yield wrong

    def told(self) -> Practitioner:
        """As it was filled in."""
        return Practitioner(
            kind=self.kind.data,
            name=filled(self.name),
            qualification=filled(self.qualification),
            working_since=self.working_since.data or clock.today(),
            evaluating_since=self.evaluating_since.data,
        )


class BranchRow(NamedRow):
    """A branch of the agency."""

    name = StringField(_("Name of the branch"), [Length(max=200)])
    credit_code = StringField(_("Credit code of its own"), [Length(max=40)])
    address = StringField(_("Address"), [Length(max=200)])

    def faults(self) -> Iterator[tuple[str, Words]]:
        """A branch that answers for itself has a true credit code of its own."""
        yield from super().faults()
        code = credit_code.normalise(filled(self.credit_code))
        if code and (problem := credit_code.check(code)):
            yield "credit_code", problem.words

    def told(self) -> NewBranch:
        """As it was filled in."""
        return NewBranch(filled(self.name), filled(self.credit_code), filled(self.address))


class AssociateRow(NamedRow):
    """An associated expert."""

    name = StringField(_("Name of the person"), [Length(max=60)])
    title = StringField(_("Professional title"), [Length(max=120)])
    employer = StringField(_("Employer"), [Length(max=200)])

    def told(self) -> NewAssociate:
        """As it was filled in."""
        return NewAssociate(filled(self.name), filled(self.title), filled(self.employer))


class ApplicationForm(AgencyForm):
    """What an agency tells of itself, beside its proof; in the order of the page."""

    people = FieldList(
        FormField(PersonRow), _("Lead evaluators and other practitioners"), max_entries=MOST_ROWS
    )
    branches = FieldList(FormField(BranchRow), _("Branches"), max_entries=MOST_ROWS)
    associates = FieldList(FormField(AssociateRow), _("Associated experts"), max_entries=MOST_ROWS)
    contact_name = StringField(
        _("Your administrator's name"),
        [DataRequired(_("Enter the administrator's name")), Length(max=60), a_name],
    )
    contact_phone = StringField(
        _("Your administrator's telephone"),
        [InputRequired(_("Enter a telephone number")), Length(max=30)],
        description=_("Encrypted, read by the section alone, erased when it is no longer needed"),
        render_kw={"type": "tel"},
    )
    login = StringField(
        _("Sign-in name that you wish for"),
        [InputRequired(_("Enter the sign-in name")), Length(max=60)],
        description=_("Of your agency's administrator; 3 to 60 letters, digits, dots and dashes"),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    once = HiddenField(default=fresh_token)

    def validate_contact_phone(self, field: StringField) -> None:
        """A number that can be called."""
        if not PHONE.fullmatch("".join(field.data.split())):
            raise ValidationError(NO_PHONE)

    def validate_login(self, field: StringField) -> None:
        """A name that an account can have."""
        if not LOGIN.fullmatch(field.data.strip()):
            raise ValidationError(NO_LOGIN)

    def open_rows(self, more: str = "") -> "ApplicationForm":
        """Always a few empty rows; `more` names the list that three are added to."""
        for field, least in ((self.people, 2), (self.branches, 1), (self.associates, 1)):
            wanted = max(least, len(field) + (3 if field.name == more else 0))
            while len(field) < min(wanted, MOST_ROWS):
                field.append_entry()
        return self

    def told(self) -> Told:
        """The application as it was filled in."""
        return Told(
            name=self.name.data or "",
            credit_code=self.credit_code.data or "",
            particulars=self.particulars(),
            login=self.login.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            people=[row.form.told() for row in self.people if row.form.is_told],
            branches=[row.form.told() for row in self.branches if row.form.is_told],
            associates=[row.form.told() for row in self.associates if row.form.is_told],
        )


def form_of(application: Application) -> ApplicationForm:
    """The form that changes an application, filled with what is there and not with what was sent.

    Another form of the same page may have been sent: its answer shows this one as it stands.
    """
    kept: dict[str, Any] = {name: getattr(application, name) for name in KEPT}
    kept["agency_type"] = application.agency_type.value
    kept["people"] = [vars(practitioner(row)) for row in application.people]
    return ApplicationForm(formdata=None, data=kept).open_rows()


class ProofForm(FileForm):
    """One file that proves an item, with the last day on which it holds."""

    requirement = SelectField(
        _("Item of the register"),
        [InputRequired(_("Choose the item"))],
        choices=[SelectChoice(one.value, words) for one, words in labels.REQUIREMENTS.items()],
    )
    expires_on = DateField(
        _("Good until"),
        [Optional()],
        description=_("Only where the document names its last day; you are reminded before it"),
    )


class DecisionForm(FlaskForm):
    """The section's decision, with a reason for each item that is returned."""

    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose the decision"))],
        choices=[
            SelectChoice("enter", _("Enter in the register, open the first account")),
            SelectChoice("return", _("Return, with the reasons below")),
            SelectChoice("refuse", _("Do not enter")),
        ],
    )
    login = StringField(_("Sign-in name of the first account"), [Optional(), Length(max=60)])
    words = TextAreaField(
        _("Words to the applicant"), [Optional(), Length(max=1000)], render_kw={"rows": 2}
    )
    once = HiddenField(default=fresh_token)

    @property
    def reasons(self) -> dict[Requirement, str]:
        """Why each item is returned."""
        return {one: filled(self[f"why_{one}"]) for one in Requirement}


for _one in Requirement:
    setattr(
        DecisionForm,
        f"why_{_one}",
        TextAreaField(
            labels.REQUIREMENTS[_one], [Optional(), Length(max=1000)], render_kw={"rows": 2}
        ),
    )
