from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts.lookup_fields import NameField, Roll
from app.accounts.models import User
from app.agencies.forms import EvaluatorForm
from app.agencies.models import Evaluator
from app.agencies.related import NewAssociate, NewBranch
from app.agencies.services import NewEvaluator
from app.display import bracketed
from app.papers.forms import Needed
from app.web import fresh_token

A_NAME = DataRequired(_("Enter the name"))


class BranchForm(FlaskForm):
    """A branch of the agency."""

    name = StringField(_("Name of the branch"), [A_NAME, Length(max=200)])
    credit_code = StringField(_("Credit code of its own"), [Optional(), Length(max=40)])
    address = StringField(_("Address"), [Optional(), Length(max=200)])
    once = HiddenField(default=fresh_token)

    def told(self) -> NewBranch:
        """As it was filled in."""
        code, address = self.credit_code.data or "", self.address.data or ""
        return NewBranch(self.name.data or "", code, address)


class AssociateForm(FlaskForm):
    """An associated expert of the agency."""

    name = StringField(_("Name of the person"), [A_NAME, Length(max=60)])
    title = StringField(_("Professional title"), [Optional(), Length(max=120)])
    employer = StringField(_("Employer"), [Optional(), Length(max=200)])
    once = HiddenField(default=fresh_token)

    def told(self) -> NewAssociate:
        """As it was filled in."""
        return NewAssociate(self.name.data or "", self.title.data or "", self.employer.data or "")


class TransferForm(FlaskForm):
    """Whom the new agency asks for."""

    agency = NameField(
        _("Works for now"), [DataRequired(_("Choose the agency"))], names="transfer-agencies"
    )
    name = StringField(_("Name of the person"), [A_NAME, Length(max=60)])
    reason = TextAreaField(
        _("Since when, and by which contract"),
        [DataRequired(_("Enter the reason")), Length(max=500)],
        render_kw={"rows": 2},
    )
    once = HiddenField(default=fresh_token)

    def offer(self, agencies: Roll) -> "TransferForm":
        """The other agencies of the register."""
        self.agency.offer(agencies, gettext("Choose"))
        return self


class DecisionForm(FlaskForm):
    """Whether the person is released."""

    outcome = RadioField(
        _("Decision"),
        [InputRequired(_("Choose the decision"))],
        choices=[
            SelectChoice("release", _("Release")),
            SelectChoice("refuse", _("Refuse, with a reason")),
        ],
    )
    words = TextAreaField(_("Reason"), [Optional(), Length(max=500)], render_kw={"rows": 2})


class WorkbookForm(FlaskForm):
    """The register as a workbook."""

    file = FileField(_("Workbook (XLSX)"), [Needed()], render_kw={"accept": ".xlsx"})
    once = HiddenField(default=fresh_token)


def form_of(evaluator: Evaluator, accounts: Mapping[str, User]) -> EvaluatorForm:
    """The form that corrects a practitioner, filled with what is there and the accounts to choose.

    Whoever came with a ledger or from another agency is given their account here.
    """
    form = EvaluatorForm(obj=evaluator)
    named = [SelectChoice(key, bracketed(one.name, one.login)) for key, one in accounts.items()]
    form.user.choices = [SelectChoice("", "—"), *named]
    if not form.user.raw_data:
        form.user.data = str(evaluator.user_id or "")
    return form


def corrected(form: EvaluatorForm) -> NewEvaluator:
    """The practitioner as the form has it now."""
    return NewEvaluator(
        name=(form.name.data or "").strip(),
        qualification=(form.qualification.data or "").strip(),
        working_since=form.working_since.data,
        evaluating_since=form.evaluating_since.data,
        remark=(form.remark.data or "").strip(),
    )
