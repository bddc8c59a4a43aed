"""The threat model's nouns: who could do what, what stops or shows it, which test proves it."""

from dataclasses import dataclass

from app.errors import Words


@dataclass(frozen=True)
class Threat:
    """What somebody could try, the answer to it, and where under tests/ the answer is proven.

    `stops` says that it does not succeed; otherwise it is seen afterwards.
    """

    tried: Words
    answer: Words
    proofs: tuple[str, ...]
    stops: bool = True


@dataclass(frozen=True)
class Attacker:
    """Somebody with a reason, and what they could try."""

    name: Words
    threats: tuple[Threat, ...]
