"""The policy's words about holds and spills: who asked once does not decide as well."""

from typing import Any

from app.policy.roles import Person


def is_another_than_asked(user: Person, thing: Any) -> bool:
    """Somebody else asked for what waits now."""
    return user.id != thing.asker_id


def is_another_than_reported(user: Person, thing: Any) -> bool:
    """Somebody else reported the file."""
    return user.id != thing.reported_by_id
