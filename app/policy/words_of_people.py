"""The words of the policy about what people may do with the data about themselves."""

from typing import Any

from app.policy.roles import Person


def is_the_person(user: Person, thing: Any) -> bool:
    """The very person, whoever they are: data about oneself are nobody else's to take."""
    return user.id == thing.id


def did_not_ask(user: Person, thing: Any) -> bool:
    """Somebody else asked: nobody corrects themselves."""
    return user.id != thing.user_id
