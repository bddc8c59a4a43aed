"""Questions about likenesses. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.accounts.models import Organisation
from app.agencies.models import Agency
from app.db import db
from app.engagements.models import Engagement
from app.papers.models import PaperVersion, VersionFile, WorkingPaper
from app.policy import Permission, Person, can
from app.similarity.models import (
    Boilerplate,
    FileText,
    LikenessAlarm,
    LikenessCheck,
    Outcome,
    TextBucket,
)

MOST_CANDIDATES = 30
MOST_HOLDERS = 5000  # versions that hold one of the candidates


@dataclass(frozen=True)
class Holder:
    """A version that holds some bytes, and whose it is."""

    sha256: str
    version_id: int
    paper_id: int
    engagement_id: int


def unchecked(limit: int) -> Sequence[PaperVersion]:
    """Versions that nobody held against the library yet, the newest first."""
    done = select(LikenessCheck.version_id).where(LikenessCheck.version_id == PaperVersion.id)
    return db.session.scalars(
        select(PaperVersion)
        .where(~done.exists())
        .order_by(PaperVersion.id.desc())
        .limit(limit)
        .options(joinedload(PaperVersion.paper))
    ).all()


def unread(limit: int) -> Sequence[PaperVersion]:
    """Versions of whose files nobody has read the words yet, the newest first."""
    own = select(FileText.sha256).where(FileText.sha256 == PaperVersion.sha256)
    further = (
        select(VersionFile.id)
        .outerjoin(FileText, FileText.sha256 == VersionFile.sha256)
        .where(VersionFile.version_id == PaperVersion.id, FileText.sha256.is_(None))
    )
    return db.session.scalars(
        select(PaperVersion)
        .where(~own.exists() | further.exists())
        .order_by(PaperVersion.id.desc())
        .limit(limit)
        .options(selectinload(PaperVersion.more))
    ).all()


def candidates(digests: Collection[str]) -> Sequence[str]:
    """The texts that share the most marks with these."""
    marks = select(TextBucket.bucket).where(TextBucket.sha256.in_(digests))
    return db.session.scalars(
        select(TextBucket.sha256)
        .where(TextBucket.bucket.in_(marks), TextBucket.sha256.not_in(digests))
        .group_by(TextBucket.sha256)
        .order_by(func.count().desc(), TextBucket.sha256)
        .limit(MOST_CANDIDATES)
    ).all()


def holders_of(digests: Collection[str], engagement_id: int) -> Sequence[Holder]:
    """The versions of other engagements that hold these bytes, the oldest first."""
    first = select(PaperVersion.sha256, PaperVersion.id, PaperVersion.paper_id)
    further = select(VersionFile.sha256, PaperVersion.id, PaperVersion.paper_id).join(
        PaperVersion, PaperVersion.id == VersionFile.version_id
    )
    both = union_all(
        first.where(PaperVersion.sha256.in_(digests)),
        further.where(VersionFile.sha256.in_(digests)),
    ).subquery()
    rows = db.session.execute(
        select(both.c.sha256, both.c.id, both.c.paper_id, WorkingPaper.engagement_id)
        .join(WorkingPaper, WorkingPaper.id == both.c.paper_id)
        .where(WorkingPaper.engagement_id != engagement_id)
        .order_by(both.c.id)
        .limit(MOST_HOLDERS)
    )
    return [Holder(*row) for row in rows]


def texts_of(digests: Collection[str]) -> Mapping[str, FileText]:
    """The texts of these bytes, those that have words."""
    query = select(FileText).where(FileText.sha256.in_(digests), FileText.outcome == Outcome.READ)
    return {found.sha256: found for found in db.session.scalars(query)}


def pairs_known(version_ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs of versions that already have an alarm, of those that hold one of these."""
    query = select(LikenessAlarm.version_id, LikenessAlarm.other_id).where(
        LikenessAlarm.version_id.in_(version_ids) | LikenessAlarm.other_id.in_(version_ids)
    )
    return {(one, other) for one, other in db.session.execute(query)}


