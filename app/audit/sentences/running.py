"""What is told of the log and the portal itself."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # audit
    Event.LOG_EXPORTED: _("%(who)s exported the audit log of %(size)s entries"),
    # queueing
    Event.JOB_RETRIED: _("%(who)s had the work %(job)s tried again"),
    # pages
    Event.BOARD_EXPORTED: _("%(who)s exported %(rows)s rows of the board"),
}
