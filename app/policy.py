"""Who may do what: the whole answer, on one page. Imports no feature."""

from enum import StrEnum
from typing import Any

from app.errors import Forbidden
from app.policy_words import (
    ADMINISTRATORS,
    AGENCY_ROLES,
    OUTSIDE_ROLES,
    ROLES_OF_PARTY,
    UNIT_ROLES,
    Person,
    Role,
    Word,
    acts_for_client,
    administers_own_agency,
    gives_agency_role,
    gives_outside_role,
    has_role,
    is_addressee,
    is_agency_admin,
    is_archived_stage,
    is_archivist,
    is_audit_admin,
    is_awaited,
    is_business_person,
    is_inspector,
    is_invited,
    is_its_reviewer,
    is_its_section,
    is_leader,
    is_not_self,
    is_open,
    is_over,
    is_own_agency,
    is_performance,
    is_published,
    is_same_organisation,
    is_section,
    is_security_admin,
    is_system_admin,
    is_unsealed,
    leads_engagement,
    oversees_unit,
    sees_whole_district,
    works_for_agency,
    works_for_unit,
    wrote_it,
)

__all__ = [
    "ADMINISTRATORS",
    "AGENCY_ROLES",
    "OUTSIDE_ROLES",
    "ROLES_OF_PARTY",
    "RULES",
    "UNIT_ROLES",
    "Permission",
    "Person",
    "Role",
    "can",
    "is_business_person",
    "require",
    "sees_whole_district",
]


class Permission(StrEnum):
    """Named <thing>:<action>. Keep sorted."""

    ACCEPTANCE_DECIDE = "acceptance:decide"
    ACCOUNT_CLOSE = "account:close"
    ACCOUNT_GRANT = "account:grant"
    ACCOUNT_LIST = "account:list"
    ACCOUNT_OPEN = "account:open"
    ACCOUNT_READ = "account:read"
    ACCOUNT_RESET = "account:reset"
    AGENCY_CONTACT_READ = "agency:contact-read"
    AGENCY_EDIT = "agency:edit"
    AGENCY_LIST = "agency:list"
    AGENCY_READ = "agency:read"
    AGENCY_REGISTER = "agency:register"
    ARCHIVE_BUILD = "archive:build"
    ARCHIVE_READ = "archive:read"
    AUDIT_EXPORT = "audit:export"
    AUDIT_READ = "audit:read"
    BOARD_EXPORT = "board:export"
    BOARD_READ = "board:read"
    DIMENSION_WEIGH = "dimension:weigh"
    ENGAGEMENT_CLOSE = "engagement:close"
    ENGAGEMENT_OPEN = "engagement:open"
    ENGAGEMENT_READ = "engagement:read"
    ENGAGEMENT_TERMINATE = "engagement:terminate"
    EVALUATOR_CONFIRM = "evaluator:confirm"
    EVALUATOR_REGISTER = "evaluator:register"
    INDICATOR_DECIDE = "indicator:decide"
    INDICATOR_EDIT = "indicator:edit"
    INDICATOR_READ = "indicator:read"
    INDICATOR_SUBMIT = "indicator:submit"
    INVITATION_READ = "invitation:read"
    LEVEL_REVIEW_APPOINT = "level-review:appoint"
    LEVEL_REVIEW_REPLY = "level-review:reply"
    LEVEL_REVIEW_WRITE = "level-review:write"
    MESSAGE_READ = "message:read"
    NOTE_ISSUE = "note:issue"
    NOTE_REPLY = "note:reply"
    NOTE_SETTLE = "note:settle"
    ORGANISATION_LIST = "organisation:list"
    ORGANISATION_REGISTER = "organisation:register"
    PAPER_DECIDE = "paper:decide"
    PAPER_DOWNLOAD = "paper:download"
    PAPER_READ = "paper:read"
    PAPER_SUBMIT = "paper:submit"
    PAPER_TRACE = "paper:trace"
    PAPER_WITHDRAW = "paper:withdraw"
    RANKING_COMPUTE = "ranking:compute"
    RANKING_LEDGER_READ = "ranking:ledger-read"
    RANKING_LIST = "ranking:list"
    RANKING_PUBLISH = "ranking:publish"
    RANKING_READ = "ranking:read"
    REPORT_SUBMIT = "report:submit"
    RESULT_DECIDE = "result:decide"
    RESULT_LIST = "result:list"
    RESULT_PROPOSE = "result:propose"
    RESULT_READ = "result:read"
    RETENTION_EDIT = "retention:edit"
    REVIEW_LIST = "review:list"
    REVIEW_OPEN = "review:open"
    REVIEW_READ = "review:read"
    REVIEW_READ_OWN = "review:read-own"
    REVIEW_SUMMARY_READ = "review:summary-read"
    REVIEW_WRITE = "review:write"
    SCORE_EDIT = "score:edit"
    STAGE_DECIDE = "stage:decide"
    STAGE_SUBMIT = "stage:submit"
    SYSTEM_READ = "system:read"
    TEMPLATE_EDIT = "template:edit"
    TEMPLATE_READ = "template:read"
    UPLOAD_CONTINUE = "upload:continue"


READS_ENGAGEMENT: list[list[Word]] = [
    [sees_whole_district],
    [works_for_agency],
    [works_for_unit],
    [oversees_unit],
    [is_its_section],
    [acts_for_client],
    [is_archivist, is_archived_stage],
]

READS_PAPERS: list[list[Word]] = [  # an evaluated unit sees no score before views are exchanged
    [sees_whole_district],
    [works_for_agency],
    [is_its_section],
    [acts_for_client],
    [is_archivist, is_archived_stage],
]

