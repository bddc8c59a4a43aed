"""What a paper and its versions are made of when files come in, and what the log tells of them."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.papers import index_numbers, queries, review_telling, telling
from app.papers.files import NewPaper, StoredFile
from app.papers.models import PaperVersion, VersionFile, VersionState, WorkingPaper

MOST_FILES = 50  # of one version


def belongs(engagement: Engagement, new: NewPaper) -> None:
    """Stage and task must be this engagement's own, and the title must say something."""
    strange_task = new.task is not None and new.task.engagement_id != engagement.id
    if new.stage.engagement_id != engagement.id or strange_task:
        raise Invalid(_("Stage and task must belong to this engagement"))
    if not new.title.strip():
        raise Invalid(_("Enter the title"))


def begun(
    author: User, engagement: Engagement, new: NewPaper, number: index_numbers.IndexNumber
) -> WorkingPaper:
    """A paper without a version yet."""
    return WorkingPaper(
        engagement=engagement,
        task=new.task,
        stage=new.stage,
        index_class=number.index_class,
        index_no=number.text,
        title=new.title.strip(),
        current_version=0,
        created_by_id=author.id,
        created_at=clock.now(),
    )


def next_version(
    author: User, paper: WorkingPaper, files: Sequence[StoredFile], evidence_on: date | None
) -> PaperVersion:
    """The next version of a paper, of one file or several, waiting for review."""
    _check(files)
    first, *rest = files
    received = first.received_at or clock.now()
    approved = paper.stage.approved_at
    paper.current_version += 1
    paper.state = VersionState.SUBMITTED
    return PaperVersion(
        paper=paper,
        number=paper.current_version,
        **_told(first),
        evidence_on=evidence_on,
        is_late=approved is not None and approved <= received,
        submitted_by=author,
        submitted_at=received,
        state=VersionState.SUBMITTED,
        more=[VersionFile(position=n, **_told(file)) for n, file in enumerate(rest, start=2)],
    )


def must_be_open(paper: WorkingPaper) -> None:
    """Withdrawn papers and final reports take nothing."""
    if paper.withdrawn_at is not None:
        raise Conflict(_("This paper was withdrawn"))
    if queries.is_locked(paper):
        raise Conflict(
            _("This paper was submitted as the final report and is locked until it is sent back")
        )


def same_files(version: PaperVersion, files: Sequence[StoredFile]) -> bool:
    """Whether these are the very bytes that a version has, however they are called now."""
    return sorted(file.sha256 for file in version.files) == sorted(file.sha256 for file in files)


def record(version: PaperVersion, event: audit.Event) -> None:
    """The log tells of every file with its hash; the performance section hears of the version."""
    paper, author, scope = version.paper, version.submitted_by, version.paper.engagement
    audit.record(
        author,
        event,
        paper,
        scope=scope,
        index_no=paper.index_no,
        title=paper.title,
        number=version.number,
        file=version.file_name,
        size=version.size,
        sha256=version.sha256,
        late=version.is_late,
        unclassified=True,
    )
    for file in version.more:
        _record_further(file)
    telling.tell_bureau(paper)
    review_telling.ask_first_level(paper)


def _record_further(file: VersionFile) -> None:
    paper, version = file.version.paper, file.version
    audit.record(
        version.submitted_by,
        audit.Event.FILE_ATTACHED,
        paper,
        scope=paper.engagement,
        index_no=paper.index_no,
        number=version.number,
        position=file.position,
        file=file.file_name,
        size=file.size,
        sha256=file.sha256,
    )


def _check(files: Sequence[StoredFile]) -> None:
    """Each is ticked as unclassified, and none is there twice."""
    if not 1 <= len(files) <= MOST_FILES:
        raise Invalid(_("A version has from 1 to %(n)s files", n=MOST_FILES))
    if not all(file.is_unclassified for file in files):
        raise Invalid(_("Confirm first that the file holds no state secret"))
    names: dict[str, str] = {}
    for file in files:
        if file.sha256 in names:
            same = {"name": file.name, "other": names[file.sha256]}
            raise Conflict(_("%(name)s and %(other)s are the same file", **same))
        names[file.sha256] = file.name


def _told(file: StoredFile) -> dict[str, str | int]:
    return {
        "file_name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "store_key": file.key,
    }
