"""代理: a deputy judged as the principal stands, while everything they do is their own act.

The policy's words and the lists ask for role and organisation, and find the principal's. What is
written down as done by somebody is done by the deputy (`id`), and the log names both.
"""

from typing import Any

from flask import has_request_context, request, session

from app import clock
from app.accounts.models import User
from app.db import db
from app.handovers.models import Deputyship

KEY = "acting_for"
# Where a deputy is themselves: account, password, second factor, tokens, messages, hand-overs.
OWN_ROOMS = frozenset({"accounts", "api", "handovers", "identity", "notifications", "personal"})
PRINCIPALS = frozenset({"organisation", "organisation_id", "agency_id"})


class Acting:
    """A deputy in the place of a principal of the same role."""

    def __init__(self, deputy: User, principal: User) -> None:
        self.__dict__.update(_deputy=deputy, _principal=principal)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._principal if name in PRINCIPALS else self._deputy, name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("nobody's account is changed by a deputy")

    @property
    def acts_for(self) -> int:
        """Whose place it is, by id."""
        return int(self._principal.id)

    @property
    def place_of(self) -> User:
        """Whose place it is."""
        return self._principal


def in_place_of(user: User) -> Any:
    """The person as the session says they act today; themselves where no deputyship holds."""
    if not has_request_context() or KEY not in session or OWN_ROOMS & set(request.blueprints):
        return user
    deputyship = db.session.get(Deputyship, session[KEY])
    if deputyship is None or deputyship.deputy_id != user.id:
        return user
    principal = deputyship.principal
    fits = principal.is_active and principal.role is user.role
    if not fits or not deputyship.holds_on(clock.today()):
        return user
    return Acting(user, principal)
