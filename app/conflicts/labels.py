"""How relations and what is found of them are called."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.conflicts.rules import BARRED, BARRED_TOGETHER, Finding, LinkKind, RelationKind
from app.display import bracketed
from app.errors import Words

RELATIONS: dict[RelationKind, Words] = {
    RelationKind.HEAD: _("Head of the agency"),
    RelationKind.OWNER: _("Owner"),
    RelationKind.MANAGER: _("Manages the agency directly"),
    RelationKind.FORMER_POST: _("Former employer of one of its people"),
    RelationKind.SELF_EVALUATION: _("Helped with the self-evaluation"),
    RelationKind.BOOKKEEPING: _("Kept the books"),
    RelationKind.AUDIT: _("Audited"),
    RelationKind.TENDERING: _("Tendering agent"),
    RelationKind.CONSULTING: _("Advised, or drew up performance targets"),
    RelationKind.SUPERVISION: _("Supervised the works"),
}
FOUND: dict[LinkKind, Words] = {
    LinkKind.SERVED: _("served the unit or the client within three years"),
    LinkKind.SERVED_PROJECT: _("tendered or supervised this very project within three years"),
    LinkKind.OWNED_BY_PARTY: _("the unit or the client owns or manages the agency"),
    LinkKind.ONE_HEAD: _("one head with another agency: not both in one lot"),
    LinkKind.ONE_HOLDING: _("one holding with another agency: not both in one lot"),
    LinkKind.SERVED_BEFORE: _("served the unit or the client before"),
    LinkKind.EARLIER_ENGAGEMENT: _("evaluated something else at this unit before"),
    LinkKind.SAME_PROJECT: _("evaluated the same project before"),
    LinkKind.FORMER_POST: _("one of its people used to work there"),
    LinkKind.COLLEAGUES: _("its people and another agency's are former colleagues"),
    LinkKind.SAME_ADDRESS: _("one address with another agency"),
    LinkKind.NAMESAKE: _("heads of one name: to be looked at"),
}
BASES: dict[LinkKind, Words] = {
    LinkKind.SERVED: _("财预〔2021〕6号: client, evaluated unit and agency are independent"),
    LinkKind.SERVED_PROJECT: _("Regulation on the procurement act, article 18"),
    LinkKind.OWNED_BY_PARTY: _(
        "财预〔2021〕6号: client, evaluated unit and agency are independent"
    ),
    LinkKind.ONE_HEAD: _("Regulation on the procurement act, article 18"),
    LinkKind.ONE_HOLDING: _("Regulation on the procurement act, article 18"),
}


def tone_of(kind: LinkKind) -> str:
    """The colour of a finding: red forbids, amber is to be looked at."""
    return "red" if kind in BARRED | BARRED_TOGETHER else "amber"


def words_of(kind: LinkKind, facts: Mapping[str, Any]) -> str:
    """A finding in one line: what it is, of whom, until when."""
    parts = [str(FOUND[kind])]
    if relation := facts.get("relation"):
        until = facts.get("until") or gettext("it lasts")
        told = RELATIONS[RelationKind(relation)]
        parts.append(bracketed(told, until))
    parts += [str(facts[name]) for name in ("person", "code", "project", "day") if facts.get(name)]
    parts += [gettext(", ").join(facts["others"])] if facts.get("others") else []
    return " · ".join(parts)


def links_in_words(told: Iterable[str]) -> str:
    """The kinds of what was found, each said once."""
    return gettext("; ").join(str(FOUND[LinkKind(one)]) for one in dict.fromkeys(told))


def refusal_of(finding: Finding) -> str:
    """Why an agency can't do the work."""
    told = words_of(finding.kind, finding.facts)
    return gettext(
        "This agency can't take the work: %(why)s. Nobody may override this (%(basis)s)",
        why=told,
        basis=BASES[finding.kind],
    )
