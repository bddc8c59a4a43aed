"""Who may do what with appeals, one-time keys and the ratings of units."""

from app.policy.permissions import Permission
from app.policy.roles import AGENCY_ROLES, UNIT_ROLES, Rules
from app.policy.words import (
    has_role,
    is_awaited,
    is_leader,
    is_no_rater,
    is_not_flagged,
    is_of_unit,
    is_over,
    is_performance,
    is_rateable,
    is_unsealed,
    is_wanted,
    leads_engagement,
    sees_whole_district,
    works_for_agency,
)

RULES: Rules = {
    Permission.APPEAL_DECIDE: [
        [is_leader, is_no_rater, is_awaited],
        [is_performance, is_no_rater, is_awaited],
    ],
    Permission.APPEAL_FILE: [[leads_engagement, is_unsealed]],
    Permission.APPEAL_LIST: [[sees_whole_district], [has_role(*AGENCY_ROLES)]],
    Permission.APPEAL_READ: [[sees_whole_district], [works_for_agency]],
    Permission.FLAG_LIST: [[sees_whole_district]],
    Permission.FLAG_READ: [[sees_whole_district]],
    Permission.FLAG_REMARK: [[is_performance, is_not_flagged], [is_leader, is_not_flagged]],
    Permission.FORM_ISSUE: [[is_performance]],
    Permission.LINK_ISSUE: [[is_performance, is_of_unit, is_wanted]],
    Permission.LINK_LIST: [[is_performance]],
    Permission.LINK_WITHDRAW: [[is_performance]],
    Permission.REVIEW_REPLY: [[leads_engagement, is_unsealed]],
    Permission.UNIT_RATING_LIST: [
        [sees_whole_district],
        [has_role(*AGENCY_ROLES)],
        [has_role(*UNIT_ROLES)],
    ],
    Permission.UNIT_RATING_WRITE: [[leads_engagement, is_over, is_rateable]],
}
