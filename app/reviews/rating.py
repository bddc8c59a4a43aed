"""What a review must hold before it is taken, and the commitment to it that the log keeps. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _

from app.errors import Words

BEST = 5
STARS = range(1, BEST + 1)
NEED_WORDS = frozenset({1, 2, 5})  # praise and blame must be explained
NEED_FACT = frozenset({1})
LONGEST = 2000


@dataclass(frozen=True)
class NewReview:
    """What a buyer answers: stars by dimension id (None says 不适用), words, the fact, problems."""

    stars: Mapping[int, int | None]
    words: str = ""
    fact: str = ""
    problems: frozenset[int] = frozenset()  # lines of the checklist, by id


@dataclass(frozen=True)
class Problems:
    """What is still wrong with a review, in words beside its place."""

    stars: dict[int, Words] = field(default_factory=dict)
    words: Words | None = None
    fact: Words | None = None

    @property
    def first(self) -> Words | None:
        """The first thing to tell, or None where the review is whole."""
        return next(iter(self.stars.values()), None) or self.words or self.fact


def problems_of(new: NewReview, dimensions: Collection[int]) -> Problems:
    """Say what a review lacks: an answer for every dimension; words for 1, 2 and 5; a fact for 1.

    Nothing else is an answer, and silence is never a star.
    """
    stars: dict[int, Words] = {
        key: _("Choose one to five stars, or not applicable")
        for key in dimensions
        if key not in new.stars or not _is_answer(new.stars[key])
    }
    if unknown := new.stars.keys() - set(dimensions):
        stars |= {key: _("This dimension isn't rated any more") for key in unknown}
    given = set(new.stars.values())
    return Problems(
        stars,
        words=_words_problem(given, new.words),
        fact=_("One star needs the paper or stage that it speaks of")
        if given & NEED_FACT and not new.fact.strip()
        else None,
    )


def _is_answer(stars: int | None) -> bool:
    return stars is None or stars in STARS


def _words_problem(given: set[int | None], words: str) -> Words | None:
    if given & NEED_WORDS and not words.strip():
        return _("One, two and five stars need words: what was it?")
    if len(words) > LONGEST:
        return _("At most 2000 characters")
    return None


def canonical_text(context: Mapping[str, int | str], new: NewReview) -> str:
    """Write a review in one exact form: JSON with sorted keys and no spaces."""
    body: dict[str, object] = {
        **context,
        "stars": {str(key): stars for key, stars in new.stars.items()},
        "words": new.words.strip(),
        "fact": new.fact.strip(),
    }
    if new.problems:
        body["problems"] = sorted(new.problems)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def commitment(nonce: str, text: str) -> str:
    """SHA-256 of nonce and text, in hex: it binds the review and tells nothing about it.

    The nonce (32 random bytes in hex) keeps the few possible reviews from being tried one by one.
    """
    return hashlib.sha256(bytes.fromhex(nonce) + text.encode()).hexdigest()
