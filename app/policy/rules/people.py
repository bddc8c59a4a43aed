"""Who may do what with accounts, organisations and their messages."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    gives_agency_role,
    gives_outside_role,
    is_addressee,
    is_agency_admin,
    is_leader,
    is_not_self,
    is_performance,
    is_same_organisation,
    is_security_admin,
    is_system_admin,
)

RULES: Rules = {
    Permission.ACCOUNT_CLOSE: [
        [is_performance, gives_outside_role, is_not_self],
        [is_security_admin, is_not_self],
        [is_agency_admin, is_same_organisation, gives_agency_role, is_not_self],
    ],
    Permission.ACCOUNT_GRANT: [[is_security_admin, is_not_self]],
    Permission.ACCOUNT_LIST: [
        [is_performance],
        [is_agency_admin],
        [is_system_admin],
        [is_security_admin],
    ],
    Permission.ACCOUNT_OPEN: [
        [is_performance, gives_outside_role],
        [is_agency_admin, is_same_organisation, gives_agency_role],
        [is_security_admin],
    ],
    Permission.ACCOUNT_READ: [
        [is_performance, gives_outside_role],
        [is_agency_admin, is_same_organisation],
        [is_system_admin],
        [is_security_admin],
    ],
    Permission.ACCOUNT_RESET: [
        [is_performance, gives_outside_role, is_not_self],
        [is_agency_admin, is_same_organisation, gives_agency_role, is_not_self],
        [is_security_admin, is_not_self],
    ],
    Permission.MESSAGE_CHOOSE: [[is_addressee]],
    Permission.MESSAGE_READ: [[is_addressee]],
    Permission.ORGANISATION_LIST: [
        [is_performance],
        [is_leader],
        [is_system_admin],
        [is_security_admin],
    ],
    Permission.ORGANISATION_REGISTER: [[is_performance]],
}
