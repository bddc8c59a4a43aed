"""How the aspects of working with a unit are called, and what their stars mean."""

from flask_babel import lazy_gettext as _

from app.cooperation.models import Aspect
from app.errors import Words

ASPECTS: dict[Aspect, Words] = {
    Aspect.MATERIAL: _("Material in time"),
    Aspect.ACCEPTANCE: _("Acceptance in time"),
    Aspect.PAYMENT: _("Payment in time"),
}
ANCHORS: dict[int, Words] = {
    5: _("Earlier than agreed"),
    4: _("On time"),
    3: _("A little late, without harm"),
    2: _("Late, only after reminders"),
    1: _("So late that the work stood still"),
}
