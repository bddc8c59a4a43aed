"""What is told of the log and the portal itself."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # audit
    Event.LOG_EXPORTED: _("%(who)s exported the audit log of %(size)s entries"),
    # queueing
    Event.JOB_RETRIED: _("%(who)s had the work %(job)s tried again"),
    # notifications
    Event.DELIVERY_REPEATED: _(
        "The message %(message_key)s (%(route)s) is sent once more: whether an earlier try arrived"
        " isn't known, so it may come twice"
    ),
    Event.DELIVERY_RETRIED: _("%(who)s had a message sent again that was given up (%(route)s)"),
    Event.MESSAGES_CHOSEN: _("%(who)s chose how to be told by mail: %(pace)s"),
    Event.MESSAGE_TRIED: _("%(who)s had a trial message sent (%(route)s)"),
    Event.TARGET_ADDED: _(
        "%(who)s added the message target %(name)s (%(target_format)s, %(host)s)"
    ),
    Event.TARGET_CHANGED: _(
        "%(who)s changed the message target %(name)s (%(target_format)s, %(host)s)"
    ),
    Event.TARGET_RETIRED: _("%(who)s retired the message target %(name)s (%(host)s)"),
    # working days
    Event.HOLIDAYS_ENTERED: _(
        "%(who)s entered the working days of %(year)s after %(source)s: %(days)s days off,"
        " %(work_days)s made up"
    ),
    # operations
    Event.BACKUP_MADE: _("A backup was made (%(stamp)s): %(rows)s rows, %(files)s files"),
    Event.BACKUP_RESTORED: _(
        "The backup %(stamp)s was restored: %(rows)s rows, %(files)s files, %(wrong)s faults"
    ),
    # pages
    Event.BOARD_EXPORTED: _("%(who)s exported the board; rows: %(rows)s"),
}
