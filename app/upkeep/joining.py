"""How the register's upkeep stands, on the page of an agency."""

from collections.abc import Mapping
from typing import Any

from app.agencies.models import Agency
from app.policy import Permission, Person, can
from app.upkeep import queries


def panel(agency: Agency, user: Person) -> tuple[str, Mapping[str, Any]] | None:
    """The yearly word and the proof, for the agency itself and those who oversee it."""
    if not can(user, Permission.EVIDENCE_READ, agency):
        return None
    told = {"standing": queries.standing(agency), "proof": queries.proof_of(agency.id)}
    return "upkeep/panel.html", {"agency": agency, **told}
