"""The library with ten thousand papers: as many statements as with ten, and a moment's work."""

import hashlib
import random
import time
import zlib

import pytest
from sqlalchemy import insert

from app import clock
from app.db import db, transaction
from app.papers.models import PaperVersion, VersionState, WorkingPaper
from app.similarity import comparing
from app.similarity.models import FileText, Outcome, TextBucket
from tests.similarity.library import WORDS, essay, file_text, house, learn, reader

PAPERS, AT_ONCE, SECONDS = 10_000, 500, 1.0
FIRST = -1_000_000  # before every number that a database gives by itself: these came earlier


def words_of(number):
    return "".join(random.Random(number).choices(WORDS, k=1200))


def fill(lead, places):
    """Papers of 1,200 characters each, straight into the tables; each words of its own."""
    now, state = clock.now(), VersionState.SUBMITTED
    for begin in range(0, PAPERS, AT_ONCE):
        texts, buckets, papers, versions = [], [], [], []
        for number in range(begin, begin + AT_ONCE):
            text, key = words_of(number), FIRST + number
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            job, stage = places[number % len(places)]
            read = {"outcome": Outcome.READ, "characters": len(text), "read_at": now}
            texts.append({"sha256": sha256, "packed": zlib.compress(text.encode(), 1), **read})
            buckets += [{"bucket": one, "sha256": sha256} for one in reader().buckets_of(text)]
            named = {"index_no": f"C-{number}", "title": "资料", "index_class": "C", "state": state}
            made = {"created_by_id": lead.id, "created_at": now, "withdrawal_reason": ""}
            place = {"id": key, "engagement_id": job, "stage_id": stage, "current_version": 1}
            papers.append({**place, **named, **made})
            file = {"file_name": "a.txt", "media_type": "text/plain", "size": 9, "sha256": sha256}
            sent = {"submitted_by_id": lead.id, "submitted_at": now, "is_late": False}
            more = {"id": key, "paper_id": key, "number": 1, "store_key": sha256}
            versions.append({**file, **sent, **more, "state": state, "decision_words": ""})
        with transaction():
            for table, rows in (
                (FileText, texts),
                (TextBucket, buckets),
                (WorkingPaper, papers),
                (PaperVersion, versions),
            ):
                db.session.execute(insert(table), rows)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_ten_thousand_papers_are_searched_in_a_moment(session, statements, capsys):
    lead, own = house()
    jobs = [house()[1] for _ in range(60)]
    fill(lead, [(job.id, job.stages[0].id) for job in jobs])
    copied = words_of(77) + essay(99, 1200)
    learn(copied)
    version = file_text(lead, own, copied)
    assert version.paper.engagement_id
    assert version.files
    times = []
    for _try in range(5):
        began = time.perf_counter()
        with statements() as seen:
            found = comparing.likenesses(version)
        times.append(time.perf_counter() - began)
    assert 450 < found[0].share < 550
    assert len(seen) <= 9
    assert min(times) < SECONDS
    with capsys.disabled():
        print(f"\n10,000 papers: {min(times) * 1000:.0f} ms, {len(seen)} statements")
