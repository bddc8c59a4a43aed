"""How the kinds of agency are called on pages."""

from flask_babel import lazy_gettext as _

from app.agencies.models import AgencyType

TYPES = {
    AgencyType.CONSULTANCY: _("Professional consultancy"),
    AgencyType.ACCOUNTING: _("Accounting firm"),
    AgencyType.APPRAISAL: _("Asset appraisal firm"),
    AgencyType.LAW: _("Law firm"),
    AgencyType.RESEARCH: _("Research institute"),
    AgencyType.UNIVERSITY: _("University"),
    AgencyType.OTHER: _("Other agency"),
}
