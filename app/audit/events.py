"""The events of the log: each names itself and the facts that must come with it."""

from enum import Enum


class Event(Enum):
    """One line an event: NAME = ("thing.happened", {"fact", …}). Groups by thing, sorted.

    Every event needs its sentence in `sentences/`. An event is never taken out of use by
    removing it: old entries still name it.
    """

    # acts of two people
    AUDIT_KEY_CHANGED = ("audit_key.changed", {"new_key", "old_key"})
    DANGEROUS_ACT_ASKED = ("dangerous_act.asked", {"act", "words"})
    DANGEROUS_ACT_DONE = ("dangerous_act.done", {"act"})
    DANGEROUS_ACT_REFUSED = ("dangerous_act.refused", {"act"})

    # access
    ACCESS_REFUSED = ("access.refused", {"endpoint", "permission"})

    # accounts
    ACCOUNT_CLOSED = ("account.closed", {"reason"})
    ACCOUNT_OPENED = ("account.opened", {"role"})
    ORGANISATION_REGISTERED = ("organisation.registered", {"kind"})
    PASSWORD_CHANGED = ("password.changed", ())
    PASSWORD_RESET = ("password.reset", ())
    PORTAL_FOUNDED = ("portal.founded", ())
    ROLE_GRANTED = ("role.granted", {"before", "role"})
    RECOVERY_CODES_MADE = ("recovery_codes.made", ())
    RECOVERY_CODE_USED = ("recovery_code.used", {"left"})
    SIGN_ON_LINKED = ("single_sign_on.linked", {"issuer"})
    SIGN_ON_UNLINKED = ("single_sign_on.unlinked", {"issuer"})
    SIGN_ON_USED = ("single_sign_on.used", {"issuer"})
    SECOND_FACTOR_ADDED = ("second_factor.added", ())
    SECOND_FACTOR_ENDED = ("second_factor.ended", ())
    SESSIONS_ENDED = ("sign_in_sessions.ended", {"count"})
    SIGN_IN_HALF = ("sign_in.half", ())
    SIGN_IN_PROVED = ("sign_in.proved", ())
    SIGNED_IN = ("sign_in.done", ())
    SIGNED_OUT = ("sign_in.ended", ())
    SIGN_IN_REFUSED = ("sign_in.refused", {"reason"})

    # other systems
    API_REQUEST_DONE = ("api_request.done", {"operation", "response_sha256"})
    API_TOKEN_ENDED = ("api_token.ended", ())
    API_TOKEN_MADE = ("api_token.made", {"expires_on", "scopes"})
    API_TOKEN_USED = ("api_token.used", ())

    # the first month
    ACTIVATION_ISSUED = ("activation.issued", {"expires_on"})
    ACTIVATION_USED = ("activation.used", ())
    ENGAGEMENT_TAKEN_OVER = ("engagement.taken_over", {"finished_on", "number", "stage"})
    LEDGER_IMPORTED = ("ledger.imported", {"ledger", "rows"})
    LEDGER_SENT = ("ledger.sent", {"ledger"})

    # the pool of experts
    EXPERT_CALLED_BACK = ("expert.called_back", ())
    ATTENDANCE_NOTED = ("expert.attendance_noted", {"present", "review"})
    EXPERT_ENTERED = ("expert.entered", {"fields", "shut_out"})
    EXPERT_MARKED = ("expert.marked", {"review", "seat"})
    EXPERT_RESTS = ("expert.rests", ())
    FEE_NOTE_EXPORTED = ("fee_note.exported", {"review"})
    FEE_NOTE_ISSUED = ("fee_note.issued", {"document_no", "review", "total_fen"})
    FEE_NOTE_VOIDED = ("fee_note.voided", {"reason", "review"})
    FEE_STANDARD_ENTERED = ("fee_standard.entered", {"document_no"})
    PANEL_DRAWN = ("panel.drawn", {"beacon_value", "seed"})
    PANEL_FROZEN = ("panel.frozen", {"beacon", "commitment", "places"})
    PANEL_VOIDED = ("panel.voided", {"reason"})

    # personal data: which of them, never what they are
    CORRECTION_ANSWERED = ("correction.answered", {"outcome"})
    CORRECTION_ASKED = ("correction.asked", ())
    PERSONAL_DATA_ERASED = ("personal_data.erased", ())
    PERSONAL_DATA_EXPORTED = ("personal_data.exported", {"form"})
    PERSONAL_DATA_SAVED = ("personal_data.saved", {"changed"})
    PERSONAL_KEY_ROTATED = ("personal_key.rotated", {"values"})

    # agencies
    AGENCY_EDITED = ("agency.edited", {"after", "before", "changed"})
    AGENCY_REGISTERED = ("agency.registered", {"type"})
    EVALUATOR_ARRIVED = ("evaluator.arrived", ())
    EVALUATOR_CONFIRMED = ("evaluator.confirmed", ())
    EVALUATOR_EDITED = ("evaluator.edited", {"changed"})
    EVALUATOR_LEFT = ("evaluator.left", ())
    EVALUATOR_REGISTERED = ("evaluator.registered", ())

    # the register: applications, and what keeps it true; of people never more than which record
    APPLICATION_ENTERED = ("register_application.entered", {"round"})
    APPLICATION_ERASED = ("register_application.erased", ())
    APPLICATION_KEY_RENEWED = ("register_application.key_renewed", ())
    APPLICATION_REFUSED = ("register_application.refused", {"words"})
    APPLICATION_RETURNED = ("register_application.returned", {"requirements", "round"})
    APPLICATION_SAVED = ("register_application.saved", ())
    APPLICATION_STARTED = ("register_application.started", ())
    APPLICATION_SUBMITTED = ("register_application.submitted", {"round"})
    APPLICATION_WITHDRAWN = ("register_application.withdrawn", ())
    ASSOCIATE_ENDED = ("agency_associate.ended", ())
    ASSOCIATE_ENTERED = ("agency_associate.entered", ())
    BRANCH_ENDED = ("agency_branch.ended", {"name"})
    BRANCH_ENTERED = ("agency_branch.entered", {"name"})
    EVIDENCE_ADDED = ("register_evidence.added", {"expires_on", "file", "requirement", "sha256"})
    EVIDENCE_VOIDED = ("register_evidence.voided", {"file", "requirement"})
    REGISTER_CONFIRMED = ("register.confirmed", {"year"})
    REGISTER_EXPORTED = ("register.exported", {"rows"})
    REGISTER_IMPORTED = ("register.imported", {"changes", "rows"})
    TRANSFER_ASKED = ("evaluator_transfer.asked", ())
    TRANSFER_REFUSED = ("evaluator_transfer.refused", {"words"})
    TRANSFER_RELEASED = ("evaluator_transfer.released", ())

    # alerts: in no scope, since agencies and units read an engagement's time line
    ALERT_ENDED = ("alert.ended", {"words"})
    ALERT_ESCALATED = ("alert.escalated", {"alert_kind"})
    ALERT_PASSED = ("alert.passed", {"officer"})
    ALERT_RAISED = ("alert.raised", {"alert_kind"})
    ALERT_RULE_EDITED = ("alert_rule.edited", {"alert_kind", "reason", "settings", "version"})
    ALERT_TAKEN = ("alert.taken", ())

    # exchange: in no scope
    CASE_PROPOSED = ("case.proposed", {"sha256", "title"})
    CASE_RELEASED = ("case.released", {"title"})
    CASE_WITHDRAWN = ("case.withdrawn", {"words"})
    CONSORTIUM_AGREED = ("consortium.agreed", {"name"})
    CONSORTIUM_ENDED = ("consortium.ended", {"name"})
    CONSORTIUM_PROPOSED = ("consortium.proposed", {"name"})
    POST_ANSWERED = ("post.answered", ())
    POST_ANSWER_ACCEPTED = ("post.answer_accepted", ())
    POST_ANSWER_HIDDEN = ("post.answer_hidden", {"words"})
    POST_ANSWER_EDITED = ("post.answer_edited", ())
    POST_ANSWER_SHOWN = ("post.answer_shown", ())
    POST_EDITED = ("post.edited", {"title"})
    POST_FILE_ADDED = ("post.file_added", {"file", "sha256"})
    POST_HIDDEN = ("post.hidden", {"words"})
    POST_REPORTED = ("post.reported", {"words"})
    POST_REPORT_SETTLED = ("post.report_settled", ())
    POST_SHOWN = ("post.shown", ())
    POST_WRITTEN = ("post.written", {"post_kind", "title"})

    # training: in no scope
    COURSE_EDITED = ("course.edited", {"title"})
    COURSE_MADE = ("course.made", {"title"})
    COURSE_PUBLISHED = ("course.published", {"title"})
    COURSE_WITHDRAWN = ("course.withdrawn", {"title"})
    COURSE_FILE_ADDED = ("course_file.added", {"file", "sha256"})
    COURSE_FILE_WATCHED = ("course_file.watched", {"file"})
    COURSE_PAGE_READ = ("course_page.read", {"position"})
    COURSE_PAGE_WRITTEN = ("course_page.written", {"position"})
    HOURS_ACCEPTED = ("hours.accepted", {"hours", "words"})
    HOURS_CLAIMED = ("hours.claimed", {"file", "hours", "sha256"})
    HOURS_EXPORTED = ("hours.exported", {"rows"})
    HOURS_REFUSED = ("hours.refused", {"hours", "words"})
    QUESTION_RETIRED = ("question.retired", ())
    QUESTION_WRITTEN = ("question.written", ())
    QUIZ_BEGUN = ("quiz.begun", {"number", "seed"})
    QUIZ_SENT = ("quiz.sent", {"number", "passed", "percent"})
    TRAINING_CALLED = ("training.called", {"day", "title"})
    TRAINING_EXPORTED = ("training.exported", {"rows"})
    TRAINING_MADE_UP = ("training.made_up", {"account", "reason"})
    TRAINING_SIGNED = ("training.signed", ())

    # archiving
    ARCHIVE_LOCKED = ("archive.locked", {"files"})
    ARCHIVE_MADE = ("archive.made", {"files", "manifest_sha256", "size"})
    RETENTION_CHANGED = ("retention.changed", {"after", "before"})

    # assessments: in no scope, since units read an engagement's time line
    ANNUAL_LIST_APPROVED = ("annual_list.approved", {"version", "words", "year"})
    ANNUAL_LIST_DRAWN = ("annual_list.drawn", {"digest", "reason", "rows", "version", "year"})
    ANNUAL_LIST_EXPORTED = ("annual_list.exported", {"form", "version", "year"})
    ANNUAL_LIST_NOTICED = ("annual_list.noticed", {"until", "version", "year"})
    ANNUAL_LIST_PUBLISHED = (
        "annual_list.published",
        {"digest", "document_no", "version", "year"},
    )
    ANNUAL_LIST_RETURNED = ("annual_list.returned", {"reason", "version", "year"})
    ANNUAL_ROW_PROPOSED = (
        "annual_row.proposed",
        {"agency", "before", "consequence_kind", "reason"},
    )
    ASSESSMENT_BEGUN = ("assessment.begun", {"reason", "version"})
    ASSESSMENT_CONFIRMED = (
        "assessment.confirmed",
        {"digest", "grade_label", "pay_percent", "total", "version"},
    )
    ASSESSMENT_FORM_EDITED = ("assessment_form.edited", {"reason", "version"})
    ASSESSMENT_RETURNED = ("assessment.returned", {"reason"})
    ASSESSMENT_RULES_EDITED = ("assessment_rules.edited", {"reason", "version"})
    ASSESSMENT_SAVED = ("assessment.saved", {"changed", "items"})
    ASSESSMENT_SUBMITTED = ("assessment.submitted", {"total"})
    CONSEQUENCE_ENDED = ("consequence.ended", {"consequence_kind"})
    CONSEQUENCE_IMPOSED = (
        "consequence.imposed",
        {"basis", "consequence_kind", "ends_on", "starts_on"},
    )
    CONSEQUENCE_PROPOSED = (
        "consequence.proposed",
        {"basis", "consequence_kind", "ends_on", "starts_on"},
    )
    CONSEQUENCE_REFUSED = ("consequence.refused", {"consequence_kind", "reason"})
    OBJECTION_DECIDED = ("objection.decided", {"objection_outcome", "words"})
    OBJECTION_RAISED = ("objection.raised", {"words"})

    # attachments: told in no scope, like the download of a paper
    ATTACHMENT_DOWNLOADED = ("attachment.downloaded", {"file", "sha256"})

    # audit
    LOG_EXPORTED = ("log.exported", {"size"})

    # consultations
    CONSULTATION_ANSWERED = (
        "consultation.responded",
        {"consultation", "opinions", "sha256", "unit"},
    )
    CONSULTATION_CLOSED = ("consultation.closed", {"consultation", "opinions", "unit", "words"})
    CONSULTATION_EXPORTED = ("consultation.exported", {"consultation", "form", "unit"})
    CONSULTATION_LETTER = (
        "consultation.letter_added",
        {"consultation", "file", "sha256", "unclassified", "unit"},
    )
    CONSULTATION_SENT = ("consultation.sent", {"consultation", "due_on", "sha256", "unit"})
    OPINION_ANSWERED = (
        "consultation.opinion_answered",
        {"consultation", "opinion", "reason", "unit", "verdict"},
    )

    # document requests
    REQUESTS_EXPORTED = ("document_request.exported", {"rows"})
    REQUEST_DRAWN_UP = ("document_request.drawn_up", {"items", "list", "unit"})
    REQUEST_EXTENDED = ("document_request.extended", {"items", "list", "unit"})
    REQUEST_FILE_VOIDED = (
        "document_request.file_voided",
        {"file", "item", "list", "sha256", "title"},
    )
    REQUEST_ITEM_CONFIRMED = ("document_request.confirmed", {"item", "list", "title"})
    REQUEST_ITEM_FILED = ("document_request.filed", {"item", "list", "papers", "title"})
    REQUEST_ITEM_RETURNED = ("document_request.returned", {"item", "list", "title", "words"})
    REQUEST_ITEM_SET_ASIDE = ("document_request.set_aside", {"item", "list", "reason", "title"})
    REQUEST_REMINDED = ("document_request.reminded", {"items", "list", "unit"})
    REQUEST_SENT = ("document_request.sent", {"items", "list", "unit"})
    REQUEST_SUPPLIED = (
        "document_request.supplied",
        {"file", "item", "late_days", "list", "sha256", "size", "title", "unclassified"},
    )

    # custody
    FILES_PURGED = ("files.purged", {"digest", "files"})
    PURGE_LISTED = ("purge.listed", {"digest", "files"})
    LEGAL_HOLD_ASKED = ("legal_hold.asked", {"reason"})
    LEGAL_HOLD_CONFIRMED = ("legal_hold.confirmed", {"reason"})
    LEGAL_HOLD_REFUSED = ("legal_hold.refused", {"reason"})
    LEGAL_HOLD_RELEASED = ("legal_hold.released", {"reason"})
    LEGAL_HOLD_RELEASE_ASKED = ("legal_hold.release_asked", {"reason"})
    LEGAL_HOLD_RELEASE_REFUSED = ("legal_hold.release_refused", {"reason"})
    STORE_ALARMED = ("store.alarmed", {"keys", "wrong"})
    STORE_KEY_ROTATED = ("store_key.rotated", {"files"})
    STORE_PROVED = ("store.proved", {"failed", "held"})

    # engagements
    ENGAGEMENT_ACCEPTED = ("engagement.accepted", {"round"})
    ENGAGEMENT_CLOSED = ("engagement.closed", ())
    ENGAGEMENT_OPENED = (
        "engagement.opened",
        {"agency", "client", "code", "fee_fen", "tasks", "template"},
    )
    ENGAGEMENT_REFUSED = ("engagement.refused", {"reasons", "round"})
    ENGAGEMENT_RETURNED = ("engagement.returned_for_rework", {"due_on", "reasons", "round"})
    ENGAGEMENT_TERMINATED = ("engagement.terminated", {"reason"})
    STAGE_APPROVED = ("stage.approved", {"stage"})
    STAGE_PASSED = ("stage.passed", {"stage"})
    STAGE_RETURNED = ("stage.returned", {"reason", "stage"})
    STAGE_SUBMITTED = ("stage.submitted", {"stage"})
    TEMPLATE_EDITED = ("template.edited", {"code", "version"})

    # expert reviews: no score of a single expert stands in the log
    EXPERT_OPINION_ANSWERED = ("expert_review.opinion_answered", {"opinion", "review", "words"})
    EXPERT_REVIEW_CALLED = (
        "expert_review.called",
        {"experts", "review", "sha256", "total_rule"},
    )
    EXPERT_REVIEW_CONCLUDED = (
        "expert_review.concluded",
        {"opinions", "review", "sheets", "total"},
    )
    EXPERT_SHEET_SUBMITTED = ("expert_review.sheet_submitted", {"opinions", "review", "seat"})
    EXPERT_STATED = ("expert_review.stated", {"grounds", "review", "seat"})

    # fieldwork
    FIELDWORK_RECORDED = ("fieldwork.recorded", {"entry", "on", "words"})
    FIELDWORK_VOIDED = ("fieldwork.voided", {"entry", "on", "reason", "words"})
    PHOTO_ADDED = ("fieldwork.photo_added", {"file", "sha256", "taken_at", "unclassified"})

    # guidance
    NOTE_ANSWERED = ("note.answered", {"index_no", "note", "words"})
    NOTE_ISSUED = ("note.issued", {"index_no", "note", "note_kind", "reason", "version", "words"})
    NOTE_SETTLED = ("note.settled", {"index_no", "note"})
    STAGE_NOTE_ANSWERED = ("stage_note.answered", {"note", "stage", "words"})
    STAGE_NOTE_ISSUED = (
        "stage_note.issued",
        {"note", "note_kind", "reason", "stage", "words"},
    )
    STAGE_NOTE_SETTLED = ("stage_note.settled", {"note", "stage"})

    # indicators: a saved sheet tells each row that changed, before and after
    INDICATORS_APPROVED = ("indicators.approved", {"digest", "task", "version"})
    INDICATORS_BEGUN = ("indicators.begun", {"reason", "source", "task", "version"})
    INDICATORS_EXPORTED = ("indicators.exported", {"form", "task", "version"})
    INDICATORS_RETURNED = ("indicators.returned", {"reason", "task", "version"})
    INDICATORS_SAVED = ("indicators.saved", {"changed", "file", "sha256", "task", "version"})
    INDICATORS_SUBMITTED = ("indicators.submitted", {"points", "task", "version"})
    RESULTS_EXPORTED = ("results.exported", {"budget_year", "rows"})
    RESULT_DECIDED = (
        "result.decided",
        {"budget_year", "cut_fen", "decider", "decision_no", "task"},
    )
    RESULT_PROPOSED = ("result.proposed", {"budget_year", "cut_fen", "grade", "score", "task"})
    RESULT_VOIDED = ("result.voided", {"budget_year", "reason", "task"})
    SCORES_SAVED = ("scores.saved", {"changed", "codes", "task", "total"})

    # hand-overs and deputies: who acts in another's place is named in every entry (`for`)
    ACTING_BEGUN = ("acting.begun", {"deputy", "principal"})
    DEPUTY_ENDED = ("deputy.ended", {"deputy", "principal"})
    DEPUTY_NAMED = ("deputy.named", {"deputy", "principal"})
    HANDOVER_CONFIRMED = ("handover.confirmed", ())
    HANDOVER_DONE = ("handover.done", {"giver", "moved", "taker"})
    HANDOVER_ENDED = ("handover.ended", ())
    HANDOVER_PROPOSED = ("handover.proposed", {"giver", "taker"})

    # notifications: never an address, a secret or the words of a message
    DELIVERY_REPEATED = ("delivery.repeated", {"message_key", "route", "tries"})
    DELIVERY_RETRIED = ("delivery.retried", {"route"})
    MESSAGES_CHOSEN = ("message_choice.made", {"pace"})
    MESSAGE_TRIED = ("message.tried", {"route"})
    TARGET_ADDED = ("message_target.added", {"host", "name", "target_format"})
    TARGET_CHANGED = ("message_target.changed", {"host", "name", "target_format"})
    TARGET_RETIRED = ("message_target.retired", {"host", "name", "target_format"})

    # working days
    HOLIDAYS_ENTERED = ("holidays.entered", {"days", "source", "work_days", "year"})

    # operations
    BACKUP_MADE = ("backup.made", {"copied", "files", "rows", "stamp"})
    BACKUP_RESTORED = ("backup.restored", {"files", "rows", "stamp", "wrong"})

    # oversight and pages
    BOARD_EXPORTED = ("board.exported", {"rows"})
    BOARD_VIEW_REMOVED = ("board_view.removed", {"name"})
    BOARD_VIEW_SAVED = ("board_view.saved", {"name"})
    ENGAGEMENT_ASSIGNED = ("engagement.assigned", {"officer"})
    STAGE_REMINDED = ("stage.reminded", {"stage", "words"})
    STATISTICS_EXPORTED = ("statistics.exported", {"by", "rows"})

    # files: a further file of a version, beside the first that its own event tells of
    FILES_RECEIVED = ("files.received", {"files", "index_no"})
    FILE_ATTACHED = ("file.attached", {"file", "index_no", "number", "position", "sha256", "size"})

    # papers: told of the paper, whatever its version; a download is told of the version alone,
    # in no scope: whose files a supervisor looks at is not for the agency's time line
    LEVEL_REVIEWED = (
        "level_review.made",
        {"index_no", "level", "number", "outcome", "sha256", "words_sha256"},
    )
    LEVEL_REVIEWERS_APPOINTED = ("level_reviewers.appointed", {"reviewers"})
    LEVEL_REVIEW_ANSWERED = (
        "level_review.answered",
        {"index_no", "level", "number", "words_sha256"},
    )
    PAPER_DOWNLOADED = ("paper.downloaded", {"index_no", "number", "sha256"})
    PAPER_PREVIEWED = ("paper.previewed", {"index_no", "number", "sha256"})
    PAPER_READ_COPY = ("paper.read_copy", {"copy_sha256", "index_no", "number", "sha256"})
    PAPER_SUBMITTED = (
        "paper.submitted",
        {"file", "index_no", "late", "number", "sha256", "size", "title", "unclassified"},
    )
    PAPER_WITHDRAWN = ("paper.withdrawn", {"index_no", "reason"})
    PASSPORT_PRINTED = ("passport.printed", {"index_no", "number", "sha256"})
    READING_RULES_CHANGED = ("reading_rules.changed", {"after", "before"})
    REPORT_SUBMITTED = (
        "report.submitted",
        {
            "evaluator",
            "index_no",
            "name_found",
            "number",
            "pages",
            "round",
            "seal",
            "sha256",
        },
    )
    BOILERPLATE_ADDED = ("boilerplate.added", {"text_sha256", "title"})
    BOILERPLATE_WITHDRAWN = ("boilerplate.withdrawn", {"title"})
    SIMILARITY_FOUND = ("similarity.found", {"alarms", "index_no", "number"})
    SIMILARITY_SETTLED = ("similarity.settled", {"index_no", "number", "words"})
    STORE_CHECKED = ("store.checked", {"checked", "lost", "rotten", "strangers"})
    UPLOAD_REFUSED = ("paper.upload_refused", {"file", "refusal", "size"})
    TIME_STAMPED = ("time_stamp.received", {"serial", "sha256", "stamped_at"})
    VERSION_APPROVED = ("version.approved", {"index_no", "number", "sha256"})
    VERSION_READ = ("version.read", {"index_no", "number"})
    VERSION_RETURNED = ("version.returned", {"index_no", "number", "words"})
    VERSION_SUBMITTED = (
        "version.submitted",
        {"file", "index_no", "late", "number", "sha256", "size", "title", "unclassified"},
    )

    # queueing: what was given up and is tried again
    JOB_RETRIED = ("job.retried", {"job"})

    # spills: told of the paper, in the scope of its own engagement and of no other
    SPILL_DESTROYED = ("spill.destroyed", {"index_no", "number", "sha256", "words"})
    SPILL_FILE_DESTROYED = ("spill.file_destroyed", {"file", "sha256", "words"})
    SPILL_FILE_DISMISSED = ("spill.file_dismissed", {"file", "sha256", "words"})
    SPILL_FILE_REPORTED = ("spill.file_reported", {"file", "sha256", "spill_kind", "words"})
    SPILL_DISMISSED = ("spill.dismissed", {"index_no", "number", "sha256", "words"})
    SPILL_REPORTED = ("spill.reported", {"index_no", "number", "sha256", "spill_kind", "words"})
    SPILL_REPEATED = ("spill.repeated", {"sha256"})

    # conflicts of interest
    CONFLICT_ACCEPTED = ("conflict.accepted", {"link", "reason"})
    CONFLICT_FOUND = ("conflict.found", {"links"})
    RELATION_ENTERED = ("relation.entered", {"relation", "relation_kind"})
    RELATION_WITHDRAWN = ("relation.withdrawn", {"reason", "relation"})

    # rankings
    RANKING_ASKED = ("ranking.asked", {"title"})
    RANKING_BUNDLED = ("ranking.bundled", {"code", "recipient", "sha256"})
    RANKING_COMPUTED = ("ranking.computed", {"code", "data_digest", "result_digest"})
    RANKING_EXPORTED = ("ranking.exported", {"code", "form"})
    RANKING_PUBLISHED = ("ranking.published", {"code", "reason", "result_digest"})

    # answers to ratings: appeals, one-time keys, the ratings of units
    AGENCY_REPLIED = ("agency.replied", ())
    APPEAL_DECIDED = ("appeal.decided", {"outcome", "rulings"})
    APPEAL_FILED = ("appeal.filed", ())
    FLAG_RAISED = ("flag.raised", {"screen"})
    FLAG_REMARKED = ("flag.remarked", {"state"})
    LINK_ISSUED = ("review_link.issued", {"kind", "recipient"})
    LINK_USED = ("review_link.used", {"kind"})
    LINK_WITHDRAWN = ("review_link.withdrawn", ())
    REVIEW_FORM_ISSUED = ("review_form.issued", {"invitations", "recipient"})
    UNIT_RATED = ("unit.rated", ())

    # changes in the course of an engagement
    AMENDMENT_APPROVED = ("amendment.approved", {"amendment_kind", "number", "words"})
    AMENDMENT_REFUSED = ("amendment.refused", {"amendment_kind", "number", "words"})
    ENTRY_CORRECTED = ("amendment.entry_corrected", {"before", "corrected", "now", "reason"})
    EXTENSION_ASKED = ("amendment.extension_asked", {"before", "reason", "stage", "until"})
    EXTENSION_GRANTED = ("amendment.extension_granted", {"before", "reason", "stage", "until"})
    LEAD_CHANGE_ASKED = ("amendment.lead_change_asked", {"before", "evaluator", "reason"})
    SUCCESSOR_NAMED = ("amendment.successor_named", {"reason", "successor"})
    SUPPLEMENT_ADDED = ("amendment.supplement_added", {"basis", "before_fen", "new_fen", "until"})
    WORK_RESUMED = ("amendment.work_resumed", {"days", "since", "until"})
    WORK_SUSPENDED = ("amendment.work_suspended", {"reason", "since"})

    # procurement
    AWARDS_APPROVED = ("awards.approved", {"lots", "need"})
    AWARD_ANSWERED = ("award.answered", {"agency", "lot", "words"})
    AWARD_COMPLAINED = ("award.complained", {"agency", "lot", "words"})
    AWARD_CONTRACTED = ("award.contracted", {"contract", "engagement", "late_days", "lot"})
    AWARD_DECIDED = ("award.decided", {"agency", "lot", "words"})
    AWARD_MADE = ("award.made", {"agency", "lot", "price_fen", "reason"})
    AWARD_OBJECTED = ("award.objected", {"agency", "lot", "words"})
    AWARD_WITHDRAWN = ("award.withdrawn", {"agency", "lot", "reason"})
    BIDS_OPENED = ("bids.opened", {"bids", "lot", "void"})
    BID_HANDED_IN = ("bid.handed_in", {"agency", "lot", "sha256"})
    CHOICE_KEPT = (
        "choice.kept",
        {"agency", "considered", "lot", "ranking", "reason", "standing"},
    )
    CHOICE_REASONED = ("choice.reasoned", {"agency", "lot", "reason"})
    CONTRACT_DUTY_DONE = ("contract.duty_done", {"day", "duty", "late_days", "lot"})
    DECISION_PACK_ASKED = ("decision_pack.asked", {"lots", "need"})
    DECISION_PACK_MADE = ("decision_pack.made", {"files", "manifest_sha256", "need"})
    DECISION_PACK_TAKEN = ("decision_pack.taken", {"need", "sha256"})
    DRAW_FROZEN = ("draw.frozen", {"attempt", "beacon", "commitment", "list_digest", "lot"})
    DRAW_HELD = ("draw.held", {"beacon_value", "draw", "first", "seed"})
    DRAW_NUMBER_ADDED = ("draw.number_added", {"draw", "number"})
    DRAW_VOIDED = ("draw.voided", {"attempt", "draw", "reason"})
    LOW_BID_ANSWERED = ("low_bid.answered", {"agency", "lot", "words"})
    LOW_BID_ASKED = ("low_bid.asked", {"agency", "lot", "words"})
    LOW_BID_DECIDED = ("low_bid.decided", {"agency", "lot", "verdict", "words"})
    NEED_ANNOUNCED = ("need.announced", {"need", "until"})
    NEED_CANCELLED = ("need.cancelled", {"need", "reason"})
    NEED_PLANNED = ("need.planned", {"budget_fen", "lots", "method", "need"})
    OFFER_JOINED = ("offer.joined", {"lot", "name"})
    OFFER_MADE = ("offer.made", {"agency", "lot", "people"})
    OFFER_REFUSED = ("offer_refused.noted", {"agency", "lot", "words"})
    OFFER_WITHDRAWN = ("offer.withdrawn", {"agency", "lot", "reason"})
    PLATFORM_NUMBERS_TAKEN = ("platform_numbers.taken", {"changes", "need"})
    PROCUREMENT_RULES_CONFIRMED = ("procurement_rules.confirmed", {"document_no", "source"})
    PROCUREMENT_RULES_SET = ("procurement_rules.set", {"document_no", "limit_fen", "version"})
    SEAL_HALF_MADE = ("seal_half.made", {"half", "key", "need"})
    SEAL_HALF_REPLACED = ("seal_half.replaced", {"before", "half", "key", "need", "reason"})

    # comparisons, framework agreements, questions and changes; no member's points stand in the log
    BIDDERS_INVITED = ("bidders.invited", {"agencies", "draw", "lot", "until"})
    BID_REFUSED = ("bid_refused.noted", {"lot", "words"})
    BID_REPLACED = ("bid.replaced", {"agency", "before", "lot", "sha256"})
    COMPARISON_CONCLUDED = ("comparison.concluded", {"bids", "lot", "sheets", "total"})
    COMPARISON_PANEL_DRAWN = ("comparison_panel.drawn", {"beacon_value", "lot", "seed"})
    COMPARISON_PANEL_FROZEN = (
        "comparison_panel.frozen",
        {"beacon", "commitment", "lot", "places"},
    )
    COMPARISON_PANEL_VOIDED = ("comparison_panel.voided", {"lot", "reason"})
    COMPARISON_SEAT_REFUSED = ("comparison_seat.refused", {"lot", "seat", "tie"})
    COMPARISON_SEAT_STATED = ("comparison_seat.stated", {"grounds", "lot", "seat"})
    COMPARISON_SHEET_SUBMITTED = ("comparison_sheet.submitted", {"lot", "seat"})
    COMPARISON_STATED = ("comparison.stated", {"need", "sha256", "total_rule"})
    FRAMEWORK_ENTERED = ("framework.entered", {"framework", "members"})
    FRAMEWORK_MEMBER_LEFT = ("framework.member_left", {"agency", "framework", "reason"})
    FRAMEWORK_NAMED = ("framework.named", {"framework", "need"})
    FRAMEWORK_TURN_TOLD = (
        "framework.turn_told",
        {"agency", "framework", "lot", "reason", "turn", "turn_outcome"},
    )
    INVITED_PLACES_SET = ("invited_places.set", {"need", "newcomers", "places"})
    NEED_QUESTION_ANSWERED = ("need_question.answered", {"need", "number", "words"})
    NEED_QUESTION_ASKED = ("need_question.asked", {"need", "words"})
    NOTICE_CHANGED = ("notice.changed", {"before", "need", "until", "words"})

    # instalments, invoices, payments
    INSTALMENTS_ADDED = ("payment.instalments_added", {"amount_fen", "days", "instalments"})
    INVOICE_HANDED_IN = ("invoice.handed_in", {"amount_fen", "due_on", "invoice"})
    INVOICE_VOIDED = ("invoice.voided", {"amount_fen", "invoice", "reason"})
    PAYMENT_RECORDED = ("payment.recorded", {"amount_fen", "invoice", "paid_fen", "paid_on"})

    # documents that go out
    DOCUMENT_WORDING_EDITED = ("document.wording_edited", {"document_kind", "reason", "version"})
    OFFICIAL_DOCUMENT_ISSUED = ("document.issued", {"document_kind", "document_no", "sha256"})
    OFFICIAL_DOCUMENT_SEALED = (
        "document.sealed",
        {"document_kind", "document_no", "plain_sha256", "seal_no", "sha256", "signer"},
    )
    OFFICIAL_DOCUMENT_UNSEALED = (
        "document.seal_failed",
        {"document_kind", "document_no", "failure"},
    )
    OFFICIAL_DOCUMENT_TAKEN = ("document.taken", {"document_kind", "document_no", "form"})
    OFFICIAL_DOCUMENT_VOIDED = ("document.voided", {"document_kind", "document_no", "reason"})

    # rectification
    RECTIFICATIONS_EXPORTED = ("rectification.exported", {"rows"})
    RECTIFICATION_CONFIRMED = ("rectification.confirmed", {"item", "notice", "unit"})
    RECTIFICATION_EVIDENCE = (
        "rectification.evidence_added",
        {"file", "item", "notice", "sha256", "unclassified", "unit"},
    )
    RECTIFICATION_ISSUED = (
        "rectification.issued",
        {"amount_fen", "document_no", "items", "notice", "unit"},
    )
    RECTIFICATION_REMINDED = ("rectification.reminded", {"items", "notice", "unit"})
    RECTIFICATION_REPORTED = (
        "rectification.reported",
        {"files", "item", "notice", "unit", "words"},
    )
    RECTIFICATION_RETURNED = ("rectification.returned", {"item", "notice", "unit", "words"})

    # reviews: no star, no word and no name of a rater ever stands in the log
    REVIEW_REWRITTEN = ("review.rewritten", {"commitment", "version"})
    REVIEW_RULED = ("review.ruled", {"reason", "ruling"})
    REVIEW_SUBMITTED = ("review.submitted", {"commitment"})
    ROUND_OPENED = ("round.opened", {"closes_on", "invitations"})
    ROUND_UNSEALED = ("round.unsealed", ())
    DIMENSION_ADDED = ("dimension.added", {"code", "name"})
    DIMENSION_WORDED = ("dimension.worded", {"after", "before", "code"})
    PROBLEM_ADDED = ("problem.added", {"name"})
    PROBLEM_RETIRED = ("problem.retired", {"name"})
    WEIGHTS_SET = ("weights.set", {"holds_from", "reason", "version"})

    def __init__(self, label: str, facts: set[str]) -> None:
        self.label = label
        self.facts = frozenset(facts)
