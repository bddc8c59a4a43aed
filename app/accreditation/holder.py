"""Whoever follows an application with its key, without an account, as policy and log see them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Applicant:
    """The holder of the key to one application: no account, no role, no organisation yet."""

    application_id: int
    id: Any = None
    role: Any = None
    organisation_id: Any = None
    is_authenticated: bool = True
