"""How states of rectification are called on pages; red until closed."""

from flask_babel import lazy_gettext as _

from app.rectifications.models import RectificationState

STATES = {
    RectificationState.OPEN: _("To be put right"),
    RectificationState.REPORTED: _("Reported, to be confirmed"),
    RectificationState.RETURNED: _("Report sent back"),
    RectificationState.CONFIRMED: _("Put right"),
}
TONES = {
    RectificationState.OPEN: "red",
    RectificationState.REPORTED: "amber",
    RectificationState.RETURNED: "red",
    RectificationState.CONFIRMED: "green",
}
