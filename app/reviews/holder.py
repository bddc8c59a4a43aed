"""Somebody who rates with a one-time key and without an account, as policy and log see them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LinkHolder:
    """The holder of the key to one invitation: no account, no role, the unit's organisation."""

    invitation_id: int
    organisation_id: int
    name: str
    id: Any = None
    role: Any = None
    is_authenticated: bool = True
