"""How phases and states of document requests are called on pages."""

from flask_babel import lazy_gettext as _

from app.requests.models import ItemState, Phase

PHASES = {
    Phase.PLAN: _("For the plan"),
    Phase.PRE_SURVEY: _("For the preliminary survey"),
    Phase.SURVEY: _("For the survey"),
}
STATES = {
    ItemState.WANTED: _("To be supplied"),
    ItemState.SUPPLIED: _("Supplied"),
    ItemState.CONFIRMED: _("Received and checked"),
    ItemState.RETURNED: _("Sent back"),
    ItemState.NOT_APPLICABLE: _("Not applicable"),
}
TONES = {
    ItemState.WANTED: "amber",
    ItemState.SUPPLIED: "blue",
    ItemState.CONFIRMED: "green",
    ItemState.RETURNED: "red",
    ItemState.NOT_APPLICABLE: "grey",
}
