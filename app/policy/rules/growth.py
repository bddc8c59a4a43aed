"""Who may do what with courses, hours, posts, agreements and cases."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    acts_for_nobody,
    administers_own_agency,
    is_addressee,
    is_agency_admin,
    is_business_person,
    is_leader,
    is_performance,
    sees_whole_district,
)
from app.policy.words_of_growth import (
    did_not_release,
    heads_agency,
    heads_member,
    is_awaited_case,
    is_its_audience,
    is_learner,
    is_of_section,
    is_published,
    is_shown,
    is_waiting,
    takes_part,
    works_for_member,
)

RULES: Rules = {
    Permission.CASE_PROPOSE: [[is_performance]],
    Permission.CASE_READ: [[is_performance], [is_leader], [is_business_person, is_published]],
    Permission.CASE_RELEASE: [
        [is_performance, is_awaited_case, did_not_release],
        [is_leader, is_awaited_case, did_not_release],
    ],
    Permission.CASE_WITHDRAW: [[is_performance], [is_leader]],
    Permission.CONSORTIUM_ANSWER: [[heads_member]],
    Permission.CONSORTIUM_PROPOSE: [[is_agency_admin]],
    Permission.CONSORTIUM_READ: [[works_for_member], [sees_whole_district]],
    Permission.COOPERATION_WRITE: [[heads_agency]],
    Permission.COURSE_EDIT: [[is_performance]],
    Permission.COURSE_LEARN: [[is_learner, is_published, is_its_audience, acts_for_nobody]],
    Permission.COURSE_LIST: [[is_business_person]],
    Permission.COURSE_READ: [
        [sees_whole_district],
        [is_business_person, is_published, is_its_audience],
    ],
    Permission.HOURS_CLAIM: [[is_learner, acts_for_nobody]],
    Permission.HOURS_DECIDE: [[is_performance, is_waiting]],
    Permission.HOURS_READ: [[is_addressee], [sees_whole_district], [administers_own_agency]],
    Permission.NOTICE_WRITE: [[is_performance]],
    Permission.POST_ANSWER: [[takes_part, is_shown]],
    Permission.POST_EDIT: [
        [takes_part, is_addressee, is_shown],
        [is_performance, is_of_section, is_shown],
    ],
    Permission.POST_LIST: [[is_business_person]],
    Permission.POST_MODERATE: [[is_performance]],
    Permission.POST_READ: [[is_performance], [is_business_person, is_shown]],
    Permission.POST_REPORT: [[takes_part, is_shown]],
    Permission.POST_WRITE: [[takes_part]],
    Permission.QUIZ_ANSWER: [[is_addressee, acts_for_nobody]],
    Permission.SEARCH_READ: [[is_business_person]],
}
