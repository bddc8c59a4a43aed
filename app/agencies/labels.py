"""How the kinds and particulars of an agency are called on pages and in the log."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.agencies.models import AgencyType
from app.audit.wording import show_fact

TYPES = {
    AgencyType.CONSULTANCY: _("Professional consultancy"),
    AgencyType.ACCOUNTING: _("Accounting firm"),
    AgencyType.APPRAISAL: _("Asset appraisal firm"),
    AgencyType.LAW: _("Law firm"),
    AgencyType.RESEARCH: _("Research institute"),
    AgencyType.UNIVERSITY: _("University"),
    AgencyType.OTHER: _("Other agency"),
}
PARTICULARS = {
    "account": _("Account"),
    "address": _("Address"),
    "agency_type": _("Kind of agency"),
    "established_on": _("Established on"),
    "legal_representative": _("Legal representative"),
    "phone": _("Telephone"),
    "name": _("Name of the person"),
    "qualification": _("Qualification"),
    "working_since": _("Working since"),
    "evaluating_since": _("In performance evaluation since"),
    "remark": _("Remark"),
    "platform_number": _("Number in the Ministry's credit platform"),
}


def join() -> None:
    """Tell the log how these facts are written in its sentences."""
    show_fact("type", lambda fact: str(TYPES.get(fact, fact)))
    show_fact(
        "changed", lambda fact: gettext(", ").join(str(PARTICULARS.get(one, one)) for one in fact)
    )
