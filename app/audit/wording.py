"""The sentence of each event, made when it is shown, in the reader's language."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from app.audit.sentences import SENTENCES

NOTHING = "—"

KNOWN = {event.label: words for event, words in SENTENCES.items()}


def form_words(form: str) -> str:
    """In which form something was taken away."""
    return gettext("data package") if form == "bundle" else form.upper()


# How a fact is written, by its name; upper features add theirs with show_fact() when they join.
_shown: dict[str, Callable[[Any], str]] = {"form": form_words}


def show_fact(name: str, words: Callable[[Any], str]) -> None:
    """Say how facts of this name are written: a role by its title, an amount in yuan."""
    _shown[name] = words


def sentence(event: str, who: str, facts: Mapping[str, Any]) -> str:
    """Return what happened in words; an event that this release does not know goes by its name."""
    if event not in KNOWN:
        return gettext("%(who)s: %(event)s", who=who, event=event)
    values = defaultdict(
        lambda: NOTHING, {name: _words(name, fact) for name, fact in facts.items()}
    )
    values["who"] = who
    told = str(KNOWN[event]) % values
    return told.rstrip(" :：") if "" in values.values() else told  # no reason had to be given


def actor_words(actor_id: int | None, role: str | None, names: Mapping[int, str]) -> str:
    """Return who acted: a name that the caller found, the portal, a visitor, or the number."""
    if actor_id is None:
        return gettext("A visitor")
    if actor_id == 0 and role == "portal":
        return gettext("The portal")
    return names.get(actor_id) or gettext("Account %(number)s", number=actor_id)


def _words(name: str, fact: Any) -> str:
    if fact is None:
        return NOTHING
    if name in _shown:
        return str(_shown[name](fact))
    if isinstance(fact, list):
        return gettext(", ").join(_words("", one) for one in fact)
    return str(fact)
