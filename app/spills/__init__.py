"""Spills (涉密或个人信息误传): what must never have come is withheld at once, and destroyed."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from app import papers, store
from app.audit.wording import show_fact
from app.db import after_commit
from app.policy import Permission, can

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import WorkingPaper


def panel(paper: "WorkingPaper", user: "User") -> tuple[str, Mapping[str, Any]] | None:
    """Which versions of a paper nobody may read, and the way to report one."""
    from app.spills import queries

    withheld = queries.withheld_of(paper)
    may_report = can(user, Permission.SPILL_REPORT, paper)
    if not withheld and not may_report:
        return None
    return "spills/panel.html", {
        "paper": paper,
        "withheld": {
            version.number: row
            for version in paper.versions
            for sha256 in queries.files_of(version)
            if (row := withheld.get(sha256))
        },
        "may_report": may_report,
    }


def forget(sha256: str) -> None:
    """Remove what was converted or read from a content that nobody may read any more.

    Once now, and once after the commit: a converter may be at work meanwhile.
    """
    from app.reading import cache
    from app.similarity import texts

    texts.forget(sha256)
    cache.forget(sha256)
    after_commit(partial(cache.forget, sha256))


def join() -> None:
    """Listen to the papers below; once a process is enough."""
    from app.spills.labels import kind_words

    if panel not in papers.panels:
        papers.panels.append(panel)
    if forget not in store.on_withheld:
        store.on_withheld.append(forget)
    show_fact("spill_kind", kind_words)
