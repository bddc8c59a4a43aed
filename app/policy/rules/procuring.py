"""Who may do what with procurement: the section places, whoever may bid reads what is public."""

from app.policy.permissions import Permission
from app.policy.roles import AGENCY_ROLES, Role, Rules
from app.policy.words import (
    has_role,
    is_leader,
    is_own_agency,
    is_performance,
    sees_whole_district,
    speaks_for_own_agency,
)
from app.policy.words_of_procurement import has_open_list, is_announced

heads_an_agency = has_role(Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR)

RULES: Rules = {
    Permission.PACK_BUILD: [[is_performance]],
    Permission.PACK_READ: [[sees_whole_district]],
    Permission.PROCUREMENT_APPROVE: [[is_leader]],
    Permission.PROCUREMENT_AWARD: [[is_performance]],
    Permission.PROCUREMENT_BIDDERS_READ: [
        [sees_whole_district],
        [has_role(*AGENCY_ROLES), is_announced, has_open_list],
    ],
    Permission.PROCUREMENT_COMPLAIN: [[is_performance], [speaks_for_own_agency]],
    Permission.PROCUREMENT_DRAW: [[is_performance]],
    Permission.PROCUREMENT_LIST_READ: [[sees_whole_district], [has_role(*AGENCY_ROLES)]],
    Permission.PROCUREMENT_OBJECT: [[is_performance], [heads_an_agency, is_announced]],
    Permission.PROCUREMENT_OFFER: [[heads_an_agency, is_announced]],
    Permission.PROCUREMENT_OFFER_READ: [[sees_whole_district], [is_own_agency]],
    Permission.PROCUREMENT_OFFER_WITHDRAW: [[speaks_for_own_agency]],
    Permission.PROCUREMENT_PLAN: [[is_performance]],
    Permission.PROCUREMENT_READ: [
        [sees_whole_district],
        [has_role(*AGENCY_ROLES), is_announced],
    ],
}
