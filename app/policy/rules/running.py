"""Who may do what with the log and the machine."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    is_audit_admin,
    is_inspector,
    is_system_admin,
)

RULES: Rules = {
    Permission.AUDIT_EXPORT: [[is_audit_admin], [is_inspector]],
    Permission.AUDIT_READ: [[is_audit_admin], [is_inspector]],
    Permission.SYSTEM_CONFIGURE: [[is_system_admin]],
    Permission.SYSTEM_READ: [[is_system_admin]],
    Permission.SYSTEM_RETRY: [[is_system_admin]],
}