def engagements_in_library() -> int:
    """How many engagements have papers."""
    return db.session.scalar(select(func.count(WorkingPaper.engagement_id.distinct()))) or 0


def texts_in_library() -> int:
    """How many texts were read."""
    query = select(func.count()).select_from(FileText).where(FileText.outcome == Outcome.READ)
    return db.session.scalar(query) or 0


def texts_by_engagement(limit: int) -> Mapping[int, Sequence[str]]:
    """The texts of the newest engagements, for what is common to many."""
    newest = (
        select(WorkingPaper.engagement_id)
        .group_by(WorkingPaper.engagement_id)
        .order_by(WorkingPaper.engagement_id.desc())
        .limit(limit)
    )
    rows = db.session.execute(
        select(WorkingPaper.engagement_id, PaperVersion.sha256)
        .join(PaperVersion, PaperVersion.paper_id == WorkingPaper.id)
        .join(FileText, FileText.sha256 == PaperVersion.sha256)
        .where(WorkingPaper.engagement_id.in_(newest), FileText.outcome == Outcome.READ)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for engagement_id, sha256 in rows:
        found.setdefault(engagement_id, []).append(sha256)
    return found


def alarms_visible_to(user: Person) -> Select[LikenessAlarm]:
    """Exactly the alarms for which can(user, SIMILARITY_READ, alarm) holds."""
    return alarms().where(literal(can(user, Permission.SIMILARITY_READ, None)))


def alarms() -> Select[LikenessAlarm]:
    """Alarms with both papers, their engagements and their agencies, in one statement."""
    ways = []
    query = select(LikenessAlarm)
    for side in (LikenessAlarm.version, LikenessAlarm.other):
        version, paper, job = aliased(PaperVersion), aliased(WorkingPaper), aliased(Engagement)
        agency, house = aliased(Agency), aliased(Organisation)
        query = (
            query.join(side.of_type(version))
            .join(version.paper.of_type(paper))
            .join(paper.engagement.of_type(job))
            .join(job.agency.of_type(agency))
            .join(agency.organisation.of_type(house))
        )
        way = contains_eager(side.of_type(version)).contains_eager(version.paper.of_type(paper))
        way = way.contains_eager(paper.engagement.of_type(job))
        ways.append(
            way.contains_eager(job.agency.of_type(agency)).contains_eager(
                agency.organisation.of_type(house)
            )
        )
    return query.options(*ways, joinedload(LikenessAlarm.settled_by))


def alarms_of(paper: WorkingPaper) -> Sequence[LikenessAlarm]:
    """The alarms about a paper's versions, the newest first."""
    own = select(PaperVersion.id).where(PaperVersion.paper_id == paper.id)
    query = alarms().where(LikenessAlarm.version_id.in_(own))
    return db.session.scalars(query.order_by(LikenessAlarm.share.desc(), LikenessAlarm.id)).all()


def alarm_by_id(alarm_id: int) -> LikenessAlarm | None:
    """One alarm with everything around it."""
    return db.session.scalar(alarms().where(LikenessAlarm.id == alarm_id))


def is_checked(version: PaperVersion) -> bool:
    """Whether the version was held against the library."""
    return db.session.get(LikenessCheck, version.id) is not None


def boilerplates() -> Sequence[Boilerplate]:
    """The texts that everybody may use, those withdrawn last."""
    return db.session.scalars(
        select(Boilerplate)
        .order_by(Boilerplate.withdrawn_at.is_not(None), Boilerplate.id.desc())
        .options(joinedload(Boilerplate.added_by))
    ).all()


def boilerplate_texts() -> Sequence[str]:
    """The words that don't count by the bureau's own word."""
    return db.session.scalars(
        select(Boilerplate.text).where(Boilerplate.withdrawn_at.is_(None)).order_by(Boilerplate.id)
    ).all()
