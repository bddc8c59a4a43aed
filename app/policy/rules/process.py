"""Who may do what with the process itself: material, visits, views, experts, rectification."""

from app.policy.permissions import Permission
from app.policy.roles import UNIT_ROLES, Rules, Word
from app.policy.rules.papers import READS_PAPERS
from app.policy.words import (
    acts_for_client,
    has_role,
    is_archived_stage,
    is_archivist,
    is_its_section,
    is_open,
    is_performance,
    is_section,
    leads_engagement,
    sees_whole_district,
    works_for_agency,
)
from app.policy.words_of_process import (
    holds_seat,
    is_accepted,
    is_asked_unit,
    is_seated,
    is_sent,
    oversees_asked_unit,
)

READS_WHAT_WAS_SENT: list[list[Word]] = [  # of several units each sees its own alone
    [sees_whole_district, is_sent],
    [works_for_agency],
    [is_its_section, is_sent],
    [acts_for_client, is_sent],
    [is_asked_unit, is_sent],
    [oversees_asked_unit, is_sent],
    [is_archivist, is_archived_stage, is_sent],
]

RULES: Rules = {
    Permission.CONSULTATION_ANSWER: [[works_for_agency, is_open]],
    Permission.CONSULTATION_CLOSE: [[leads_engagement, is_open]],
    Permission.CONSULTATION_READ: READS_WHAT_WAS_SENT,
    Permission.CONSULTATION_RESPOND: [[is_asked_unit, is_open]],
    Permission.CONSULTATION_SEND: [[leads_engagement, is_open], [is_performance, is_open]],
    Permission.DOCUMENT_REQUEST_CONFIRM: [[works_for_agency, is_open]],
    Permission.DOCUMENT_REQUEST_MAKE: [[leads_engagement, is_open]],
    Permission.DOCUMENT_REQUEST_READ: READS_WHAT_WAS_SENT,
    Permission.DOCUMENT_REQUEST_REMIND: [[works_for_agency, is_open], [is_performance, is_open]],
    Permission.DOCUMENT_REQUEST_SUPPLY: [[is_asked_unit, is_sent, is_open]],
    Permission.EXPERT_OPINION_ANSWER: [[works_for_agency, is_open]],
    Permission.EXPERT_REVIEW_CALL: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.EXPERT_REVIEW_READ: [*READS_PAPERS, [is_seated]],
    Permission.EXPERT_SHEET_SUBMIT: [[holds_seat, is_open]],
    Permission.FIELDWORK_READ: READS_PAPERS,
    Permission.FIELDWORK_RECORD: [[works_for_agency, is_open]],
    Permission.FIELDWORK_VOID: [[leads_engagement, is_open]],
    Permission.RECTIFICATION_DECIDE: [[is_performance]],
    Permission.RECTIFICATION_ISSUE: [[is_performance, is_accepted]],
    Permission.RECTIFICATION_LIST: [[sees_whole_district], [is_section], [has_role(*UNIT_ROLES)]],
    Permission.RECTIFICATION_READ: [
        [sees_whole_district],
        [is_its_section],
        [is_asked_unit],
        [oversees_asked_unit],
    ],
    Permission.RECTIFICATION_REMIND: [[is_performance], [oversees_asked_unit]],
    Permission.RECTIFICATION_REPORT: [[is_asked_unit]],
}
