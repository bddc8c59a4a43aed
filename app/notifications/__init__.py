"""Telling people: the inbox, and what leaves the portal by mail and to robots."""

from flask_babel import lazy_gettext as _

from app.queueing import Work, can_do


def join() -> None:
    """Teach the queue to send what is due."""
    from app.notifications import outbox, posting, words

    can_do(Work(outbox.POST, _("Send messages"), posting.post, lease_seconds=1800))
    words.tell_the_log()
