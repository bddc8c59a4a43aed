"""What is told of warnings, of the board and of its statistics."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.ALERT_ENDED: _("%(who)s ended the warning: %(words)s"),
    Event.ALERT_ESCALATED: _("The owner's word is late; the leaders are told (%(alert_kind)s)"),
    Event.ALERT_PASSED: _("%(who)s passed the warning on to %(officer)s"),
    Event.ALERT_RAISED: _("A rule raised a warning (%(alert_kind)s)"),
    Event.ALERT_RULE_EDITED: _(
        "%(who)s changed the rule %(alert_kind)s to version %(version)s (%(settings)s): %(reason)s"
    ),
    Event.ALERT_TAKEN: _("%(who)s took the warning over"),
    Event.BOARD_VIEW_REMOVED: _("%(who)s removed the board's view %(name)s"),
    Event.BOARD_VIEW_SAVED: _("%(who)s kept a view of the board as %(name)s"),
    Event.ENGAGEMENT_ASSIGNED: _("%(who)s assigned the engagement to %(officer)s"),
    Event.STAGE_REMINDED: _("%(who)s reminded the agency of %(stage)s: %(words)s"),
    Event.STAGE_NOTE_ANSWERED: _("%(who)s answered opinion #%(note)s on %(stage)s"),
    Event.STAGE_NOTE_ISSUED: _("%(who)s issued opinion #%(note)s (%(note_kind)s) on %(stage)s"),
    Event.STAGE_NOTE_SETTLED: _("%(who)s settled opinion #%(note)s on %(stage)s"),
    Event.STATISTICS_EXPORTED: _("%(who)s exported the statistics by %(by)s (rows: %(rows)s)"),
}
