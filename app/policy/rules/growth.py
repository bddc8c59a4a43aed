"""Who may do what with courses and hours."""

from app.policy.permissions import Permission
from app.policy.roles import Rules
from app.policy.words import (
    acts_for_nobody,
    administers_own_agency,
    is_addressee,
    is_business_person,
    is_performance,
    sees_whole_district,
)
from app.policy.words_of_growth import is_its_audience, is_learner, is_published, is_waiting

RULES: Rules = {
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
    Permission.QUIZ_ANSWER: [[is_addressee, acts_for_nobody]],
}
