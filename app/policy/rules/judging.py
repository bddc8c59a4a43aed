"""Who may do what with reviews and rankings."""

from app.policy.permissions import Permission
from app.policy.roles import AGENCY_ROLES, UNIT_ROLES, Rules
from app.policy.words import (
    acts_for_client,
    acts_for_nobody,
    has_role,
    holds_its_link,
    is_awaited,
    is_business_person,
    is_invited,
    is_leader,
    is_no_rater,
    is_over,
    is_own_agency,
    is_performance,
    is_published,
    is_returned,
    is_section,
    is_unsealed,
    sees_whole_district,
    works_for_agency,
    wrote_it,
)

RULES: Rules = {
    Permission.DIMENSION_WEIGH: [[is_performance]],
    Permission.INVITATION_READ: [[is_invited], [wrote_it]],
    Permission.RANKING_BUNDLE_READ: [[sees_whole_district, is_published]],
    Permission.RANKING_COMPUTE: [[is_performance]],
    Permission.RANKING_LEDGER_READ: [[sees_whole_district]],
    Permission.RANKING_LIST: [[is_business_person]],
    Permission.RANKING_MOVES_READ: [[sees_whole_district], [is_own_agency]],
    Permission.RANKING_PUBLISH: [[is_performance], [is_leader]],
    Permission.RANKING_READ: [[sees_whole_district], [is_business_person, is_published]],
    Permission.REVIEW_LIST: [
        [sees_whole_district],
        [is_section],
        [has_role(*UNIT_ROLES)],
        [has_role(*AGENCY_ROLES)],
    ],
    Permission.REVIEW_OPEN: [[is_performance, is_over], [acts_for_client, is_over]],
    Permission.REVIEW_READ: [[sees_whole_district, is_unsealed]],
    Permission.REVIEW_READ_OWN: [[wrote_it]],
    Permission.REVIEW_REWRITE: [[wrote_it, is_returned], [holds_its_link, is_returned]],
    Permission.REVIEW_RULE: [
        [is_leader, is_no_rater, is_unsealed],
        [is_performance, is_no_rater, is_unsealed],
    ],
    Permission.REVIEW_SUMMARY_READ: [
        [sees_whole_district, is_unsealed],
        [works_for_agency, is_unsealed],
    ],
    Permission.REVIEW_WRITE: [
        [is_invited, is_awaited, acts_for_nobody],
        [holds_its_link, is_awaited],
    ],
    Permission.WEIGHT_LIST: [[is_business_person]],
}
