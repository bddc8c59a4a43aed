"""How periodic jobs are called on the page of the system administrator."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.queueing.works import works

PERIODIC: dict[str, Words] = {
    "calendar": _("Look for next year's working days"),
    "done work": _("Forget work done a week ago"),
    "holdings": _("Read some kept files again"),
    "messages": _("Send messages that are due"),
    "orphans": _("Look for files without a record"),
    "spent forms": _("Forget one-time form tokens"),
    "unseal": _("Open reviews whose time is over"),
    "waiting work": _("Hand in waiting work again"),
}


def work_label(name: str) -> Words:
    """A kind of work in words; one of another release by its name."""
    return works[name].label if name in works else name


def periodic_label(name: str) -> Words:
    """A periodic job in words, or by its name."""
    return PERIODIC.get(name, name)
