"""What people do with working papers. Each public function is one action of one person."""

from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock, papers
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Stale
from app.notifications.kinds import Kind
from app.papers import arriving, index_numbers, queries, telling
from app.papers.files import NewPaper, RefusedUpload, StoredFile
from app.papers.models import KeptFile, PaperVersion, VersionState, WorkingPaper
from app.papers.review_models import FileDigest
from app.policy import Permission, require

# From which states the bureau may bring a version into a state.
MOVES: dict[VersionState, frozenset[VersionState]] = {
    VersionState.READ: frozenset({VersionState.SUBMITTED}),
    VersionState.RETURNED: frozenset(VersionState) - {VersionState.RETURNED},
    VersionState.APPROVED: frozenset({VersionState.SUBMITTED, VersionState.READ}),
}


def submit_paper(
    actor: User, engagement: Engagement, new: NewPaper, *files: StoredFile
) -> WorkingPaper:
    """The agency adds a paper under an index number of its own, with its first version.

    A version is one file or several. It belongs to a stage of the engagement; where that was
    approved already, it is marked 后补.
    """
    lock(engagement)  # a decision that ends the work comes before or after, never between
    require(actor, Permission.PAPER_SUBMIT, engagement)
    number = index_numbers.read(new.index_no)
    arriving.belongs(engagement, new)
    if number.text in queries.taken_numbers(engagement):
        raise Conflict(_("This index number is taken in this engagement"))
    paper = arriving.begun(actor, engagement, new, number)
    version = arriving.next_version(actor, paper, files, new.evidence_on)
    db.session.add(version)
    arriving.record(version, audit.Event.PAPER_SUBMITTED)
    return paper


def submit_version(
    actor: User,
    paper: WorkingPaper,
    expected_version: int,
    *files: StoredFile,
    evidence_on: date | None = None,
) -> PaperVersion:
    """The agency answers with a new version of one file or several; older ones stay.

    Stale where somebody else's version came first. The same bytes once more are no new version.
    """
    lock(paper.engagement)
    require(actor, Permission.PAPER_SUBMIT, paper)
    lock(paper)
    if paper.current_version != expected_version:
        raise Stale
    arriving.must_be_open(paper)
    current = queries.current_version_of(paper)
    if arriving.same_files(current, files):
        raise Conflict(
            _("This is the same file as version %(n)s; nothing was added", n=current.number)
        )
    version = arriving.next_version(actor, paper, files, evidence_on)
    db.session.add(version)
    arriving.record(version, audit.Event.VERSION_SUBMITTED)
    return version


def note_refused_upload(actor: User, engagement: Engagement, refused: RefusedUpload) -> None:
    """Put in the log that a file was not taken, and why."""
    require(actor, Permission.PAPER_SUBMIT, engagement)
    audit.record(
        actor,
        audit.Event.UPLOAD_REFUSED,
        engagement,
        scope=engagement,
        refusal=refused.reason,
        file=refused.name[:200],
        size=refused.size,
    )


def read_version(actor: User, version: PaperVersion) -> None:
    """The performance section marks the newest version as read (已阅)."""
    require(actor, Permission.PAPER_DECIDE, version)
    _decide(actor, version, VersionState.READ)
    audit.record(
        actor,
        audit.Event.VERSION_READ,
        version.paper,
        scope=version.engagement,
        index_no=version.paper.index_no,
        number=version.number,
    )


def return_version(actor: User, version: PaperVersion, words: str) -> None:
    """The performance section sends the newest version back for changes and says what is wrong."""
    require(actor, Permission.PAPER_DECIDE, version)
    if not words.strip():
        raise Invalid(_("Say what has to be changed"))
    _decide(actor, version, VersionState.RETURNED)
    version.decision_words = words.strip()
    audit.record(
        actor,
        audit.Event.VERSION_RETURNED,
        version.paper,
        scope=version.engagement,
        index_no=version.paper.index_no,
        number=version.number,
        words=version.decision_words,
    )
    telling.tell_agency(version.paper, Kind.VERSION_RETURNED)


def approve_version(actor: User, version: PaperVersion) -> None:
    """The performance section approves the newest version, unless an opinion is still open."""
    lock(version.paper)  # an opinion written meanwhile is seen by the gates
    require(actor, Permission.PAPER_DECIDE, version)
    for gate in papers.approval_gates:
        if words := gate(version):
            raise Conflict(words)
    _decide(actor, version, VersionState.APPROVED)
    audit.record(
        actor,
        audit.Event.VERSION_APPROVED,
        version.paper,
        scope=version.engagement,
        index_no=version.paper.index_no,
        number=version.number,
        sha256=version.sha256,
    )
    telling.tell_agency(version.paper, Kind.VERSION_APPROVED)


def withdraw_paper(actor: User, paper: WorkingPaper, reason: str) -> None:
    """The agency's lead withdraws a paper (作废) with a reason; its versions stay readable.

    An approved paper has to be returned first, and a submitted final report stays.
    """
    lock(paper.engagement)
    require(actor, Permission.PAPER_WITHDRAW, paper)
    if not reason.strip():
        raise Invalid(_("Give the reason"))
    lock(paper)
    arriving.must_be_open(paper)
    if paper.state is VersionState.APPROVED:
        raise Conflict(_("An approved paper can't be withdrawn; ask for it to be returned first"))
    paper.withdrawn_at, paper.withdrawn_by_id = clock.now(), actor.id
    paper.withdrawal_reason = reason.strip()
    audit.record(
        actor,
        audit.Event.PAPER_WITHDRAWN,
        paper,
        scope=paper.engagement,
        index_no=paper.index_no,
        reason=paper.withdrawal_reason,
    )


def record_download(actor: User, file: KeptFile) -> None:
    """Somebody takes a file away: who, of which version, and its hash.

    Told of the version in no scope, so that the agency's time lines don't show who looks.
    """
    require(actor, Permission.PAPER_DOWNLOAD, file.version)
    _record_look(actor, audit.Event.PAPER_DOWNLOADED, file)


def record_preview(actor: User, file: KeptFile) -> None:
    """Somebody looks at a file in the page; told like a download."""
    require(actor, Permission.PAPER_DOWNLOAD, file.version)
    _record_look(actor, audit.Event.PAPER_PREVIEWED, file)


def record_passport(actor: User, file: KeptFile, sm3: str | None) -> None:
    """Somebody prints a file's passport; the second digest that was made for it is kept."""
    require(actor, Permission.PAPER_DOWNLOAD, file.version)
    lock(file.version)  # two who print at once keep one digest
    if sm3 and db.session.get(FileDigest, file.sha256) is None:
        db.session.add(FileDigest(sha256=file.sha256, sm3=sm3, made_at=clock.now()))
    _record_look(actor, audit.Event.PASSPORT_PRINTED, file)


def _record_look(actor: User, event: audit.Event, file: KeptFile) -> None:
    audit.record(
        actor,
        event,
        file.version,
        index_no=file.version.paper.index_no,
        number=file.version.number,
        sha256=file.sha256,
    )


def _decide(actor: User, version: PaperVersion, state: VersionState) -> None:
    """Bring the newest version into a state, if it may go there from where it is."""
    paper = version.paper
    lock(paper)
    lock(version)
    if version.number != paper.current_version:
        raise Stale
    arriving.must_be_open(paper)
    if version.state not in MOVES[state]:
        raise Conflict
    version.state = paper.state = state
    version.decided_by_id, version.decided_at = actor.id, clock.now()
    db.session.flush()
