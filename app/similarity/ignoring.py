"""Words that say nothing: what the bureau's own texts hold, and what stands in many engagements."""

from random import Random
from typing import TYPE_CHECKING

from flask import current_app

from app import clock
from app.db import db, transaction
from app.similarity import queries, texts
from app.similarity.models import CommonShingles, FileText

if TYPE_CHECKING:
    from app.caged.shingles import Numbers

EVERY_SECONDS = 24 * 3600
SAMPLE = 300  # engagements looked at
PER_ENGAGEMENT = 12  # of their texts
FEWEST_ENGAGEMENTS = 10  # below this nothing can be called common
MOST = 200_000  # numbers kept


def ignored() -> "Numbers":
    """The pieces that don't count."""
    import numpy as np

    from app.caged import shingles

    found = db.session.get(CommonShingles, 1)
    common = np.frombuffer(found.numbers, np.uint64) if found else np.empty(0, np.uint64)
    own = [shingles.shingled(text).hashes for text in queries.boilerplate_texts()]
    return np.unique(np.concatenate([common, *own]))


def pieces_of(found: FileText, without: "Numbers") -> "Numbers":
    """The different pieces of a text that count."""
    from app.caged import shingles

    return shingles.without(shingles.shingled(texts.unpacked(found)).hashes, without)


def is_outgrown() -> bool:
    """Whether the library has grown by a quarter since it was looked through."""
    found, now = db.session.get(CommonShingles, 1), queries.texts_in_library()
    return now > 0 and (found is None or now * 4 > found.texts * 5)


def learn_common() -> int:
    """Look through the newest engagements for what stands in many of them; once a day.

    A piece is common where more than the settings' percentage of the engagements, and three at
    least, hold it. Returns how many pieces that are.
    """
    import numpy as np

    from app.caged import shingles

    chosen = queries.texts_by_engagement(SAMPLE)
    draw = Random(0)  # noqa: S311 - which texts are looked at is no secret
    sets = []
    for digests in chosen.values():
        some = draw.sample(sorted(digests), min(PER_ENGAGEMENT, len(digests)))
        found = [texts.unpacked(one) for one in queries.texts_of(some).values()]
        hashes = [shingles.shingled(text).hashes for text in found]
        sets.append(np.unique(np.concatenate([np.empty(0, np.uint64), *hashes])))
        db.session.expunge_all()
    percent = int(current_app.config["SIMILARITY_COMMON_PERCENT"])
    least = max(3, len(sets) * percent // 100 + 1)
    enough = len(sets) >= FEWEST_ENGAGEMENTS
    numbers = shingles.common(sets if enough else [], least, MOST)
    with transaction():
        _keep(queries.texts_in_library(), numbers.tobytes())
    return len(numbers)


def _keep(texts_now: int, numbers: bytes) -> None:
    row = db.session.get(CommonShingles, 1, with_for_update=True)
    if row is None:
        row = CommonShingles(id=1, texts=0, numbers=b"", made_at=clock.now())
        db.session.add(row)
    row.texts, row.numbers, row.made_at = texts_now, numbers, clock.now()
