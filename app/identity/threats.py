"""The threat model's nouns: who could do what, what stops or shows it, which test proves it."""

from dataclasses import dataclass
from enum import Enum

from app.errors import Words


class End(Enum):
    """What becomes of a try."""

    STOPPED = "stopped"
    SHOWN = "shown"  # it may succeed, and is seen afterwards
    LEFT = "left"  # the portal can't help it: what is left is for whoever runs it


@dataclass(frozen=True)
class Threat:
    """What somebody could try, the answer to it, and where under tests/ the answer is proven."""

    tried: Words
    answer: Words
    proofs: tuple[str, ...]
    end: End = End.STOPPED


@dataclass(frozen=True)
class Attacker:
    """Somebody with a reason, and what they could try."""

    name: Words
    threats: tuple[Threat, ...]
