"""What is told of quality assessments, the year's list, and what follows for an agency."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.ANNUAL_LIST_APPROVED: _("%(who)s approved the list of %(year)s, version %(version)s"),
    Event.ANNUAL_LIST_DRAWN: _(
        "%(who)s drew up the list of %(year)s, version %(version)s (agencies: %(rows)s)"
    ),
    Event.ANNUAL_LIST_EXPORTED: _(
        "%(who)s exported the list of %(year)s, version %(version)s, as %(form)s"
    ),
    Event.ANNUAL_LIST_NOTICED: _(
        "%(who)s gave the agencies notice of the list of %(year)s, version %(version)s;"
        " objections until %(until)s"
    ),
    Event.ANNUAL_LIST_PUBLISHED: _(
        "%(who)s published the list of %(year)s, version %(version)s, as %(document_no)s"
    ),
    Event.ANNUAL_LIST_RETURNED: _(
        "%(who)s returned the list of %(year)s, version %(version)s: %(reason)s"
    ),
    Event.ANNUAL_ROW_PROPOSED: _(
        "%(who)s proposed for %(agency)s: %(consequence_kind)s (%(reason)s)"
    ),
    Event.ASSESSMENT_BEGUN: _("%(who)s began version %(version)s of the assessment"),
    Event.ASSESSMENT_CONFIRMED: _(
        "%(who)s confirmed version %(version)s of the assessment: %(total)s points, %(grade_label)s"
    ),
    Event.ASSESSMENT_FORM_EDITED: _("%(who)s made version %(version)s of the form: %(reason)s"),
    Event.ASSESSMENT_RETURNED: _("%(who)s sent the assessment back: %(reason)s"),
    Event.ASSESSMENT_RULES_EDITED: _("%(who)s made version %(version)s of the rules: %(reason)s"),
    Event.ASSESSMENT_SAVED: _("%(who)s saved points of the assessment (%(items)s items)"),
    Event.ASSESSMENT_SUBMITTED: _(
        "%(who)s handed the assessment on for confirmation: %(total)s points"
    ),
    Event.CONSEQUENCE_ENDED: _("The term of the measure ended: %(consequence_kind)s"),
    Event.CONSEQUENCE_IMPOSED: _(
        "%(who)s decided: %(consequence_kind)s from %(starts_on)s to %(ends_on)s (%(basis)s)"
    ),
    Event.CONSEQUENCE_PROPOSED: _(
        "%(who)s proposed: %(consequence_kind)s from %(starts_on)s to %(ends_on)s (%(basis)s)"
    ),
    Event.CONSEQUENCE_REFUSED: _("%(who)s refused the proposal %(consequence_kind)s: %(reason)s"),
    Event.OBJECTION_DECIDED: _("%(who)s decided the objection: %(objection_outcome)s. %(words)s"),
    Event.OBJECTION_RAISED: _("%(who)s objected: %(words)s"),
}
