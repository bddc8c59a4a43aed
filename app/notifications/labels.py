"""The sentence of each kind of message; the facts are put in when it is shown."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.notifications.kinds import Kind

SENTENCES: dict[Kind, Words] = {
    Kind.ACCESS_RENEWED: _(
        "An administrator gave a new way in for %(person)s: password, activation slip, second"
        " factor or single sign-on"
    ),
    Kind.ACCOUNT_OPENED: _("An account of the bureau was opened for %(person)s"),
    Kind.ALERTS_ESCALATED: _("Warnings past their day that wait for a word: %(count)s"),
    Kind.ALERTS_RAISED: _("Warnings for you to deal with: %(count)s"),
    Kind.AMENDMENT_ASKED: _("%(what)s waits for your decision (%(engagement)s)"),
    Kind.AMENDMENT_MADE: _("%(what)s: decided or entered (%(engagement)s)"),
    Kind.ANNUAL_LIST_NOTICED: _(
        "Your row in the year list of %(year)s is open to objections until %(until)s"
    ),
    Kind.ANNUAL_LIST_PUBLISHED: _("The list of agency assessments of %(year)s is published"),
    Kind.ANNUAL_LIST_READY: _("The list of agency assessments of %(year)s waits for your decision"),
    Kind.ASSESSMENT_CONFIRMED: _(
        "The assessment of %(engagement)s is confirmed; objections until %(until)s"
    ),
    Kind.ASSESSMENT_RETURNED: _("The assessment of %(engagement)s was sent back to you"),
    Kind.ASSESSMENT_SUBMITTED: _("Please confirm the assessment of %(engagement)s"),
    Kind.CONSEQUENCE_ENDED: _("The term of a measure has ended (%(basis)s)"),
    Kind.CONSEQUENCE_IMPOSED: _("A measure was decided (%(basis)s); appeals until %(until)s"),
    Kind.CONSEQUENCE_PROPOSED: _("A measure for %(agency)s waits for your decision"),
    Kind.CONSULTATION_ASKED: _(
        "Your opinions on the draft are asked until %(due)s (%(engagement)s)"
    ),
    Kind.CONSULTATION_CLOSED: _("Every opinion of yours has its answer (%(engagement)s)"),
    Kind.CONSULTATION_RESPONDED: _("%(unit)s handed in its opinions (%(engagement)s)"),
    Kind.DOCUMENTS_REMINDED: _("Reminder: items still owed: %(items)s (%(engagement)s)"),
    Kind.DOCUMENTS_REQUESTED: _("Please supply material (%(engagement)s); items: %(items)s"),
    Kind.DOCUMENTS_RETURNED: _("Material was sent back to you (%(engagement)s)"),
    Kind.DOCUMENTS_SUPPLIED: _("Supplied by the unit: %(item)s (%(engagement)s)"),
    Kind.ENGAGEMENT_ACCEPTED: _("Accepted: %(engagement)s"),
    Kind.ENGAGEMENT_ASSIGNED: _("You look after this engagement now: %(engagement)s"),
    Kind.ENGAGEMENT_OPENED: _("New engagement: %(engagement)s"),
    Kind.ENGAGEMENT_REFUSED: _("Finally refused at acceptance: %(engagement)s"),
    Kind.ENGAGEMENT_TERMINATED: _("Terminated: %(engagement)s"),
    Kind.EVALUATOR_CONFIRMED: _("Lead evaluator confirmed: %(evaluator)s"),
    Kind.PROOF_EXPIRES: _(
        "Proof of %(agency)s ends in %(days)s days, on %(until)s: %(proof)s. Please file a new one"
    ),
    Kind.EVALUATOR_WAITS: _("%(agency)s: somebody is to be confirmed as lead evaluator"),
    Kind.REGISTER_APPLIED: _("%(agency)s handed in its application for the register"),
    Kind.TRANSFER_ASKED: _("%(agency)s asks for one of your practitioners; please decide"),
    Kind.TRANSFER_DECIDED: _("The transfer of a practitioner to %(agency)s is decided"),
    Kind.INVOICE_HANDED_IN: _("Invoice %(invoice)s is to be paid (%(engagement)s)"),
    Kind.INVOICE_PAID: _("A payment for invoice %(invoice)s is recorded (%(engagement)s)"),
    Kind.INVOICE_RETURNED: _("Invoice %(invoice)s was given back (%(engagement)s)"),
    Kind.LEGAL_HOLD_ASKED: _("A legal hold waits for a second person: %(engagement)s"),
    Kind.LEVEL_REVIEW_ASKED: _("Please review %(paper)s at level %(level)s (%(engagement)s)"),
    Kind.LEVEL_REVIEW_RETURNED: _(
        "Level %(level)s asks for a new version of %(paper)s (%(engagement)s)"
    ),
    Kind.EXPERT_REVIEW_CALLED: _(
        "You are invited to the expert review on %(day)s (%(engagement)s)"
    ),
    Kind.EXPERT_REVIEW_CONCLUDED: _(
        "Opinions of the experts for you to answer: %(opinions)s (%(engagement)s)"
    ),
    Kind.ROLE_GRANTED: _("The role of %(person)s was changed"),
    Kind.SIGN_IN_NEW: _("Your account was signed in from a new place: %(address)s, %(device)s"),
    Kind.DANGEROUS_ACT_ASKED: _("An act waits for you as the second person: %(act)s"),
    Kind.DEPUTY_NAMED: _("You act for %(principal)s until %(until)s"),
    Kind.FEED_CHANGED: _(
        "The change feed has something new after place %(after)s, up to %(until)s"
    ),
    Kind.HANDOVER_DONE: _("The work of %(giver)s has gone to %(taker)s"),
    Kind.HANDOVER_PROPOSED: _("Please confirm: the work of %(giver)s goes to %(taker)s"),
    Kind.CONSORTIUM_NAMED: _("Your consortium %(consortium)s has signed up for %(lot)s"),
    Kind.CONSORTIUM_ENDED: _("%(agency)s declined or ended the consortium %(consortium)s"),
    Kind.CONSORTIUM_IN_FORCE: _("All have agreed: the consortium %(consortium)s is in force"),
    Kind.CONSORTIUM_ASKED: _("Your agency is asked to join the consortium %(consortium)s"),
    Kind.POST_HIDDEN: _("The section hid what you wrote at %(title)s: %(words)s"),
    Kind.POST_REPORTED: _("A reader reported a post: %(title)s"),
    Kind.POST_ANSWERED: _("Your post has an answer: %(title)s"),
    Kind.HOURS_DECIDED: _("Hours earned elsewhere were decided on: %(title)s"),
    Kind.SIGN_IN_MADE_UP: _(
        "Your sign-in at the training %(title)s was made up; its hours are yours"
    ),
    Kind.HOLIDAYS_MISSING: _(
        "The State Council's holidays of %(years)s are missing; please enter them"
    ),
    Kind.INDICATORS_APPROVED: _("Indicator system approved (%(engagement)s)"),
    Kind.INDICATORS_RETURNED: _("Indicator system returned (%(engagement)s)"),
    Kind.INDICATORS_SUBMITTED: _("Indicator system submitted (%(engagement)s)"),
    Kind.NOTE_ISSUED: _("New opinion on %(subject)s (%(engagement)s)"),
    Kind.NOTE_REPLIED: _("Reply to the opinion on %(subject)s (%(engagement)s)"),
    Kind.NOTE_SETTLED: _("The opinion on %(subject)s is settled (%(engagement)s)"),
    Kind.NOTE_TOUCHES_SCORE: _("An opinion touches a score: %(subject)s (%(engagement)s)"),
    Kind.OBJECTION_DECIDED: _("The objection of %(agency)s is decided"),
    Kind.OBJECTION_RAISED: _("%(agency)s objected; to be decided until %(until)s"),
    Kind.OFFICIAL_DOCUMENT_ISSUED: _("A document came for you: %(title)s (%(engagement)s)"),
    Kind.PAPER_SUBMITTED: _("New version of working paper %(paper)s (%(engagement)s)"),
    Kind.RANKING_PUBLISHED: _("Ranking published: %(ranking)s"),
    Kind.RECTIFICATION_CONFIRMED: _("Finding %(items)s is closed (%(engagement)s)"),
    Kind.AWARD_MADE: _("%(lot)s was awarded to %(agency)s"),
    Kind.AWARD_OBJECTED: _("An objection to the award of %(lot)s waits"),
    Kind.BIDDERS_INVITED: _("You were drawn: bids for %(lot)s until %(until)s"),
    Kind.DRAW_FROZEN: _(
        "The list of %(lot)s is frozen; a number of your own is taken until %(until)s"
    ),
    Kind.COMPARISON_SEATED: _("You sit in the panel for %(lot)s; please state on the five grounds"),
    Kind.PRICE_ASKED: _("Your price is asked about in writing; answer by %(until)s: %(lot)s"),
    Kind.NEED_CLARIFIED: _("Answers or changes of the notice; until %(until)s: %(need)s"),
    Kind.NEED_QUESTION: _("A question about a notice waits for its answer: %(need)s"),
    Kind.NEED_ANNOUNCED: _("Sign up until %(until)s: %(need)s"),
    Kind.RECTIFICATION_ISSUED: _("Findings to be put right: %(items)s (%(engagement)s)"),
    Kind.RECTIFICATION_REMINDED: _("Reminder: findings still open: %(items)s (%(engagement)s)"),
    Kind.RECTIFICATION_REPORTED: _("%(unit)s reported on a finding (%(engagement)s)"),
    Kind.RECTIFICATION_RETURNED: _(
        "The report on finding %(items)s was sent back (%(engagement)s)"
    ),
    Kind.REPORT_SUBMITTED: _("The final report was submitted: %(engagement)s"),
    Kind.REVIEW_INVITED: _("Please rate %(engagement)s until %(closes)s"),
    Kind.APPEAL_DECIDED: _("The appeal against the rating of %(engagement)s is decided"),
    Kind.APPEAL_FILED: _("An agency appeals: %(engagement)s, decide until %(due)s"),
    Kind.REVIEW_BY_LINK: _(
        "A review of %(engagement)s was given for your organisation with a one-time key"
    ),
    Kind.REVIEW_REMINDED: _("Not rated yet: %(engagement)s, last day %(closes)s"),
    Kind.REVIEW_RETURNED: _(
        "After an appeal your review of %(engagement)s was returned to you, until %(closes)s"
    ),
    Kind.REVIEW_REWRITTEN: _("A review of %(engagement)s was written anew after your appeal"),
    Kind.REVIEWS_OPENED: _("The ratings of %(engagement)s are open now"),
    Kind.REWORK_ASKED: _("Rework until %(due)s: %(engagement)s"),
    Kind.SPILL_DECIDED: _("Decided on the reported file of %(paper)s (%(engagement)s)"),
    Kind.SPILL_REPORTED: _(
        "A file of %(paper)s must not be here and waits for a second person (%(engagement)s)"
    ),
    Kind.STAGE_APPROVED: _("Stage %(stage)s approved (%(engagement)s)"),
    Kind.STAGE_REMINDED: _("Reminder: please hand in %(stage)s (%(engagement)s)"),
    Kind.STAGE_RETURNED: _("Stage %(stage)s returned (%(engagement)s)"),
    Kind.STAGE_SUBMITTED: _("Stage %(stage)s submitted (%(engagement)s)"),
    Kind.STORE_ALARM: _("The file store is not as it should be: %(count)s files"),
    Kind.UPLOAD_REFUSED: _("Your file %(file)s was not taken: %(reason)s (%(engagement)s)"),
    Kind.STORE_UNPROVEN: _(
        "The file store does not refuse what it must refuse: %(count)s of the tries failed"
    ),
    Kind.TRIAL: _("This is a trial message from Xingping (%(name)s)"),
    Kind.VERSION_APPROVED: _("Working paper %(paper)s approved (%(engagement)s)"),
    Kind.VERSION_RETURNED: _("Working paper %(paper)s returned (%(engagement)s)"),
}
BY_LABEL = {kind.label: kind for kind in Kind}


def sentence(kind: str, facts: Mapping[str, str]) -> str:
    """What the message says, in the reader's language."""
    return str(SENTENCES[BY_LABEL[kind]]) % dict(facts)
