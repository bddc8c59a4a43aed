"""How states and items of an application are called."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.accreditation.models import Requirement, State
from app.accreditation.told import LEAD, PRACTITIONER
from app.audit.wording import show_fact

STATES = {
    State.DRAFT: _("Being filled in"),
    State.SUBMITTED: _("Waits for review"),
    State.RETURNED: _("Returned to be put right"),
    State.ENTERED: _("Entered in the register"),
    State.REFUSED: _("Entry refused"),
    State.WITHDRAWN: _("Application withdrawn"),
}
TONES = {
    State.DRAFT: "grey",
    State.SUBMITTED: "blue",
    State.RETURNED: "amber",
    State.ENTERED: "green",
    State.REFUSED: "red",
    State.WITHDRAWN: "grey",
}
REQUIREMENTS = {
    Requirement.PARTICULARS: _("The agency"),
    Requirement.LEGAL_REPRESENTATIVE: _("Legal representative"),
    Requirement.BRANCHES: _("Branches"),
    Requirement.LEAD_EVALUATORS: _("Lead evaluators"),
    Requirement.PRACTITIONERS: _("Other practitioners"),
    Requirement.ASSOCIATES: _("Associated experts"),
    Requirement.QUALITY_CONTROL: _("System of internal quality control"),
    Requirement.CONFIDENTIALITY: _("System of confidentiality"),
    Requirement.TRAINING: _("System of professional training"),
    Requirement.FINANCE: _("Systems of accounting and of assets"),
    Requirement.GOOD_STANDING: _("No grave breach of law within three years"),
}
PROOFS = {
    Requirement.PARTICULARS: _("Business licence, or certificate of the legal person"),
    Requirement.LEGAL_REPRESENTATIVE: _("Letter of appointment, where the licence names nobody"),
    Requirement.BRANCHES: _("Licences of the branches"),
    Requirement.LEAD_EVALUATORS: _(
        "Titles or licences, and proof of five years of work, three of them in evaluation"
    ),
    Requirement.PRACTITIONERS: _("List of those employed, without ID numbers"),
    Requirement.ASSOCIATES: _("Agreements or letters of engagement"),
    Requirement.QUALITY_CONTROL: _("The system in writing, with its three levels of review"),
    Requirement.CONFIDENTIALITY: _("The system in writing"),
    Requirement.TRAINING: _("The system in writing, or the yearly plan"),
    Requirement.FINANCE: _("The systems in writing"),
    Requirement.GOOD_STANDING: _("Signed and sealed statement"),
}
KINDS = {LEAD: _("Lead evaluator"), PRACTITIONER: _("Practitioner")}


def join() -> None:
    """Tell the log how these facts are written in its sentences."""
    show_fact("requirement", lambda fact: str(REQUIREMENTS[Requirement(fact)]))
    show_fact(
        "requirements",
        lambda fact: gettext(", ").join(str(REQUIREMENTS[Requirement(one)]) for one in fact),
    )
