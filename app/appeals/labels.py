"""How the outcomes of appeals are called."""

from flask_babel import lazy_gettext as _

from app.appeals.models import Outcome
from app.errors import Words

OUTCOMES: dict[Outcome, Words] = {
    Outcome.UPHELD: _("Upheld: the rating stands"),
    Outcome.ADJUSTED: _("Adjusted"),
}
