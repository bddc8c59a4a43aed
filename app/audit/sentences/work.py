"""What is told of engagements and guidance."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # engagements
    Event.ENGAGEMENT_ACCEPTED: _("%(who)s accepted the work (round %(round)s)"),
    Event.ENGAGEMENT_CLOSED: _("%(who)s closed the engagement; its papers are filed"),
    Event.ENGAGEMENT_OPENED: _("%(who)s opened the engagement %(code)s (tasks: %(tasks)s)"),
    Event.ENGAGEMENT_REFUSED: _("%(who)s finally refused the work (round %(round)s): %(reasons)s"),
    Event.ENGAGEMENT_RETURNED: _(
        "%(who)s refused acceptance (round %(round)s), rework until %(due_on)s: %(reasons)s"
    ),
    Event.ENGAGEMENT_TERMINATED: _("%(who)s terminated the engagement: %(reason)s"),
    Event.STAGE_APPROVED: _("%(who)s approved the stage %(stage)s"),
    Event.STAGE_PASSED: _("The stage %(stage)s ended"),
    Event.STAGE_RETURNED: _("%(who)s returned the stage %(stage)s: %(reason)s"),
    Event.STAGE_SUBMITTED: _("%(who)s submitted the stage %(stage)s"),
    Event.TEMPLATE_EDITED: _("%(who)s made version %(version)s of the template"),
    # guidance
    Event.NOTE_ANSWERED: _("%(who)s answered opinion %(note)s on %(index_no)s: %(words)s"),
    Event.NOTE_ISSUED: _(
        "%(who)s issued opinion %(note)s (%(note_kind)s) on %(index_no)s, version %(version)s:"
        " %(words)s"
    ),
    Event.NOTE_SETTLED: _("%(who)s settled opinion %(note)s on %(index_no)s"),
}
