"""How audiences, sources and states of hours are called."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.training.models import Audience, ClaimState, Source

AUDIENCES: dict[Audience, Words] = {
    Audience.ALL: _("Agencies and units"),
    Audience.AGENCY: _("People of agencies"),
    Audience.UNIT: _("Performance officers of units"),
}
SOURCES: dict[Source, Words] = {
    Source.COURSE: _("Course"),
    Source.SESSION: _("Training"),
    Source.ELSEWHERE: _("Earned elsewhere"),
}
STATES: dict[ClaimState, tuple[Words, str]] = {
    ClaimState.WAITING: (_("Waits for a decision"), "amber"),
    ClaimState.ACCEPTED: (_("Hours accepted"), "green"),
    ClaimState.REFUSED: (_("Hours not accepted"), "red"),
}
