"""Who may do what with quality assessments, the year's list, and what follows for an agency."""

from app.policy.permissions import Permission
from app.policy.roles import AGENCY_ROLES, UNIT_ROLES, Rules
from app.policy.words import (
    acts_for_client,
    did_not_fill,
    has_role,
    is_business_person,
    is_its_section,
    is_leader,
    is_over,
    is_own_agency,
    is_performance,
    is_published,
    is_section,
    is_told,
    is_uninvolved,
    sees_whole_district,
    speaks_for_own_agency,
    works_for_agency,
)

RULES: Rules = {
    Permission.ANNUAL_LIST_DECIDE: [[is_leader]],
    Permission.ANNUAL_LIST_DRAW: [[is_performance]],
    Permission.ANNUAL_LIST_PUBLISH: [[is_performance]],
    Permission.ANNUAL_LIST_READ: [[sees_whole_district], [is_business_person, is_published]],
    Permission.ANNUAL_ROW_READ: [
        [sees_whole_district],
        [is_own_agency, is_told],
        [is_business_person, is_published],
    ],
    Permission.ASSESSMENT_CONFIRM: [[is_performance, did_not_fill]],
    Permission.ASSESSMENT_EDIT: [[is_performance, is_over]],
    Permission.ASSESSMENT_LIST: [[sees_whole_district], [has_role(*AGENCY_ROLES)]],
    Permission.ASSESSMENT_READ: [  # the client pays by it, the section in charge knows the work
        [sees_whole_district],
        [works_for_agency, is_told],
        [is_its_section, is_told],
        [acts_for_client, is_told],
    ],
    Permission.ASSESSMENT_RULES_EDIT: [[is_performance]],
    Permission.ASSESSMENT_RULES_READ: [[is_business_person]],
    Permission.CONSEQUENCE_DECIDE: [[is_leader]],
    Permission.CONSEQUENCE_LIST: [[sees_whole_district]],
    Permission.CONSEQUENCE_PROPOSE: [[is_performance]],
    Permission.CONSEQUENCE_READ: [
        [sees_whole_district],
        [is_own_agency, is_told],
        [is_section, is_told],
        [has_role(*UNIT_ROLES), is_told],
    ],
    Permission.OBJECTION_DECIDE: [[is_performance, is_uninvolved], [is_leader, is_uninvolved]],
    Permission.OBJECTION_RAISE: [[speaks_for_own_agency, is_told]],
    Permission.OBJECTION_READ: [[sees_whole_district], [is_own_agency]],
}
