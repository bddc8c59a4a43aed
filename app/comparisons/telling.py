"""Who finds a line in the inbox when a panel is drawn."""

from app.comparisons.models import Panel
from app.notifications.kinds import Kind
from app.notifications.services import send


def tell_member(panel: Panel, user_id: int) -> None:
    """A member has a seat: the statement on the five grounds comes first."""
    told = {"lot": panel.lot.name}
    send([user_id], Kind.COMPARISON_SEATED, told, f"/comparison-panels/{panel.id}")
