"""Who may do what with relations and conflicts of interest."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    is_awaited,
    is_leader,
    is_own_agency,
    is_performance,
    sees_whole_district,
    speaks_for_own_agency,
)

RULES: Rules = {
    Permission.BEST_SET_READ: [[sees_whole_district]],
    Permission.CONFLICT_ACCEPT: [[is_leader, is_awaited]],
    Permission.CONFLICT_READ: [[sees_whole_district]],
    Permission.RELATION_ENTER: [[is_performance], [speaks_for_own_agency]],
    Permission.RELATION_READ: [[sees_whole_district], [is_own_agency]],
    Permission.RELATION_WITHDRAW: [[is_performance]],
}
