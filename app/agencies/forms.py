from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app import credit_code
from app.accounts.models import User
from app.agencies.labels import TYPES
from app.agencies.models import Agency, AgencyType
from app.agencies.services import NewAgency, NewEvaluator, Particulars
from app.person_names import NO_NAME, is_name


def a_name(_form: FlaskForm, field: StringField) -> None:
    """What was typed can be somebody's name."""
    if not is_name(field.data):
        raise ValidationError(NO_NAME)


class NamedForm(FlaskForm):
    """What an agency is known by: first in every form of agencies, and so in what is told of it."""

    name = StringField(_("Name"), [DataRequired(_("Enter the name")), Length(max=200), a_name])
    credit_code = StringField(
        _("Unified social credit code"),
        [InputRequired(_("Enter the unified social credit code")), Length(max=40)],
        description=_("18 characters, checked to GB 32100-2015"),
    )

    def validate_credit_code(self, field: StringField) -> None:
        """A wrong code is told beside whatever else is wrong, not in a second round."""
        if problem := credit_code.check(credit_code.normalise(field.data or "")):
            raise ValidationError(problem.words)


class ParticularsForm(FlaskForm):
    agency_type = SelectField(
        _("Kind of agency"),
        [InputRequired(_("Choose the kind"))],
        choices=[SelectChoice(kind.value, words) for kind, words in TYPES.items()],
    )
    legal_representative = StringField(
        _("Legal representative"),
        [DataRequired(_("Enter the legal representative")), Length(max=60), a_name],
    )
    established_on = DateField(_("Established on"), [Optional()])
    phone = StringField(_("Telephone"), [Optional(), Length(max=40)], render_kw={"type": "tel"})
    address = StringField(_("Address"), [Optional(), Length(max=200)])
    platform_number = StringField(
        _("Number in the Ministry's credit platform"),
        [Optional(), Length(max=60)],
        description=_("Filing there is voluntary and no condition of anything here"),
    )

    def particulars(self) -> Particulars:
        """What the form says about the agency."""
        return Particulars(
            agency_type=AgencyType(self.agency_type.data),
            legal_representative=self.legal_representative.data.strip(),
            address=(self.address.data or "").strip(),
            phone=(self.phone.data or "").strip(),
            established_on=self.established_on.data,
            platform_number=(self.platform_number.data or "").strip(),
        )


class AgencyForm(ParticularsForm, NamedForm):
    def new_agency(self) -> NewAgency:
        """The agency that the form asks to register."""
        return NewAgency(self.name.data, self.credit_code.data, self.particulars())


class EvaluatorForm(FlaskForm):
    name = StringField(
        _("Name of the person"), [DataRequired(_("Enter the name")), Length(max=60), a_name]
    )
    qualification = StringField(
        _("Professional title or licence"),
        [DataRequired(_("Enter the title or licence")), Length(max=120)],
        description=_("A title of middle or senior rank, or a licence such as CPA"),
    )
    working_since = DateField(_("Working since"), [InputRequired(_("Enter the day"))])
    evaluating_since = DateField(
        _("In performance evaluation since"), [InputRequired(_("Enter the day"))]
    )
    user = SelectField(_("Account"), [Optional()], description=_("The person's own account here"))
    remark = TextAreaField(_("Remark"), [Optional(), Length(max=1000)])

    def validate_evaluating_since(self, field: DateField) -> None:
        """Evaluation is a part of working life."""
        if field.data and self.working_since.data and field.data < self.working_since.data:
            raise ValidationError(_("Performance evaluation can't have begun before work did"))

    def new_evaluator(self, accounts: Mapping[str, User]) -> NewEvaluator:
        """The practitioner that the form asks to register."""
        return NewEvaluator(
            name=self.name.data,
            qualification=self.qualification.data,
            working_since=self.working_since.data,
            evaluating_since=self.evaluating_since.data,
            user=accounts.get(self.user.data),
            remark=self.remark.data or "",
        )


def form_of(agency: Agency) -> ParticularsForm:
    """The form that corrects an agency, filled with what is there."""
    form = ParticularsForm(obj=agency)
    if not form.is_submitted():
        form.agency_type.data = agency.agency_type.value
    return form
