"""Who finds a line in the inbox when something is asked, answered or changed."""

from app.display import local_time
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Role
from app.procurement.models import Need
from app.procurement.telling import HEADS


def tell_bureau(need: Need) -> None:
    """A question waits for its answer."""
    staff = people.holders_of(Role.PERFORMANCE_OFFICER)
    send(staff, Kind.NEED_QUESTION, {"need": need.name}, f"/procurement/{need.id}")


def tell_agencies(need: Need) -> None:
    """Every agency hears of answers and changes alike, with the end that holds now."""
    told = {"need": need.name, "until": local_time(need.offers_until)}
    send(people.holders_of(*HEADS), Kind.NEED_CLARIFIED, told, f"/procurement/{need.id}")
