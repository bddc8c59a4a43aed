"""The register (名录): agencies, their evaluators, their standing. A record, never a gate."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.agencies.models import Agency
    from app.policy import Person

# What upper features add to an agency's page: a template and its words, or nothing for this person.
Panel = Callable[["Agency", "Person"], tuple[str, Mapping[str, Any]] | None]
panels: list[Panel] = []
# What upper features know of whom an entry of an agency's time line is about, by record.
Naming = Callable[["Agency", "Person"], Mapping[str, str]]
namings: list[Naming] = []
