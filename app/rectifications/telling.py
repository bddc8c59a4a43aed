"""Who finds a line in the inbox when something is to be put right, was reported or decided."""

from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import UNIT_ROLES, Role
from app.rectifications.models import RectificationItem, RectificationNotice


def tell_unit(notice: RectificationNotice, kind: Kind, *, items: int) -> None:
    """The unit, and the department and office above it, hear of the notice."""
    unit = notice.unit
    homes = {unit.id, unit.department_id, unit.finance_office_id} - {None}
    told = {"engagement": notice.engagement.name, "items": str(items)}
    who = people.recipients([home for home in homes if home is not None], UNIT_ROLES)
    send(who, kind, told, f"/rectification-notices/{notice.id}")


def tell_bureau(item: RectificationItem) -> None:
    """A report waits for the performance section."""
    told = {"engagement": item.engagement.name, "unit": item.unit.name}
    staff = people.holders_of(Role.PERFORMANCE_OFFICER)
    send(staff, Kind.RECTIFICATION_REPORTED, told, f"/rectification-items/{item.id}")
