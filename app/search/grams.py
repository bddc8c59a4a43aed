"""Neighbouring characters, by which words without spaces are found. Pure.

Chinese writes no spaces, and the trigram index of SQLite finds nothing for words of one or two
characters, which most Chinese words are. So the index holds pairs of neighbours: a word of two
characters is one pair, a longer one the pairs in it, a single character the pairs that begin so.
"""

import re
import unicodedata

MOST_GRAMS = 4000  # of one entry: the beginning of a very long text
_RUN = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Return the text as it is compared: one width, small letters, one space for any gap."""
    known = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_RUN.findall(known))


def grams_of(text: str) -> list[str]:
    """Return the pairs of an entry's words, each once; the last of a run stands alone too."""
    found: dict[str, None] = {}
    for run in plain(text).split():
        for place in range(len(run)):
            found[run[place : place + 2]] = None
        if len(found) > MOST_GRAMS:
            break
    return list(found)[:MOST_GRAMS]


def asked_of(words: str) -> list[str]:
    """Return the pairs that must all be there; a word of one character is that character."""
    found: dict[str, None] = {}
    for run in plain(words).split():
        pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
        found.update(dict.fromkeys(pairs))
    return list(found)
