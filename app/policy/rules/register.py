"""Who may do what with agencies and their people."""

from app.policy.permissions import Permission
from app.policy.roles import UNIT_ROLES, Role, Rules
from app.policy.words import (
    administers_own_agency,
    has_role,
    is_agency_admin,
    is_business_person,
    is_own_agency,
    is_performance,
    is_section,
    sees_whole_district,
)
from app.policy.words_of_growth import is_waiting
from app.policy.words_of_register import (
    administers_the_new_agency,
    holds_its_key,
    is_fillable,
    is_submitted,
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
    Permission.APPLICATION_DECIDE: [[is_performance, is_submitted]],
    Permission.APPLICATION_FILL: [[holds_its_key, is_fillable]],
    Permission.APPLICATION_READ: [[sees_whole_district]],
    Permission.EVALUATOR_CONFIRM: [[is_performance]],
    Permission.EVALUATOR_REGISTER: [[is_performance], [administers_own_agency]],
    Permission.EVIDENCE_READ: [[sees_whole_district], [is_own_agency]],
    Permission.EXPERT_FEE_LIST: [[has_role(Role.EXPERT)]],
    Permission.EXPERT_POOL_EDIT: [[is_performance]],
    Permission.EXPERT_POOL_READ: [[sees_whole_district]],
    Permission.REGISTER_CONFIRM: [[administers_own_agency]],
    Permission.TRANSFER_ASK: [[is_agency_admin]],
    Permission.TRANSFER_DECIDE: [
        [is_performance, is_waiting],
        [administers_own_agency, is_waiting],
    ],
    Permission.TRANSFER_LIST: [[sees_whole_district], [is_agency_admin]],
    Permission.TRANSFER_READ: [
        [sees_whole_district],
        [administers_own_agency],
        [administers_the_new_agency],
    ],
}
