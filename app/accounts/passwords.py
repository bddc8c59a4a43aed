"""Passwords: argon2 hashes, and the rules for a new one."""

import secrets
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _

from app.errors import Invalid

_hasher = PasswordHasher()
_rules = {"min_length": 10, "kinds": 3}
# Beginnings of what every guesser tries first, and what keeps the rules all the same.
GUESSED = ("password", "passw0rd", "p@ssw0rd", "admin", "123456", "qwerty", "abc123", "111111")
# What stands in place of a hash where the owner has set no password yet: nothing fits it.
NONE_YET = "!"
# Without this, an unknown sign-in name would answer sooner than a wrong password.
_decoy = ""


def configure(config: dict[str, Any]) -> None:
    """Take cost and rules from the settings; tests use the cheapest cost."""
    global _hasher, _decoy
    _hasher = PasswordHasher(
        time_cost=config.get("ARGON2_TIME_COST", 3),
        memory_cost=config.get("ARGON2_MEMORY_KIB", 65536),
        parallelism=config.get("ARGON2_PARALLELISM", 2),
    )
    _rules["min_length"] = config.get("PASSWORD_MIN_LENGTH", 10)
    _rules["kinds"] = config.get("PASSWORD_KINDS", 3)
    _decoy = _hasher.hash(secrets.token_urlsafe(16))


def hash_of(password: str) -> str:
    """The argon2 hash to store."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; takes as long where there is none."""
    if stored == NONE_YET:
        stored = None
    try:
        return _hasher.verify(stored or _decoy, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def check(password: str, login: str) -> None:
    """Refuse a password that is short, of too few kinds of character, or the name."""
    if len(password) < _rules["min_length"]:
        raise Invalid(_("The password needs at least %(n)s characters", n=_rules["min_length"]))
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    if sum(any(kind(c) for c in password) for kind in kinds) < _rules["kinds"]:
        raise Invalid(
            _(
                "Use at least %(n)s of: small letters, capitals, digits, other characters",
                n=_rules["kinds"],
            )
        )
    plain = password.lower()
    if any(plain.startswith(word) for word in GUESSED):
        raise Invalid(_("This password begins as the ones that are guessed first"))
    if login.lower() in plain:
        raise Invalid(_("The password may not contain the sign-in name"))


def make_one() -> str:
    """A random first password that keeps the rules; its owner must change it."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    digits = "23456789"
    word = "".join(secrets.choice(letters) for _n in range(8))
    return (
        f"{word[:4]}-{word[4:].capitalize()}-{''.join(secrets.choice(digits) for _n in range(4))}"
    )
