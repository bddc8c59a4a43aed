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
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accreditation import labels
from app.accreditation.models import Application, Requirement
from app.accreditation.told import LEAD, MOST_ROWS, Practitioner, Told, practitioner
from app.agencies.forms import AgencyForm
from app.agencies.related import NewAssociate, NewBranch
from app.attachments.forms import FileForm
from app.listed import ListedRow
from app.web import fresh_token

KEPT = (
    *("name", "credit_code", "legal_representative", "established_on", "address", "phone"),
    *("platform_number", "login", "contact_name", "contact_phone", "branches", "associates"),
)


def filled(field: StringField) -> str:
    """What was typed, without blanks around it."""
    return (field.data or "").strip()


class PersonRow(ListedRow):
    """A person; a row without a name is left out."""

    kind = SelectField(
        _("Stands as"),
        choices=[SelectChoice(kind, words) for kind, words in labels.KINDS.items()],
        default=LEAD,
    )
    name = StringField(_("Name of the person"), [Length(max=60)])
    qualification = StringField(_("Professional title or licence"), [Length(max=120)])
    working_since = DateField(_("Working since"), [Optional()])
    evaluating_since = DateField(_("In performance evaluation since"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """A person who is named has a first day of work."""
        fine: bool = super().validate(extra_validators)
        if fine and filled(self.name) and self.working_since.data is None:
            self.working_since.errors = [_("Enter the day")]
            return False
        return fine


class BranchRow(ListedRow):
    """A branch; a row without a name is left out."""

    name = StringField(_("Name of the branch"), [Length(max=200)])
    credit_code = StringField(_("Credit code of its own"), [Length(max=40)])
    address = StringField(_("Address"), [Length(max=200)])


class AssociateRow(ListedRow):
    """An associated expert; a row without a name is left out."""

    name = StringField(_("Name of the person"), [Length(max=60)])
    title = StringField(_("Professional title"), [Length(max=120)])
    employer = StringField(_("Employer"), [Length(max=200)])


class ApplicationForm(AgencyForm):
    """What an agency tells of itself, beside its proof."""

    login = StringField(
        _("Sign-in name that you wish for"),
        [InputRequired(_("Enter the sign-in name")), Length(max=60)],
        description=_("Of your agency's administrator; 3 to 60 letters, digits, dots and dashes"),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    contact_name = StringField(
        _("Your administrator's name"),
        [DataRequired(_("Enter the administrator's name")), Length(max=60)],
    )
    contact_phone = StringField(
        _("Your administrator's telephone"),
        [InputRequired(_("Enter a telephone number")), Length(max=30)],
        description=_("Encrypted, read by the section alone, erased when it is no longer needed"),
        render_kw={"type": "tel"},
    )
    people = FieldList(FormField(PersonRow), _("People"), max_entries=MOST_ROWS)
    branches = FieldList(FormField(BranchRow), _("Branches"), max_entries=MOST_ROWS)
    associates = FieldList(FormField(AssociateRow), _("Associated experts"), max_entries=MOST_ROWS)
    once = HiddenField(default=fresh_token)

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
            people=[self._person(row.form) for row in self.people if filled(row.form.name)],
            branches=[
                NewBranch(
                    filled(row.form.name), filled(row.form.credit_code), filled(row.form.address)
                )
                for row in self.branches
                if filled(row.form.name)
            ],
            associates=[
                NewAssociate(
                    filled(row.form.name), filled(row.form.title), filled(row.form.employer)
                )
                for row in self.associates
                if filled(row.form.name)
            ],
        )

    @staticmethod
    def _person(row: Any) -> Practitioner:
        return Practitioner(
            kind=row.kind.data,
            name=filled(row.name),
            qualification=filled(row.qualification),
            working_since=row.working_since.data,
            evaluating_since=row.evaluating_since.data,
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
    words = TextAreaField(
        _("Words to the applicant"), [Optional(), Length(max=1000)], render_kw={"rows": 2}
    )
    login = StringField(_("Sign-in name of the first account"), [Optional(), Length(max=60)])
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
