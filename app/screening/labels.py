"""How screens and signs are told."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.screening.facts import Oddity
from app.screening.models import FlagState, Screen

SCREENS: dict[Screen, Words] = {
    Screen.BURST: _("Burst of unlike reviews"),
    Screen.DISAGREEMENT: _("Kinds of buyers disagree"),
    Screen.FACTS: _("Stars against the facts"),
    Screen.LOW_AFTER_POOR: _("Low stars after a poor grade"),
    Screen.MISFIT: _("Rater unlike all others"),
    Screen.RING: _("Ring of praisers"),
    Screen.STRAIGHT: _("Straight-lining"),
}
MEANINGS: dict[Screen, Words] = {
    Screen.BURST: _(
        "Eight reviews of one agency within a short time of the last 180 days that are also"
        " higher or lower than its others."
    ),
    Screen.DISAGREEMENT: _(
        "Over many jobs the units' stars for one agency are further from those of the sections"
        " than chance allows."
    ),
    Screen.FACTS: _("A rule, not a statistic: the stars don't go with the portal's own dates."),
    Screen.LOW_AFTER_POOR: _(
        "A rule, not a statistic: an evaluated unit gives one or two stars after its project"
        " was graded fair or poor. It may be right all the same."
    ),
    Screen.MISFIT: _("One rater's stars are further from what is expected than chance allows."),
    Screen.RING: _(
        "Those who give one agency five stars are too harsh with its strongest competitors."
    ),
    Screen.STRAIGHT: _("One rater gives almost everybody the same number of stars."),
}
STATES: dict[FlagState, Words] = {
    FlagState.OPEN: _("To be looked at"),
    FlagState.EXPLAINED: _("Explained"),
    FlagState.CONFIRMED: _("Confirmed"),
}
TONES: dict[FlagState, str] = {
    FlagState.OPEN: "amber",
    FlagState.EXPLAINED: "green",
    FlagState.CONFIRMED: "red",
}
ODDITIES: dict[str, Words] = {
    Oddity.BEST_THOUGH_LATE: _("Five stars for efficiency, yet the report was late"),
    Oddity.LOW_THOUGH_IN_TIME: _(
        "One or two stars for efficiency, yet the report was in time and nothing was returned"
    ),
    Oddity.LOW_AFTER_POOR: _("One or two stars after the project was graded fair or poor"),
}
FIGURES: dict[str, Words] = {
    "ratings": _("Reviews"),
    "engagements": _("Engagements"),
    "praisers": _("Praisers"),
    "same": _("Of these alike"),
    "statistic": _("Statistic"),
    "shift": _("Shift in standard deviations"),
    "difference": _("Difference in stars"),
    "chance": _("Chance without any cause"),
    "days_late": _("Working days late"),
}


def figures_of(figures: dict[str, object]) -> list[tuple[Words, str]]:
    """The figures of a sign in words, in the order of the list above."""
    told: list[tuple[Words, str]] = []
    for name, words in FIGURES.items():
        value = figures.get(name)
        if isinstance(value, float):
            told.append((words, f"{value:.2g}" if name == "chance" else f"{value:.2f}"))
        elif value is not None:
            told.append((words, str(value)))
    return told
