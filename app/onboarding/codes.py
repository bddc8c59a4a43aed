"""One-time codes that are printed on paper: made, read as people type them, kept as a digest."""

import secrets
import unicodedata
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O
LENGTH = 16  # 80 bits: neither guessed at the door nor found from the digest
GROUP = 4


def make_one() -> str:
    """A new code, as it is printed: four groups of four."""
    return grouped("".join(secrets.choice(ALPHABET) for _n in range(LENGTH)))


def grouped(plain: str) -> str:
    """A code in groups that the eye can follow."""
    return "-".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))


def normalise(typed: str) -> str:
    """What was meant: full width, small letters, blanks and dashes don't count."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(one for one in plain if one in ALPHABET)


def digest_of(typed: str) -> str:
    """What is kept of a code: SHA-256 in hexadecimal digits."""
    return sha256(b"activation/v1\0" + normalise(typed).encode()).hexdigest()
