"""Which archived files have outlived their retention class, and bind nobody any more."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, FromClause, Select, Table, exists, func, select

from app import clock
from app.blobs.destroying import withheld_among
from app.custody.locking import is_wanted_held
from app.custody.models import RetentionLock
from app.db import db
from app.papers.sweeping import NAMED_IN, tables
from storage import sha256_of

MOST = 1000  # files of one list: what two people can answer for, and one request can destroy
ROOT = "engagement"
FARTHEST = 4  # tables between a file's row and its engagement
PEOPLE = frozenset({"user_account", "organisation", "agency"})  # they lead anywhere


@dataclass(frozen=True)
class Ended:
    """One content whose last wish to be kept has ended."""

    key: str
    engagement_id: int
    until: datetime

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return sha256_of(self.key)


def ended_files(limit: int = MOST) -> list[Ended]:
    """Files whose class has ended for everybody who archived them, those first that ended first.

    永久, a legal hold on any of their engagements, a record that was never archived, and a spill
    keep a file out: what somebody still needs is not to be destroyed.
    """
    found: list[Ended] = []
    for block in _blocks(limit):
        bound = bound_among({one.key for one in block})
        gone = withheld_among({one.sha256 for one in block})
        found += [one for one in block if one.key not in bound and one.sha256 not in gone]
        if len(found) >= limit:
            break
    return found[:limit]


def _blocks(size: int) -> Iterator[list[Ended]]:
    """What has ended by the locks alone, in blocks."""
    after = 0
    ends = func.max(RetentionLock.until)
    ended = (
        select(RetentionLock.store_key, func.max(RetentionLock.engagement_id), ends)
        .where(~is_wanted_held())
        .group_by(RetentionLock.store_key)
        .having(ends <= clock.now())
        .order_by(ends, RetentionLock.store_key)
    )
    while rows := db.session.execute(ended.limit(size).offset(after)).all():
        yield [Ended(key, engagement, until) for key, engagement, until in rows]
        after += size


def still_ended(digests: Collection[str]) -> set[str]:
    """Which of these contents may still go, asked again when somebody confirms."""
    keys = set(
        db.session.scalars(
            select(RetentionLock.store_key)
            .where(RetentionLock.store_key.in_(_keys_of(digests)), ~is_wanted_held())
            .group_by(RetentionLock.store_key)
            .having(func.max(RetentionLock.until) <= clock.now())
        )
    )
    free = {sha256_of(key) for key in keys - bound_among(keys)}
    return free - withheld_among(free)


def _keys_of(digests: Collection[str]) -> list[str]:
    from storage import key_of

    return [key_of(digest) for digest in digests]


def bound_among(keys: Collection[str]) -> set[str]:
    """Which of these files some record names whose engagement never archived them.

    Every table that keeps files is asked, of whatever feature; a record that belongs to no
    engagement (a course, a certificate) binds its file.
    """
    bound: set[str] = set()
    for table in tables():
        if table.name != RetentionLock.__tablename__:
            bound |= set(db.session.scalars(_binding(table, keys)))
    return bound


def _binding(table: Table, keys: Collection[str]) -> Select[str]:
    named = select(table.c[NAMED_IN]).where(table.c[NAMED_IN].in_(keys))
    way = way_to_engagement(table)
    if way is None:
        return named
    joined, engagement = way
    archived = exists().where(
        RetentionLock.store_key == table.c[NAMED_IN], RetentionLock.engagement_id == engagement
    )
    return named.select_from(joined).where(~archived)


def way_to_engagement(table: Table) -> tuple[FromClause, Column[int]] | None:
    """The shortest chain of references from a file's row to its engagement, joined."""
    ways: list[tuple[FromClause, Table]] = [(table, table)]
    for _step in range(FARTHEST):
        further: list[tuple[FromClause, Table]] = []
        for joined, last in ways:
            for column in last.c:
                for reference in column.foreign_keys:
                    target = reference.column.table
                    if target.name == ROOT:
                        return joined, column
                    if target.name not in PEOPLE:
                        further.append((joined.join(target, column == reference.column), target))
        ways = further
    return None


def digest_of(files: Collection[Ended]) -> str:
    """SHA-256 over the list: one line a file, its digest and the end of its class."""
    lines = [f"{one.sha256} {one.until.isoformat()}\n" for one in files]
    return sha256("".join(sorted(lines)).encode()).hexdigest()
