"""What is told of the store, of holds and of spills."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.ARCHIVE_LOCKED: _("The store locked %(files)s archived files"),
    Event.FILES_PURGED: _(
        "%(who)s had %(files)s files destroyed whose retention had ended, by the list %(digest)s"
    ),
    Event.PURGE_LISTED: _(
        "%(who)s listed %(files)s files whose retention has ended, with the digest %(digest)s"
    ),
    Event.LEGAL_HOLD_ASKED: _("%(who)s asked for a legal hold: %(reason)s"),
    Event.LEGAL_HOLD_CONFIRMED: _("%(who)s confirmed the legal hold: %(reason)s"),
    Event.LEGAL_HOLD_REFUSED: _("%(who)s refused the legal hold: %(reason)s"),
    Event.LEGAL_HOLD_RELEASED: _("%(who)s ended the legal hold: %(reason)s"),
    Event.LEGAL_HOLD_RELEASE_ASKED: _("%(who)s asked to end the legal hold: %(reason)s"),
    Event.LEGAL_HOLD_RELEASE_REFUSED: _("%(who)s refused to end the legal hold: %(reason)s"),
    Event.SPILL_DESTROYED: _(
        "%(who)s destroyed the file of %(index_no)s, version %(number)s: %(words)s"
    ),
    Event.SPILL_DISMISSED: _(
        "%(who)s found nothing wrong with %(index_no)s, version %(number)s: %(words)s"
    ),
    Event.SPILL_FILE_DESTROYED: _("%(who)s destroyed the file %(file)s: %(words)s"),
    Event.SPILL_FILE_DISMISSED: _("%(who)s found nothing wrong with the file %(file)s: %(words)s"),
    Event.SPILL_FILE_REPORTED: _("%(who)s reported the file %(file)s (%(spill_kind)s): %(words)s"),
    Event.SPILL_REPEATED: _("A destroyed file came back from a backup and was destroyed again"),
    Event.SPILL_REPORTED: _(
        "%(who)s reported the file of %(index_no)s, version %(number)s (%(spill_kind)s): %(words)s"
    ),
    Event.TIME_STAMPED: _("A time stamp of %(stamped_at)s came, No. %(serial)s"),
    Event.STORE_ALARMED: _("The file store is not as it should be: %(wrong)s (%(keys)s)"),
    Event.STORE_KEY_ROTATED: _("The keys of %(files)s files were wrapped again under a new key"),
    Event.STORE_PROVED: _("The store was tried: %(held)s; failed: %(failed)s"),
}
