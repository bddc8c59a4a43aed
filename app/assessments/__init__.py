"""The bureau's quality assessment (质量考核): jobs, years, and what follows for an agency."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.accounts.models import User

# What upper features show beside a year's list, for these agencies, as evidence and no more:
# a template and its words, or nothing for this person.
Evidence = Callable[[Sequence[int], "User"], tuple[str, Mapping[str, Any]] | None]
evidence: list[Evidence] = []


def join() -> None:
    """Listen to the features below."""
    from app.assessments import joining

    joining.join()
