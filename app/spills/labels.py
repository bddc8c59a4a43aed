"""How kinds and states of spills are called."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.spills.models import Outcome, Spill, SpillKind

KINDS: dict[SpillKind, Words] = {
    SpillKind.CLASSIFIED: _("State secret or work secret"),
    SpillKind.PERSONAL: _("Personal information"),
}
OUTCOMES: dict[Outcome | None, Words] = {
    None: _("Withheld, waits for a second person"),
    Outcome.DESTROYED: _("Destroyed"),
    Outcome.DISMISSED: _("Released again"),
}
TONES: dict[Outcome | None, str] = {
    None: "amber",
    Outcome.DESTROYED: "red",
    Outcome.DISMISSED: "green",
}


def kind_words(kind: str) -> str:
    """A fact of the log in words."""
    return str(KINDS.get(SpillKind(kind), kind)) if kind in set(SpillKind) else kind


def state_of(spill: Spill) -> tuple[Words, str]:
    """The state of a report and its tone."""
    return OUTCOMES[spill.outcome], TONES[spill.outcome]
