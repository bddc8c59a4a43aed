"""What people are told of: each kind names itself and the facts of its sentence."""

from enum import Enum


class Kind(Enum):
    """One line a kind: NAME = ("thing_happened", {"fact", …}). Its sentence is in labels.py."""

    ANNUAL_LIST_NOTICED = ("annual_list_noticed", {"until", "year"})
    ANNUAL_LIST_PUBLISHED = ("annual_list_published", {"year"})
    ANNUAL_LIST_READY = ("annual_list_ready", {"year"})
    ASSESSMENT_CONFIRMED = ("assessment_confirmed", {"engagement", "until"})
    ASSESSMENT_RETURNED = ("assessment_returned", {"engagement"})
    ASSESSMENT_SUBMITTED = ("assessment_submitted", {"engagement"})
    CONSEQUENCE_ENDED = ("consequence_ended", {"basis"})
    CONSEQUENCE_IMPOSED = ("consequence_imposed", {"basis", "until"})
    CONSEQUENCE_PROPOSED = ("consequence_proposed", {"agency"})
    DOCUMENTS_REMINDED = ("documents_reminded", {"engagement", "items"})
    DOCUMENTS_REQUESTED = ("documents_requested", {"engagement", "items"})
    DOCUMENTS_RETURNED = ("documents_returned", {"engagement", "items"})
    DOCUMENTS_SUPPLIED = ("documents_supplied", {"engagement", "item"})
    ENGAGEMENT_ACCEPTED = ("engagement_accepted", {"engagement"})
    ENGAGEMENT_OPENED = ("engagement_opened", {"engagement"})
    ENGAGEMENT_REFUSED = ("engagement_refused", {"engagement"})
    ENGAGEMENT_TERMINATED = ("engagement_terminated", {"engagement"})
    EVALUATOR_CONFIRMED = ("evaluator_confirmed", {"evaluator"})
    LEVEL_REVIEW_ASKED = ("level_review_asked", {"engagement", "level", "paper"})
    LEVEL_REVIEW_RETURNED = ("level_review_returned", {"engagement", "level", "paper"})
    INDICATORS_APPROVED = ("indicators_approved", {"engagement"})
    INDICATORS_RETURNED = ("indicators_returned", {"engagement"})
    INDICATORS_SUBMITTED = ("indicators_submitted", {"engagement"})
    NOTE_ISSUED = ("note_issued", {"engagement", "subject"})
    NOTE_REPLIED = ("note_replied", {"engagement", "subject"})
    NOTE_SETTLED = ("note_settled", {"engagement", "subject"})
    OBJECTION_DECIDED = ("objection_decided", {"agency"})
    OBJECTION_RAISED = ("objection_raised", {"agency", "until"})
    PAPER_SUBMITTED = ("paper_submitted", {"engagement", "paper"})
    RANKING_PUBLISHED = ("ranking_published", {"ranking"})
    REPORT_SUBMITTED = ("report_submitted", {"engagement"})
    REVIEW_INVITED = ("review_invited", {"closes", "engagement"})
    APPEAL_DECIDED = ("appeal_decided", {"engagement"})
    APPEAL_FILED = ("appeal_filed", {"due", "engagement"})
    REVIEW_BY_LINK = ("review_by_link", {"engagement"})
    REVIEW_REMINDED = ("review_reminded", {"closes", "engagement"})
    REVIEW_RETURNED = ("review_returned", {"closes", "engagement"})
    REVIEW_REWRITTEN = ("review_rewritten", {"engagement"})
    REVIEWS_OPENED = ("reviews_opened", {"engagement"})
    REWORK_ASKED = ("rework_asked", {"due", "engagement"})
    STAGE_APPROVED = ("stage_approved", {"engagement", "stage"})
    STAGE_RETURNED = ("stage_returned", {"engagement", "stage"})
    STAGE_SUBMITTED = ("stage_submitted", {"engagement", "stage"})
    STORE_ALARM = ("store_alarm", {"count"})
    UPLOAD_REFUSED = ("upload_refused", {"engagement", "file", "reason"})
    VERSION_APPROVED = ("version_approved", {"engagement", "paper"})
    VERSION_RETURNED = ("version_returned", {"engagement", "paper"})

    def __init__(self, label: str, facts: set[str]) -> None:
        self.label = label
        self.facts = frozenset(facts)
