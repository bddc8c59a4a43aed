"""Nobody comes into an account unseen: its owner hears of each new way in, and those who watch."""

from app.accounts import passwords
from app.accounts.models import User
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.notifications.services import send
from app.policy import OUTSIDE_ROLES, Role

KINDS = {"access": Kind.ACCESS_RENEWED, "opened": Kind.ACCOUNT_OPENED, "role": Kind.ROLE_GRANTED}
# Who watches over accounts of the bureau, and where each of them looks.
WATCHERS = {Role.AUDIT_ADMIN: "/log", Role.SECURITY_ADMIN: "/accounts"}


def tell(what: str, actor: User, user: User) -> None:
    """Tell the owner, and of accounts of the bureau the other administrators.

    Whoever gives roles and passwords could use what they gave: that is seen at once by somebody
    whom they can't silence, and by the owner outside the portal too, where they want mails.
    """
    kind, facts = KINDS[what], {"person": user.name}
    if what != "opened" and user.password_hash != passwords.NONE_YET:
        send([user.id], kind, facts, "/sign-ins")
    if what != "role" and user.role in OUTSIDE_ROLES:
        return
    for role, place in WATCHERS.items():
        send(set(holders_of(role)) - {actor.id, user.id}, kind, facts, place)
