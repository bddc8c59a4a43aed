"""Who may do what with agencies and their people."""

from app.policy.permissions import Permission
from app.policy.roles import UNIT_ROLES, Rules
from app.policy.words import (
    administers_own_agency,
    has_role,
    is_business_person,
    is_own_agency,
    is_performance,
    is_section,
    sees_whole_district,
)

RULES: Rules = {
    Permission.AGENCY_CONTACT_READ: [[sees_whole_district], [is_section], [is_own_agency]],
    Permission.AGENCY_EDIT: [[is_performance], [administers_own_agency]],
    Permission.AGENCY_LIST: [[is_business_person]],
    Permission.AGENCY_READ: [
        [sees_whole_district],
        [is_section],
        [is_own_agency],
        [has_role(*UNIT_ROLES)],
    ],
    Permission.AGENCY_REGISTER: [[is_performance]],
    Permission.EVALUATOR_CONFIRM: [[is_performance]],
    Permission.EVALUATOR_REGISTER: [[is_performance], [administers_own_agency]],
    Permission.EXPERT_POOL_EDIT: [[is_performance]],
    Permission.EXPERT_POOL_READ: [[sees_whole_district]],
}
