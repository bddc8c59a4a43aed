"""Characters and pairs of neighbours, by which words without spaces are found. Pure.

Chinese writes no spaces, and the trigram index of SQLite finds nothing for words of one or two
characters, which most Chinese words are. So the index is told each character and each pair of
neighbours as a word of its own: a word of two characters is one pair, a longer one the pairs in it.
"""

import re
import unicodedata

MOST_GRAMS = 8000  # of one entry: the beginning of a very long text
_RUN = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Return the text as it is compared: one width, small letters, one space for any gap."""
    known = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_RUN.findall(known))


def grams_of(text: str, most: int = MOST_GRAMS) -> list[str]:
    """Return the characters and the pairs of an entry's words, each once, as many as `most`."""
    found: dict[str, None] = {}
    for run in plain(text).split():
        for place, one in enumerate(run):
            found[one] = found[run[place : place + 2]] = None
        if len(found) > most:
            break
    return list(found)[:most]


def asked_of(words: str) -> list[str]:
    """Return the pairs that must all be there; a word of one character is that character."""
    found: dict[str, None] = {}
    for run in plain(words).split():
        pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
        found.update(dict.fromkeys(pairs))
    return list(found)


def runs_of(words: str) -> list[str]:
    """Return the words that their pairs don't prove: those of more than two characters."""
    return list(dict.fromkeys(run for run in plain(words).split() if len(run) > 2))
