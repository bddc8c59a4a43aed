"""What the portal does each night for the register, by itself."""

from collections.abc import Sequence
from datetime import timedelta

from app import audit, clock
from app.accreditation.models import Evidence
from app.accreditation.queries import to_erase
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of, recipients
from app.notifications.services import send
from app.policy import AGENCY_ROLES, Role
from app.upkeep import queries

REMIND_AT = (90, 60, 30, 7)  # days before a document ends
TELLS_BUREAU = 7


def remind_of_proof() -> int:
    """Remind an agency of each document 90, 60, 30 and 7 days before it ends, each once.

    A night without work loses nothing: the nearest reminder that is due is sent the next night,
    and those that it overtook are not. The section hears of the last one.
    """
    sent = 0
    for proof in queries.proof_ending(max(REMIND_AT)):
        due = _due(proof)
        if due is None or (proof.reminded_days is not None and proof.reminded_days <= due):
            continue
        proof.reminded_days = due
        _tell(proof, due)
        sent += 1
    return sent


def _due(proof: Evidence) -> int | None:
    left = proof.days_left
    return min((days for days in REMIND_AT if left is not None and left <= days), default=None)


def _tell(proof: Evidence, due: int) -> None:
    agency, day = proof.agency, proof.expires_on
    if agency is None or day is None:
        return
    people: Sequence[int] = recipients([agency.id], AGENCY_ROLES)
    if due <= TELLS_BUREAU:
        people = [*people, *holders_of(Role.PERFORMANCE_OFFICER)]
    told = {"agency": agency.name, "days": str(proof.days_left), "until": day.isoformat()}
    told["proof"] = proof.file_name
    send(people, Kind.PROOF_EXPIRES, told, f"/agencies/{agency.id}/upkeep")


def erase_contacts(days: int) -> int:
    """Erase the telephones of applications that ended so many days ago."""
    found = to_erase(clock.now() - timedelta(days=days))
    for application in found:
        application.contact_phone, application.erased_at = None, clock.now()
        audit.record(audit.PORTAL, audit.Event.APPLICATION_ERASED, application)
    return len(found)
