"""What the register's upkeep tells on the page of an agency."""

from collections.abc import Mapping
from typing import Any

from app.accreditation.labels import REQUIREMENTS
from app.agencies.models import Agency
from app.policy import Permission, Person, can
from app.upkeep import queries


def panel(agency: Agency, user: Person) -> tuple[str, Mapping[str, Any]] | None:
    """The yearly word and the proof, for the agency itself and those who oversee it."""
    if not can(user, Permission.EVIDENCE_READ, agency):
        return None
    told: dict[str, Any] = {
        "standing": queries.standing(agency),
        "proof": queries.proof_of(agency.id),
    }
    told["called"] = REQUIREMENTS
    return "upkeep/panel.html", {"agency": agency, **told}


def named(agency: Agency, user: Person) -> Mapping[str, str]:
    """Whom the time line is about, for the agency itself and those who oversee it."""
    may = can(user, Permission.EVIDENCE_READ, agency)
    return queries.names_by_record(agency.id) if may else {}
