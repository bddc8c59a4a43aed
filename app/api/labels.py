"""What tokens may be used for, in words, and what is told of types on the reference page."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.api.models import Scope
from app.audit.wording import show_fact
from app.errors import Words

SCOPES: dict[Scope, Words] = {
    Scope.ENGAGEMENTS: _("Read engagements, their progress and results"),
    Scope.PAPERS: _("Read what is known of working papers"),
    Scope.FILES: _("Download files of working papers"),
    Scope.REVIEWS: _("Read ratings"),
    Scope.RANKINGS: _("Read rankings"),
    Scope.REGISTER: _("Read the directory of agencies"),
    Scope.NOTICES: _("Read notices and policies"),
    Scope.CHANGES: _("Follow what happens (change feed)"),
    Scope.IMPORT: _("Open engagements from another system"),
}
TAGS: dict[str, Words] = {
    "me": _("The token itself"),
    "engagements": _("Engagements and their progress"),
    "papers": _("Working papers"),
    "results": _("Use of results"),
    "reviews": _("Ratings of engagements"),
    "rankings": _("Rankings"),
    "agencies": _("Agencies"),
    "notices": _("Notices and policies"),
    "changes": _("Change feed"),
}


def scopes_in_words(scopes: Iterable[str]) -> str:
    """Several scopes in one line; one of another release goes by its name."""
    known = {one.value: words for one, words in SCOPES.items()}
    return gettext(", ").join(str(known.get(one, one)) for one in scopes)


def type_words(schema: dict[str, Any]) -> str:
    """A field's type for people: its kind, what it is a list of, whether it may be null."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return f"{type_words(schema['anyOf'][0])} | null"
    if "enum" in schema:
        return " | ".join("null" if one is None else str(one) for one in schema["enum"])
    kinds = schema.get("type", "")
    kind = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "items" in schema:
        return kind.replace("array", f"{type_words(schema['items'])}[]")
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def reference_of(schema: dict[str, Any]) -> str:
    """The shape that a field's type leads to; empty where it leads to none."""
    for one in (schema, *schema.get("anyOf", []), schema.get("items", {})):
        if "$ref" in one:
            return str(one["$ref"]).rpartition("/")[2]
    return ""


def join() -> None:
    """The log tells scopes in words."""
    show_fact("scopes", scopes_in_words)
