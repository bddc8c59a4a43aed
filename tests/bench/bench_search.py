"""Search over 200,000 titles in Chinese, beside the bare index query for the same pairs.

Run: python -m tests.bench.bench_search [postgresql address]
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import insert, intersect, select, text

from app import clock, create_app
from app.db import db
from app.exchange.models import Post, PostKind
from app.policy import Role
from app.search import grams, queries
from app.search.models import Found, SearchEntry, SearchGram
from tests import conftest
from tests.factories import UserFactory

ROWS, BATCH, ROUNDS, PAGE = 200_000, 5_000, 15, 30
PARTS = (
    "财政绩效评价项目资金预算指标底稿报告监控目标管理专项教育卫生交通水利农业科技养老环保街道社区"
)
ASKED = ("绩效评价", "资金", "养", "预算指标", "没有这样的词", "农业 社区")


def fill() -> None:
    """Posts with titles of characters in any order, and their index."""
    rng, author = Random(7), UserFactory(role=Role.PERFORMANCE_OFFICER)
    words = ["绩效评价", "预算指标", "项目资金", "农业", "社区", "养老"]
    for start in range(1, ROWS + 1, BATCH):
        keys = range(start, start + BATCH)
        titles = {
            key: "".join(rng.sample(PARTS, 12)) + (rng.choice(words) if key % 40 == 0 else "")
            for key in keys
        }
        same = {"kind": PostKind.TOPIC, "body": "", "document_no": "", "author_id": author.id}
        same |= {"posted_at": clock.now(), "hidden_words": ""}
        posts = [{"id": key, "title": title, **same} for key, title in titles.items()]
        db.session.execute(insert(Post), posts)
        entries = [
            {"id": key, "kind": Found.POST, "subject_id": key, "title": t, "words": grams.plain(t)}
            for key, t in titles.items()
        ]
        db.session.execute(insert(SearchEntry), entries)
        pairs = [
            {"gram": gram, "entry_id": key}
            for key, t in titles.items()
            for gram in grams.grams_of(t)
        ]
        db.session.execute(insert(SearchGram), pairs)
        db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def ours(user, words: str) -> int:
    """A page of what the portal finds, as its page asks for it."""
    query = queries.found_by(user, words).order_by(SearchEntry.id.desc()).limit(PAGE + 1)
    return len(db.session.scalars(query).all())


def bare(words: str) -> int:
    """The same pairs asked of the index alone: no titles, no rights, no order."""
    asked = [queries.entries_with(gram) for gram in grams.asked_of(words)]
    query = intersect(*asked) if len(asked) > 1 else asked[0]
    return len(db.session.execute(select(query.subquery())).all())


def seconds(work, *given) -> float:
    """The median time of some calls."""
    taken = []
    for _n in range(ROUNDS):
        begun = time.perf_counter()
        work(*given)
        taken.append(time.perf_counter() - begun)
        db.session.rollback()
    return median(taken)


def figures(folder: Path, url: str = "") -> list[dict]:
    """For each words: the portal's search beside the bare query, and both in milliseconds."""
    settings = conftest.make_settings(folder, url or f"sqlite:///{folder}/search.db")
    conftest.migrate(settings)
    app = create_app(settings)
    found = []
    with app.app_context():
        fill()
        user = UserFactory(role=Role.UNIT_OFFICER)
        for words in ASKED:
            reference, mine = seconds(bare, words), seconds(ours, user, words)
            found.append(
                {"name": f"search of {ROWS:,} for {words}", "ratio": reference / mine,
                 "ours": mine * 1000, "reference": reference * 1000, "unit": "ms", "floor": 1 / 3}
            )  # fmt: skip
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for row in figures(Path(name), *sys.argv[1:2]):
            print(f"{row['name']}: {row['ours']:.1f} ms, bare {row['reference']:.1f} ms")
