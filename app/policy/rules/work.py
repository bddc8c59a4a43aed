"""Who may do what with engagements, their stages and guidance."""

from app.policy.permissions import Permission
from app.policy.roles import Rules, Word
from app.policy.words import (
    acts_for_client,
    is_archived_stage,
    is_archivist,
    is_business_person,
    is_inspector,
    is_its_section,
    is_leader,
    is_open,
    is_performance,
    leads_engagement,
    oversees_unit,
    sees_whole_district,
    works_for_agency,
    works_for_unit,
    wrote_it,
)

READS_ENGAGEMENT: list[list[Word]] = [
    [sees_whole_district],
    [works_for_agency],
    [works_for_unit],
    [oversees_unit],
    [is_its_section],
    [acts_for_client],
    [is_archivist, is_archived_stage],
]

RULES: Rules = {
    Permission.ACCEPTANCE_DECIDE: [[acts_for_client, is_open]],
    Permission.BOARD_EXPORT: [[is_business_person]],
    Permission.BOARD_READ: [[is_business_person]],
    Permission.ENGAGEMENT_CLOSE: [[is_performance]],
    Permission.ENGAGEMENT_OPEN: [[is_performance]],
    Permission.ENGAGEMENT_READ: READS_ENGAGEMENT,
    Permission.ENGAGEMENT_TERMINATE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.NOTE_ISSUE: [[is_performance, is_open], [is_its_section, is_open]],
    Permission.NOTE_REPLY: [[works_for_agency, is_open]],
    Permission.NOTE_SETTLE: [[is_performance, is_open], [is_its_section, wrote_it, is_open]],
    Permission.STAGE_DECIDE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.STAGE_SUBMIT: [[leads_engagement, is_open]],
    Permission.TEMPLATE_EDIT: [[is_performance]],
    Permission.TEMPLATE_READ: [[is_performance], [is_leader], [is_inspector]],
}
