"""How the findings and the steps of the handshake are called."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.custody.models import Wrong
from app.errors import Words

WRONGS: dict[Wrong, Words] = {
    Wrong.ROTTEN: _("Changed: the bytes are not those of their digest"),
    Wrong.LOST: _("Lost: a record names it and the store does not have it"),
    Wrong.STRANGER: _("Stranger: in the store, and no record names it"),
    Wrong.HIDDEN: _("Deleted behind the portal's back; the version below is still there"),
    Wrong.MISSING: _("The archived version is gone"),
    Wrong.OVERWRITTEN: _("Another version lies over the archived one"),
    Wrong.UNLOCKED: _("The archived version is no longer locked"),
    Wrong.HANDSHAKE: _("The store does not refuse what it must refuse"),
}
NAMED = 3  # keys that a sentence names


def wrong_words(kinds: Sequence[str]) -> str:
    """The kinds of an alarm, in a sentence of the log."""
    return gettext("; ").join(str(WRONGS[Wrong(kind)]) for kind in kinds)


def key_words(keys: Sequence[str]) -> str:
    """The first of the files that an alarm names, by the beginning of their digests."""
    shown = [key[-64:][:12] for key in keys[:NAMED]]
    return gettext(", ").join([*shown, f"… {len(keys)}"] if len(keys) > NAMED else shown)


def step_words(steps: Sequence[str]) -> str:
    """The steps of a handshake that held, or did not."""
    return gettext("; ").join(str(STEPS[step]) for step in steps) or "—"


STEPS: dict[str, Words] = {
    "bucket": _("The bucket says that it has Object Lock"),
    "mode": _("A lock of mode COMPLIANCE is shown with its end"),
    "deletion": _("Deleting a locked version is refused, and it is still there"),
    "overwrite": _("Overwriting leaves the version before as it was"),
    "digest": _("A body that does not fit its digest is refused"),
}
