"""Who may do what with accounts, organisations and their messages."""

from app.policy.permissions import Permission
from app.policy.roles import Rules, Word
from app.policy.words import (
    gives_agency_role,
    gives_or_takes,
    gives_outside_role,
    is_addressee,
    is_agency_admin,
    is_audit_admin,
    is_business_person,
    is_deputy,
    is_leader,
    is_not_self,
    is_performance,
    is_principal,
    is_same_organisation,
    is_security_admin,
    is_self,
    is_system_admin,
)
from app.policy.words_of_custody import is_another_than_asked
from app.policy.words_of_people import (
    asks_such_acts,
    decides_such_acts,
    did_not_ask,
    is_the_person,
    knows_of_acts,
)

# Whose open work may be handed on: one's own, or that of people whose accounts one looks after.
HANDS_ON: list[list[Word]] = [
    [is_self],
    [is_performance, gives_outside_role],
    [is_agency_admin, is_same_organisation, gives_agency_role],
    [is_security_admin],
]
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
    Permission.API_ACCESS_END: [[is_addressee], [is_security_admin]],
    Permission.API_ACCESS_LIST: [[is_security_admin]],
    Permission.API_ACCESS_MAKE: [[is_business_person]],
    Permission.DANGEROUS_ACT_ASK: [[asks_such_acts]],
    Permission.DANGEROUS_ACT_DECIDE: [[decides_such_acts, is_another_than_asked]],
    Permission.DANGEROUS_ACT_LIST: [[knows_of_acts], [is_audit_admin]],
    Permission.CORRECTION_ANSWER: [
        [is_performance, gives_outside_role],
        [is_security_admin, did_not_ask],
    ],
    Permission.CORRECTION_LIST: [[is_performance], [is_security_admin]],
    Permission.DEPUTY_ACT: [[is_deputy]],
    Permission.DEPUTY_END: [[is_deputy], [is_principal], [is_security_admin]],
    Permission.DEPUTY_NAME: HANDS_ON,
    Permission.HANDOVER_DECIDE: [[gives_or_takes]],
    Permission.HANDOVER_PROPOSE: HANDS_ON,
    Permission.MESSAGE_CHOOSE: [[is_addressee]],
    Permission.MESSAGE_READ: [[is_addressee]],
    Permission.ORGANISATION_LIST: [
        [is_performance],
        [is_leader],
        [is_system_admin],
        [is_security_admin],
    ],
    Permission.ORGANISATION_REGISTER: [[is_performance]],
    Permission.PERSONAL_DATA_OWN: [[is_the_person]],
    Permission.SESSION_END: [[is_addressee]],
    Permission.SINGLE_SIGN_ON_LINK: [[is_security_admin, is_not_self]],
}
