"""How roles and kinds of organisation are called on pages."""

from flask_babel import lazy_gettext as _

from app.accounts.models import OrganisationKind
from app.policy import Role

ROLES = {
    Role.AGENCY_ADMIN: _("Agency administrator"),
    Role.LEAD_EVALUATOR: _("Lead evaluator"),
    Role.AGENCY_MEMBER: _("Agency member"),
    Role.UNIT_OFFICER: _("Unit performance officer"),
    Role.DEPARTMENT_OFFICER: _("Supervising department officer"),
    Role.FINANCE_OFFICE_OFFICER: _("Township finance officer"),
    Role.PERFORMANCE_OFFICER: _("Performance section officer"),
    Role.SECTION_OFFICER: _("Business section officer"),
    Role.EXPERT: _("Expert"),
    Role.ARCHIVIST: _("Archivist"),
    Role.LEADER: _("Bureau leader"),
    Role.INSPECTOR: _("Inspector"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}
KINDS = {
    OrganisationKind.BUREAU: _("Finance bureau"),
    OrganisationKind.SECTION: _("Business section"),
    OrganisationKind.DEPARTMENT: _("Supervising department"),
    OrganisationKind.UNIT: _("Budget unit"),
    OrganisationKind.FINANCE_OFFICE: _("Township finance office"),
    OrganisationKind.AGENCY: _("Third-party agency"),
}
