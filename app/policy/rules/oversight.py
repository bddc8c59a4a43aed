"""Who may do what with warnings, the board and its statistics."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    acts_for_client,
    is_addressee,
    is_business_person,
    is_its_section,
    is_leader,
    is_open,
    is_performance,
    is_section,
    sees_whole_district,
)

RULES: Rules = {
    Permission.ALERT_LIST: [[sees_whole_district], [is_section]],
    Permission.ALERT_READ: [[sees_whole_district], [is_its_section]],
    Permission.ALERT_RULE_EDIT: [[is_performance]],
    Permission.ALERT_RULE_READ: [[sees_whole_district]],
    Permission.ALERT_SETTLE: [[is_performance], [is_leader]],
    Permission.BOARD_VIEW_EDIT: [[is_business_person, is_addressee]],
    Permission.ENGAGEMENT_ASSIGN: [[is_performance, is_open]],
    Permission.ENGAGEMENT_REMIND: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.STATISTICS_READ: [[sees_whole_district], [is_section]],
}
