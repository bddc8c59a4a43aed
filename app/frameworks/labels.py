"""How turns of an agreement are called."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.frameworks.models import Outcome

OUTCOMES: dict[Outcome, Words] = {
    Outcome.TAKEN: _("takes the lot"),
    Outcome.DECLINED: _("declines"),
    Outcome.BARRED: _("may not work for these parties"),
}
