"""Who may do what with holds, spills and the store: nobody decides on what he asked for."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    is_archived_stage,
    is_archivist,
    is_audit_admin,
    is_leader,
    is_performance,
    is_security_admin,
    is_system_admin,
    sees_whole_district,
)
from app.policy.words_of_custody import is_another_than_asked, is_another_than_reported

RULES: Rules = {
    Permission.LEGAL_HOLD_ASK: [[is_performance], [is_archivist, is_archived_stage]],
    Permission.LEGAL_HOLD_DECIDE: [
        [is_leader, is_another_than_asked],
        [is_performance, is_another_than_asked],
        [is_archivist, is_archived_stage, is_another_than_asked],
    ],
    Permission.PURGE_READ: [[is_archivist], [sees_whole_district]],
    Permission.SPILL_DECIDE: [
        [is_leader, is_another_than_reported],
        [is_security_admin, is_another_than_reported],
    ],
    Permission.SPILL_READ: [[sees_whole_district], [is_security_admin], [is_audit_admin]],
    Permission.SPILL_REPORT: [[is_performance]],
    Permission.STORE_READ: [[is_performance], [is_system_admin], [is_audit_admin]],
}
