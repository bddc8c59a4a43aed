"""How decisions on requests are called on pages and in the log."""

from flask_babel import lazy_gettext as _

from app.personal.models import Outcome

OUTCOMES = {
    Outcome.CORRECTED: _("Corrected"),
    Outcome.REFUSED: _("Not corrected"),
}
