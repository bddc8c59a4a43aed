"""What the menu is made of: pages, and groups of them."""

from dataclasses import dataclass

from app.errors import Words
from app.policy import Permission, Role

EVERYBODY = frozenset(Role)
SEES_ENGAGEMENTS = EVERYBODY - {Role.EXPERT}  # who is shown one paper reads no engagement


@dataclass(frozen=True)
class Page:
    """One page of the menu: its address, its words, and who finds it there.

    `permission` is asked without a record (None: everybody who is signed in); `roles` keeps a
    page to those whose work it holds. The page itself asks the policy, record by record.
    `holds` names the pages that stand in no menu and belong here: an endpoint, or a whole room.
    """

    endpoint: str
    label: Words
    permission: Permission | None = None
    roles: frozenset[Role] = EVERYBODY
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A group of pages; it opens at the first of them that the reader may open."""

    label: Words
    pages: tuple[Page, ...]
