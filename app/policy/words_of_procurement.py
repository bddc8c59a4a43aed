"""The words of the policy about procurement: what everybody who may bid can read."""

from typing import Any

from app.policy.roles import Person


def is_announced(_user: Person, thing: Any) -> bool:
    """The need, or that of the lot, draw or award, was made public."""
    return bool(thing.is_announced)


def has_open_list(_user: Person, thing: Any) -> bool:
    """Who was drawn is everybody's; where bids follow, not before they are open (87号令)."""
    return bool(thing.has_open_list)
