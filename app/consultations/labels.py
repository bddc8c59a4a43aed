"""How verdicts are called on pages."""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.consultations.models import Verdict

VERDICTS = {
    Verdict.ADOPTED: _("Adopted"),
    Verdict.PARTLY: _("Adopted in part"),
    Verdict.REJECTED: _("Not adopted"),
}
TONES = {Verdict.ADOPTED: "green", Verdict.PARTLY: "amber", Verdict.REJECTED: "grey"}


def listed(words: Iterable[str]) -> str:
    """Words one after the other."""
    return gettext(", ").join(words)
