"""Where the words that were looked for stand in a text, and the piece of it around them. Pure."""

import unicodedata

from app.search.grams import plain

Piece = tuple[str, bool]  # words, and whether they were looked for
LONGEST, BEFORE = 120, 30  # characters of an excerpt, and of it before the first find


def marked(text: str, words: str) -> list[Piece]:
    """Return the text in pieces, in one width and case or not, as the index compares them."""
    pieces, done = [], 0
    for begin, end in _spans(text, words):
        pieces += [(text[done:begin], False), (text[begin:end], True)]
        done = end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def excerpt(text: str, words: str) -> list[Piece]:
    """Return the marked piece of a text around the first find, or its beginning."""
    flat = " ".join(text.split())
    spans = _spans(flat, words)
    begin = max(0, spans[0][0] - BEFORE) if spans else 0
    begin = 0 if len(flat) <= LONGEST else begin
    shown = flat[begin : begin + LONGEST]
    head = "…" if begin else ""
    tail = "…" if begin + LONGEST < len(flat) else ""
    return marked(f"{head}{shown}{tail}", words)


def is_found(text: str, words: str) -> bool:
    """Return whether every one of the words stands in a text."""
    folded, runs = plain(text), plain(words).split()
    return bool(runs) and all(run in folded for run in runs)


def _spans(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand, in order; what touches or overlaps is one."""
    folded, places = [], []
    for place, one in enumerate(text):
        for part in unicodedata.normalize("NFKC", one).casefold():
            folded.append(part)
            places.append(place)
    known, found = "".join(folded), []
    for run in plain(words).split():
        at = known.find(run)
        while at >= 0:
            found.append((places[at], places[at + len(run) - 1] + 1))
            at = known.find(run, at + len(run))
    return _merged(sorted(found))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for begin, end in spans:
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole
