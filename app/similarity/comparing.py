"""Holding a version against the library, in the background: what is alike becomes an alarm."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import insert

from app import audit, clock
from app.db import db, transaction
from app.errors import Unavailable
from app.papers.models import PaperVersion
from app.similarity import ignoring, queries, taking_in
from app.similarity.models import Likeness, LikenessAlarm, LikenessCheck
from app.similarity.queries import Holder

if TYPE_CHECKING:
    from app.caged.shingles import Numbers

log = logging.getLogger(__name__)
EVERY_SECONDS = 5
AT_ONCE = 20
AT_MOST_SECONDS = 30  # of reading in one turn: previews wait for it
FEW_HOLDERS = 2  # other engagements with the same file, in a small library
FEWEST = 60  # agreeing pieces, about as many characters: a stock phrase is no likeness
MOST_ALARMS = 8  # about one version; the most alike count


@dataclass(frozen=True)
class Found:
    """One likeness of a version with an earlier one."""

    holder: Holder
    sha256: str
    likeness: Likeness
    share: int


def check_waiting() -> int:
    """Take in the words of what waits, then hold it against the library; the newest first.

    Where much waits, all of it is read before any of it is compared, and what is common to many
    is learned first. A store that is away stops it for now.
    """
    try:
        until = time.monotonic() + AT_MOST_SECONDS
        while unread := queries.unread(AT_ONCE):
            taking_in.take_in([file for version in unread for file in version.files])
            if time.monotonic() > until:
                return 0
    except Unavailable:
        log.warning("the store is away: papers are compared later")
        return 0
    waiting = queries.unchecked(AT_ONCE)
    if waiting and ignoring.is_outgrown():
        ignoring.learn_common()
        waiting = queries.unchecked(AT_ONCE)
    for version in waiting:
        compare(version)
    return len(waiting)


def check(version: PaperVersion) -> None:
    """Take in one version's words and hold it against the library at once."""
    taking_in.take_in(version.files)
    compare(version)


def compare(version: PaperVersion) -> None:
    """Hold one version, whose words are in, against the library and keep what is alike."""
    with transaction():
        found = likenesses(version)
        new = [_alarm(version, one) for one in found]
        known = queries.pairs_known([version.id])
        new = [one for one in new if (one["version_id"], one["other_id"]) not in known]
        if new:
            db.session.execute(insert(LikenessAlarm), new)
            audit.record(
                audit.PORTAL,
                audit.Event.SIMILARITY_FOUND,
                version,
                index_no=version.paper.index_no,
                number=version.number,
                alarms=len(new),
            )
        if not queries.is_checked(version):
            db.session.add(LikenessCheck(version_id=version.id, checked_at=clock.now()))


def _alarm(version: PaperVersion, found: Found) -> dict[str, object]:
    """The later of the two is what the alarm is about, in whatever order they were read."""
    own, other = (version.id, found.sha256), (found.holder.version_id, found.holder.sha256)
    later, earlier = max(own, other), min(own, other)
    return {
        "version_id": later[0],
        "sha256": later[1],
        "other_id": earlier[0],
        "other_sha256": earlier[1],
        "likeness": found.likeness,
        "share": found.share,
        "found_at": clock.now(),
        "words": "",
    }


def likenesses(version: PaperVersion) -> list[Found]:
    """What of other engagements the version is like, the most alike first.

    Files that many engagements hold (forms, policies) are no likeness, and words that stand in
    many or in the bureau's own texts don't count. The number of statements is fixed.
    """
    digests = {file.sha256 for file in version.files}
    wanted = [*digests, *queries.candidates(digests)]
    holders = queries.holders_of(wanted, version.paper.engagement_id)
    rare = _rare(holders, queries.engagements_in_library())
    same = [_same(one, rare) for one in _one_each(holders, digests)]
    alike = _alike(version, digests, _one_each(holders, set(wanted) - digests))
    told = [one for one in [*same, *alike] if one is not None and one.holder.sha256 in rare]
    best: dict[int, Found] = {}
    for one in sorted(told, key=lambda each: -each.share):
        best.setdefault(one.holder.paper_id, one)
    return list(best.values())[:MOST_ALARMS]


def _rare(holders: Sequence[Holder], engagements: int) -> set[str]:
    """The bytes that few other engagements hold, one in fifty at most: the rest are forms."""
    most = max(FEW_HOLDERS, engagements // 50)
    where: dict[str, set[int]] = {}
    for one in holders:
        where.setdefault(one.sha256, set()).add(one.engagement_id)
    return {sha256 for sha256, found in where.items() if len(found) <= most}


def _one_each(holders: Sequence[Holder], digests: set[str]) -> list[Holder]:
    """The oldest holder of each file in each engagement."""
    found: dict[tuple[str, int], Holder] = {}
    for one in holders:
        if one.sha256 in digests:
            found.setdefault((one.sha256, one.engagement_id), one)
    return list(found.values())


def _same(holder: Holder, rare: set[str]) -> Found | None:
    if holder.sha256 not in rare:
        return None
    return Found(holder, holder.sha256, Likeness.SAME_FILE, 1000)


def _alike(version: PaperVersion, digests: set[str], holders: Sequence[Holder]) -> list[Found]:
    """The texts of which enough stands in the other, measured piece by piece."""
    if not holders:
        return []
    kept = queries.texts_of([*digests, *(one.sha256 for one in holders)])
    ignored = ignoring.ignored()
    pieces = {sha256: ignoring.pieces_of(found, ignored) for sha256, found in kept.items()}
    found = [_compared(version, one, digests, pieces) for one in holders if one.sha256 in pieces]
    return [one for one in found if one is not None]


def _compared(
    version: PaperVersion, holder: Holder, digests: set[str], pieces: Mapping[str, "Numbers"]
) -> Found | None:
    """The likeness of the later text with the earlier one, by the file that is most alike."""
    from app.caged import shingles

    best: Found | None = None
    for sha256 in digests & pieces.keys():
        own, other = pieces[sha256], pieces[holder.sha256]
        later, earlier = (own, other) if version.id > holder.version_id else (other, own)
        share = shingles.share(later, earlier)
        enough = share * len(later) >= FEWEST and share * 100 >= _least_percent()
        if enough and (best is None or share * 1000 > best.share):
            best = Found(holder, sha256, Likeness.SIMILAR_TEXT, min(1000, round(share * 1000)))
    return best


def _least_percent() -> int:
    return int(current_app.config["SIMILARITY_ALARM_PERCENT"])
