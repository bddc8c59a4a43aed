"""Who may do what with working papers, indicators, results and archives."""

from app.policy.permissions import Permission
from app.policy.roles import Rules, Word
from app.policy.words import (
    acts_for_client,
    is_archived_stage,
    is_archivist,
    is_its_reviewer,
    is_its_section,
    is_open,
    is_over,
    is_performance,
    is_section,
    leads_engagement,
    sees_whole_district,
    works_for_agency,
    wrote_it,
)

READS_PAPERS: list[list[Word]] = [  # an evaluated unit sees no score before views are exchanged
    [sees_whole_district],
    [works_for_agency],
    [is_its_section],
    [acts_for_client],
    [is_archivist, is_archived_stage],
]

RULES: Rules = {
    Permission.ARCHIVE_BUILD: [[is_performance, is_over], [is_archivist, is_archived_stage]],
    Permission.ARCHIVE_READ: [[sees_whole_district], [is_archivist, is_archived_stage]],
    Permission.BOILERPLATE_EDIT: [[is_performance]],
    Permission.INDICATOR_DECIDE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.INDICATOR_EDIT: [[works_for_agency, is_open]],
    Permission.INDICATOR_READ: READS_PAPERS,
    Permission.INDICATOR_SUBMIT: [[leads_engagement, is_open]],
    Permission.LEVEL_REVIEW_APPOINT: [[leads_engagement, is_open]],
    Permission.LEVEL_REVIEW_REPLY: [[works_for_agency, is_open]],
    Permission.LEVEL_REVIEW_WRITE: [[works_for_agency, is_its_reviewer, is_open]],
    Permission.PAPER_DECIDE: [[is_performance, is_open]],
    Permission.PAPER_DOWNLOAD: READS_PAPERS,
    Permission.PAPER_READ: READS_PAPERS,
    Permission.PAPER_SUBMIT: [[works_for_agency, is_open]],
    Permission.PAPER_TRACE: [[sees_whole_district]],  # who downloaded a file
    Permission.PAPER_WITHDRAW: [[leads_engagement, is_open]],
    Permission.REPORT_SUBMIT: [[leads_engagement, is_open]],
    Permission.RESULT_DECIDE: [[is_performance]],
    Permission.RESULT_LIST: [[sees_whole_district], [is_section]],
    Permission.RESULT_PROPOSE: [[is_performance], [is_its_section]],
    Permission.RESULT_READ: [[sees_whole_district], [is_its_section]],
    Permission.READING_EDIT: [[is_performance]],  # who gets originals
    Permission.RETENTION_EDIT: [[is_performance], [is_archivist]],
    Permission.SCORE_EDIT: [[works_for_agency, is_open]],
    Permission.SIMILARITY_READ: [[sees_whole_district]],  # never an agency: others' words
    Permission.SIMILARITY_SETTLE: [[is_performance]],
    Permission.UPLOAD_CONTINUE: [[wrote_it, works_for_agency, is_open]],
}
