"""How periodic jobs are called on the page of the system administrator."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.queueing.works import works

PERIODIC: dict[str, Words] = {
    "calendar": _("Look for next year's working days"),
    "change feed": _("Tell other systems of changes"),
    "common words": _("Learn words that many papers share"),
    "comparison": _("Compare the file store with the records"),
    "done work": _("Forget work done a week ago"),
    "handshake": _("Try whether the file store locks"),
    "holdings": _("Read some kept files again"),
    "likenesses": _("Look for papers like earlier ones"),
    "locks": _("Lock archived files"),
    "measures": _("End measures whose time is over"),
    "messages": _("Send messages that are due"),
    "orphans": _("Look for files without a record"),
    "personal data": _("Erase personal data whose time is over"),
    "personal keys": _("Seal personal data under the newest key"),
    "second factors": _("Seal second factors with the key that is set now"),
    "store keys": _("Wrap the files' keys under the newest key"),
    "receipts": _("Forget receipts of requests by other systems"),
    "register": _("Remind agencies of what the register asks"),
    "reminders": _("Send reminders that are due"),
    "screens": _("Look for unusual reviews"),
    "search": _("Keep the search up to date"),
    "spent forms": _("Forget one-time form tokens"),
    "time stamps": _("Fetch time stamps"),
    "unseal": _("Open reviews whose time is over"),
    "waiting work": _("Hand in waiting work again"),
    "warnings": _("Look for warnings"),
}


def work_label(name: str) -> Words:
    """A kind of work in words; one of another release by its name."""
    return works[name].label if name in works else name


def periodic_label(name: str) -> Words:
    """A periodic job in words, or by its name."""
    return PERIODIC.get(name, name)
