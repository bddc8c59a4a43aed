"""What is told of the process itself: material, visits, views, experts, rectification."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # attachments
    Event.ATTACHMENT_DOWNLOADED: _("%(who)s downloaded %(file)s"),
    # document requests
    Event.REQUESTS_EXPORTED: _("%(who)s took away the ledger of material received; rows: %(rows)s"),
    Event.REQUEST_DRAWN_UP: _(
        "%(who)s drew up document request %(list)s for %(unit)s; items: %(items)s"
    ),
    Event.REQUEST_EXTENDED: _(
        "%(who)s added to document request %(list)s for %(unit)s; items: %(items)s"
    ),
    Event.REQUEST_FILE_VOIDED: _("%(who)s took back %(file)s (list %(list)s, item %(item)s)"),
    Event.REQUEST_ITEM_CONFIRMED: _(
        "%(who)s confirmed the receipt of %(title)s (list %(list)s, item %(item)s)"
    ),
    Event.REQUEST_ITEM_FILED: _(
        "%(who)s filed %(title)s (list %(list)s, item %(item)s) as %(papers)s"
    ),
    Event.REQUEST_ITEM_RETURNED: _(
        "%(who)s sent back %(title)s (list %(list)s, item %(item)s): %(words)s"
    ),
    Event.REQUEST_ITEM_SET_ASIDE: _(
        "%(who)s noted %(title)s (list %(list)s, item %(item)s) as not applicable: %(reason)s"
    ),
    Event.REQUEST_REMINDED: _(
        "%(who)s reminded %(unit)s of document request %(list)s; items: %(items)s"
    ),
    Event.REQUEST_SENT: _("%(who)s sent document request %(list)s to %(unit)s; items: %(items)s"),
    Event.REQUEST_SUPPLIED: _(
        "%(who)s supplied %(title)s (list %(list)s, item %(item)s): %(file)s"
    ),
    # fieldwork
    Event.FIELDWORK_RECORDED: _("%(who)s entered: %(entry)s of %(on)s, %(words)s"),
    Event.FIELDWORK_VOIDED: _("%(who)s voided the entry %(entry)s of %(on)s: %(reason)s"),
    Event.PHOTO_ADDED: _("%(who)s added the photograph %(file)s to a site visit"),
    # consultations
    Event.CONSULTATION_ANSWERED: _("%(who)s handed in the opinions of %(unit)s: %(opinions)s"),
    Event.CONSULTATION_CLOSED: _(
        "%(who)s closed the consultation of %(unit)s: %(opinions)s opinions %(words)s"
    ),
    Event.CONSULTATION_EXPORTED: _(
        "%(who)s took away the opinions of %(unit)s and their answers (%(form)s)"
    ),
    Event.CONSULTATION_LETTER: _("The letter of %(unit)s stands beside its opinions: %(file)s"),
    Event.CONSULTATION_SENT: _("%(who)s sent the draft to %(unit)s, opinions until %(due_on)s"),
    Event.OPINION_ANSWERED: _(
        "%(who)s answered opinion %(opinion)s of %(unit)s: %(verdict)s, %(reason)s"
    ),
    # expert reviews
    Event.EXPERT_OPINION_ANSWERED: _(
        "%(who)s answered opinion %(opinion)s of expert review %(review)s: %(words)s"
    ),
    Event.EXPERT_REVIEW_CALLED: _(
        "%(who)s called expert review %(review)s (experts: %(experts)s; %(total_rule)s)"
    ),
    Event.EXPERT_REVIEW_CONCLUDED: _(
        "%(who)s concluded expert review %(review)s: %(sheets)s sheets, %(opinions)s opinions,"
        " total %(total)s"
    ),
    Event.EXPERT_SHEET_SUBMITTED: _(
        "Expert %(seat)s handed in the sheet of review %(review)s; opinions: %(opinions)s"
    ),
    Event.EXPERT_STATED: _(
        "Expert %(seat)s stated the grounds for standing aside (review %(review)s): %(grounds)s"
    ),
    # rectification
    Event.RECTIFICATIONS_EXPORTED: _(
        "%(who)s took away the ledger of rectification; rows: %(rows)s"
    ),
    Event.RECTIFICATION_CONFIRMED: _(
        "%(who)s confirmed that finding %(item)s of notice %(notice)s (%(unit)s) was put right"
    ),
    Event.RECTIFICATION_EVIDENCE: _(
        "%(who)s added %(file)s to finding %(item)s of notice %(notice)s (%(unit)s)"
    ),
    Event.RECTIFICATION_ISSUED: _(
        "%(who)s issued notice %(notice)s to %(unit)s (findings: %(items)s; %(amount_fen)s)"
    ),
    Event.RECTIFICATION_REMINDED: _(
        "%(who)s reminded %(unit)s of notice %(notice)s; findings: %(items)s"
    ),
    Event.RECTIFICATION_REPORTED: _(
        "%(who)s reported on finding %(item)s of notice %(notice)s (%(unit)s): %(words)s"
    ),
    Event.RECTIFICATION_RETURNED: _(
        "%(who)s sent back the report on finding %(item)s of notice %(notice)s (%(unit)s):"
        " %(words)s"
    ),
}
