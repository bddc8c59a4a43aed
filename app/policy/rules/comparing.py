"""Who may do what with comparisons and framework agreements."""

from app.policy.permissions import Permission
from app.policy.roles import AGENCY_ROLES, Role, Rules
from app.policy.words import has_role, is_performance, sees_whole_district
from app.policy.words_of_process import holds_seat, is_seated

RULES: Rules = {
    Permission.COMPARISON_LIST: [[sees_whole_district], [has_role(Role.EXPERT)]],
    Permission.COMPARISON_READ: [[sees_whole_district], [is_seated]],
    Permission.COMPARISON_RUN: [[is_performance]],
    Permission.COMPARISON_SCORE: [[holds_seat]],
    Permission.COMPARISON_SHEETS_READ: [[sees_whole_district]],
    Permission.FRAMEWORK_READ: [[sees_whole_district], [has_role(*AGENCY_ROLES)]],
    Permission.FRAMEWORK_RUN: [[is_performance]],
}
