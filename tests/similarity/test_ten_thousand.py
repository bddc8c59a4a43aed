"""The library with ten thousand papers: as many statements as with ten, and a moment's work."""

import hashlib
import random
import time

import pytest
from sqlalchemy import insert

from app import clock
from app.db import db, transaction
from app.papers.models import PaperVersion, VersionState, WorkingPaper
from app.similarity import comparing, texts
from tests.similarity.library import WORDS, essay, file_text, house, learn, reader

PAPERS, PER_ENGAGEMENT, SECONDS = 10_000, 100, 1.0


def fill(lead, jobs):
    """Papers of 1,500 characters each, straight into the tables; each words of its own."""
    for number in range(PAPERS):
        text = "".join(random.Random(number).choices(WORDS, k=1500))
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        texts.keep(sha256, {"text": text, "buckets": reader().buckets_of(text)})
        job = jobs[number // PER_ENGAGEMENT]
        paper = db.session.execute(
            insert(WorkingPaper)
            .values(
                engagement_id=job.id, stage_id=job.stages[0].id, index_class="C",
                index_no=f"C-{number}", title="资料", state=VersionState.SUBMITTED,
                current_version=1, created_by_id=lead.id, created_at=clock.now(),
                withdrawal_reason="",
            )
            .returning(WorkingPaper.id)
        ).scalar_one()  # fmt: skip
        db.session.execute(
            insert(PaperVersion).values(
                paper_id=paper, number=1, file_name="a.txt", media_type="text/plain", size=9,
                sha256=sha256, store_key=sha256, is_late=False, submitted_by_id=lead.id,
                submitted_at=clock.now(), state=VersionState.SUBMITTED, decision_words="",
            )
        )  # fmt: skip


@pytest.mark.nightly
def test_ten_thousand_papers_are_searched_in_a_moment(session, statements, capsys):
    lead, own = house()
    with transaction():
        fill(lead, [house()[1] for _ in range(PAPERS // PER_ENGAGEMENT)])
    db.session.commit()
    copied = "".join(random.Random(77).choices(WORDS, k=1500)) + essay(99, 1500)
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
