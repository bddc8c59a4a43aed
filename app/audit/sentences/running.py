"""What is told of the log and the portal itself."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # audit
    Event.LOG_EXPORTED: _("%(who)s exported the audit log of %(size)s entries"),
    # pages
    Event.BOARD_EXPORTED: _("%(who)s exported %(rows)s rows of the board"),
}