# A permission holds if every word of any one line holds.
RULES: dict[Permission, list[list[Word]]] = {
    Permission.ACCEPTANCE_DECIDE: [[acts_for_client, is_open]],
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
    Permission.AGENCY_CONTACT_READ: [[sees_whole_district], [is_section], [is_own_agency]],
    Permission.AGENCY_EDIT: [[is_performance], [administers_own_agency]],
    Permission.AGENCY_LIST: [[is_business_person]],
    Permission.AGENCY_READ: [
        [sees_whole_district],
        [is_section],
        [is_own_agency],
        [has_role(*UNIT_ROLES)],
    ],
    Permission.AGENCY_REGISTER: [[is_performance]],
    Permission.ARCHIVE_BUILD: [[is_performance, is_over], [is_archivist, is_archived_stage]],
    Permission.ARCHIVE_READ: [[sees_whole_district], [is_archivist, is_archived_stage]],
    Permission.AUDIT_EXPORT: [[is_audit_admin], [is_inspector]],
    Permission.AUDIT_READ: [[is_audit_admin], [is_inspector]],
    Permission.BOARD_EXPORT: [[is_business_person]],
    Permission.BOARD_READ: [[is_business_person]],
    Permission.DIMENSION_WEIGH: [[is_performance]],
    Permission.ENGAGEMENT_CLOSE: [[is_performance]],
    Permission.ENGAGEMENT_OPEN: [[is_performance]],
    Permission.ENGAGEMENT_READ: READS_ENGAGEMENT,
    Permission.ENGAGEMENT_TERMINATE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.EVALUATOR_CONFIRM: [[is_performance]],
    Permission.EVALUATOR_REGISTER: [[is_performance], [administers_own_agency]],
    Permission.INDICATOR_DECIDE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.INDICATOR_EDIT: [[works_for_agency, is_open]],
    Permission.INDICATOR_READ: READS_PAPERS,
    Permission.INDICATOR_SUBMIT: [[leads_engagement, is_open]],
    Permission.INVITATION_READ: [[is_invited], [wrote_it]],
    Permission.LEVEL_REVIEW_APPOINT: [[leads_engagement, is_open]],
    Permission.LEVEL_REVIEW_REPLY: [[works_for_agency, is_open]],
    Permission.LEVEL_REVIEW_WRITE: [[works_for_agency, is_its_reviewer, is_open]],
    Permission.MESSAGE_READ: [[is_addressee]],
    Permission.NOTE_ISSUE: [[is_performance, is_open], [is_its_section, is_open]],
    Permission.NOTE_REPLY: [[works_for_agency, is_open]],
    Permission.NOTE_SETTLE: [[is_performance, is_open], [is_its_section, wrote_it, is_open]],
    Permission.ORGANISATION_LIST: [
        [is_performance],
        [is_leader],
        [is_system_admin],
        [is_security_admin],
    ],
    Permission.ORGANISATION_REGISTER: [[is_performance]],
    Permission.PAPER_DECIDE: [[is_performance, is_open]],
    Permission.PAPER_DOWNLOAD: READS_PAPERS,
    Permission.PAPER_READ: READS_PAPERS,
    Permission.PAPER_SUBMIT: [[works_for_agency, is_open]],
    Permission.PAPER_TRACE: [[sees_whole_district]],  # who downloaded a file
    Permission.PAPER_WITHDRAW: [[leads_engagement, is_open]],
    Permission.RANKING_COMPUTE: [[is_performance]],
    Permission.RANKING_LEDGER_READ: [[sees_whole_district]],
    Permission.RANKING_LIST: [[is_business_person]],
    Permission.RANKING_PUBLISH: [[is_performance], [is_leader]],
    Permission.RANKING_READ: [[sees_whole_district], [is_business_person, is_published]],
    Permission.REPORT_SUBMIT: [[leads_engagement, is_open]],
    Permission.RESULT_DECIDE: [[is_performance]],
    Permission.RESULT_LIST: [[sees_whole_district], [is_section]],
    Permission.RESULT_PROPOSE: [[is_performance], [is_its_section]],
    Permission.RESULT_READ: [[sees_whole_district], [is_its_section]],
    Permission.RETENTION_EDIT: [[is_performance], [is_archivist]],
    Permission.REVIEW_LIST: [
        [sees_whole_district],
        [is_section],
        [has_role(*UNIT_ROLES)],
        [has_role(*AGENCY_ROLES)],
    ],
    Permission.REVIEW_OPEN: [[is_performance, is_over], [acts_for_client, is_over]],
    Permission.REVIEW_READ: [[sees_whole_district, is_unsealed]],
    Permission.REVIEW_READ_OWN: [[wrote_it]],
    Permission.REVIEW_SUMMARY_READ: [
        [sees_whole_district, is_unsealed],
        [works_for_agency, is_unsealed],
    ],
    Permission.REVIEW_WRITE: [[is_invited, is_awaited]],
    Permission.SCORE_EDIT: [[works_for_agency, is_open]],
    Permission.STAGE_DECIDE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.STAGE_SUBMIT: [[leads_engagement, is_open]],
    Permission.SYSTEM_READ: [[is_system_admin]],
    Permission.TEMPLATE_EDIT: [[is_performance]],
    Permission.TEMPLATE_READ: [[is_performance], [is_leader], [is_inspector]],
    Permission.UPLOAD_CONTINUE: [[wrote_it, works_for_agency, is_open]],
}


def can(user: Person, permission: Permission, thing: Any) -> bool:
    """Answer a question of permission. No rule, no user: no permission."""
    if not user.is_authenticated:
        return False
    return any(all(word(user, thing) for word in line) for line in RULES[permission] if line)


def require(user: Person, permission: Permission, thing: Any) -> None:
    """Stop here unless the user may."""
    if not can(user, permission, thing):
        raise Forbidden(asked=permission, about=thing)
