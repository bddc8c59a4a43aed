"""Search over 200,000 posts, papers' titles and policies, beside the bare index query.

Both sides ask the same database through the same session for the same page of 31, the newest
first, in turns; ours also asks the reader's rights, compares whole words and reads the titles.

Run: python -m tests.bench.bench_search
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import insert, text

from app import clock, create_app
from app.db import db
from app.exchange.models import Post, PostKind
from app.papers.models import IndexClass, VersionState, WorkingPaper
from app.policy import Role
from app.search import grams, queries
from app.search.models import Found, SearchEntry, SearchText
from tests import conftest, servers
from tests.factories import UserFactory, make_engagement

POSTS, POLICIES, PAPERS, BATCH, ROUNDS, PAGE = 60_000, 20_000, 120_000, 5_000, 61, 30
CEILING = 3.0
PARTS = (
    "财政绩效评价项目资金预算指标底稿报告监控目标管理专项教育卫生交通水利农业科技养老环保街道社区"
)
WORDS = ("绩效评价", "预算指标", "项目资金", "农业", "社区", "养老")
SINGLE = "鲸鱼水库除险加固"  # stands in one entry
ASKED = {
    "one common character": "养",
    "two characters": "资金",
    "four characters": "绩效评价",
    "four others": "预算指标",
    "a rare word": "鲸鱼水库",
    "not to be found": "没有这样的词",
    "two words": "农业 社区",
    "three words": "绩效评价 养老 项目资金",
}


def figures(folder: Path) -> list[dict]:
    """For each database and each asked words: the times of both sides and their ratio."""
    found = measured(folder, "SQLite", f"sqlite:///{folder}/search.db")
    with servers.postgres() as server:
        url = servers.new_database(server)
        found += measured(folder, "PostgreSQL", url)
        servers.drop_database(url)
    return found


def measured(folder: Path, name: str, url: str) -> list[dict]:
    """The figures of one database."""
    settings = conftest.make_settings(folder / name, url)
    conftest.migrate(settings)
    app = create_app(settings)
    with app.app_context():
        agency = fill()
        user = UserFactory(role=Role.LEAD_EVALUATOR, organisation=agency.organisation)
        db.session.commit()
        found = []
        for kind, words in ASKED.items():
            reference, mine = seconds(words, user)
            found.append(
                {"name": f"search of 200,000 on {name}: {kind}", "ratio": mine / reference,
                 "ours": mine * 1000, "reference": reference * 1000, "unit": "ms",
                 "ceiling": CEILING}
            )  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return found


def seconds(words: str, user) -> tuple[float, float]:
    """The median times of the bare query and of the portal's search, taken in turns."""
    bare, ours = [], []
    for _n in range(ROUNDS):
        for taken, ask in (
            (bare, lambda: bare_query(words)),
            (ours, lambda: searched(user, words)),
        ):
            begun = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - begun)
            db.session.rollback()
            db.session.refresh(user)  # whoever is signed in was read before
    return median(bare), median(ours)


def searched(user, words: str) -> list:
    """A page of what the portal finds, as its page asks for it."""
    return queries.found_by(user, words, most=PAGE + 1)


def bare_query(words: str) -> list:
    """The newest entries that hold the same characters and pairs, by the index alone."""
    asked = grams.asked_of(words)
    if db.engine.dialect.name == "sqlite":
        told = " ".join(f'"{gram}"' for gram in asked)
        return db.session.execute(FTS5, {"asked": told}).all()
    return db.session.execute(GIN, {"asked": asked}).all()


FTS5 = text(
    "SELECT rowid FROM search_words WHERE search_words MATCH :asked"
    f" ORDER BY rowid DESC LIMIT {PAGE + 1}"
)
GIN = text(
    "SELECT entry_id FROM search_text WHERE string_to_array(grams, ' ') @> CAST(:asked AS text[])"
    f" ORDER BY entry_id DESC LIMIT {PAGE + 1}"
)


def fill():
    """Posts, policies and papers of two agencies, and their index; one of the agencies."""
    rng, author = Random(7), UserFactory(role=Role.PERFORMANCE_OFFICER)
    engagements = [make_engagement(actor=author) for _n in range(2)]
    stages = [one.stages[0] for one in engagements]
    told = list(titles(rng))
    for start in range(0, len(told), BATCH):
        keep(told[start : start + BATCH], start, author, stages)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return engagements[0].agency


def titles(rng: Random) -> Iterator[tuple[Found, str, str]]:
    """What each thing is, its title and its body, shuffled."""
    kinds = ["topic"] * POSTS + ["policy"] * POLICIES + ["paper"] * PAPERS
    rng.shuffle(kinds)
    for place, kind in enumerate(kinds):
        title = "".join(rng.choices(PARTS, k=12)) + (rng.choice(WORDS) if place % 8 == 0 else "")
        if place == len(kinds) // 3:
            title = SINGLE
        yield kind, title, "".join(rng.choices(PARTS, k=40)) if kind != "paper" else ""


def keep(told: list, start: int, author, stages: list) -> None:
    """Add things and their entries, past the services."""
    rows = {Post: [], WorkingPaper: [], SearchEntry: [], SearchText: []}
    for key, (kind, title, body) in enumerate(told, start + 1):
        if kind == "paper":
            rows[WorkingPaper].append(paper(key, title, stages[key % 10 > 0], author))
        else:
            number = f"演财〔2026〕{key}号" if kind == "policy" else ""
            same = {"body": body, "document_no": number, "author_id": author.id, "hidden_words": ""}
            same |= {"posted_at": clock.now(), "kind": PostKind(kind)}
            rows[Post].append({"id": key, "title": title, **same})
        found = Found.PAPER if kind == "paper" else Found.POST
        words = grams.plain(f"{title} {body}")
        entry = {"id": key, "kind": found, "subject_id": key, "title": title, "words": words}
        rows[SearchEntry].append(entry)
        held = " ".join(grams.grams_of(words))
        rows[SearchText].append({"entry_id": key, "grams": held})
    for model, values in rows.items():
        db.session.execute(insert(model.__table__), values)
    db.session.commit()


def paper(key: int, title: str, stage, author) -> dict:
    """A working paper of a stage."""
    return {
        "id": key,
        "engagement_id": stage.engagement_id,
        "stage_id": stage.id,
        "title": title,
        "index_class": IndexClass.B,
        "index_no": f"B-{key}",
        "state": VersionState.SUBMITTED,
        "current_version": 1,
        "created_by_id": author.id,
        "created_at": clock.now(),
    }


if __name__ == "__main__":
    from tests.bench.__main__ import line_of

    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        for row in figures(Path(name)):
            print(line_of(row))
