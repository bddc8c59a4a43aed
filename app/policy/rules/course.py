"""Who may do what with changes of a contract, its money and its documents."""

from app.policy.permissions import Permission
from app.policy.roles import Rules, Word
from app.policy.words import (
    acts_for_client,
    is_its_section,
    is_open,
    is_performance,
    leads_engagement,
    sees_whole_district,
    works_for_agency,
)
from app.policy.words_of_course import is_addressed

PARTIES: list[list[Word]] = [  # of the contract: not the units that are evaluated
    [sees_whole_district],
    [works_for_agency],
    [is_its_section],
    [acts_for_client],
]

RULES: Rules = {
    Permission.AMENDMENT_ASK: [[leads_engagement, is_open]],
    Permission.AMENDMENT_DECIDE: [[is_performance, is_open], [acts_for_client, is_open]],
    Permission.AMENDMENT_ENTER: [[is_performance]],
    Permission.AMENDMENT_READ: PARTIES,
    Permission.DOCUMENT_WORDING_EDIT: [[is_performance]],
    Permission.INVOICE_HAND_IN: [[leads_engagement]],
    Permission.OFFICIAL_DOCUMENT_ISSUE: [[is_performance]],
    Permission.OFFICIAL_DOCUMENT_READ: [
        [sees_whole_district],
        [is_its_section],
        [acts_for_client],
        [is_addressed],
    ],
    Permission.PAYMENT_PLAN: [[is_performance]],
    Permission.PAYMENT_READ: PARTIES,
    Permission.PAYMENT_RECORD: [[is_performance], [acts_for_client]],
}
