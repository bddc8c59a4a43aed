"""What people do with an indicator system. Each public function is one action of one person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement, Task
from app.errors import Conflict, Invalid, Stale
from app.indicators import library, queries, telling
from app.indicators.definition import digest_of, rows_of
from app.indicators.models import Indicator, IndicatorEvidence, IndicatorSystem
from app.indicators.rows import WHOLE, FaultyRows, Row, coded, faults_of, total
from app.notifications.kinds import Kind
from app.policy import Permission, require


class Source(StrEnum):
    """From what a new system starts."""

    LIBRARY = "library"
    FRAME = "frame"
    NOTHING = "nothing"


@dataclass(frozen=True)
class ImportedFile:
    """The file that rows came from, for the log."""

    name: str
    sha256: str


def begin_system(
    actor: User, engagement: Engagement, task: Task | None, source: Source
) -> IndicatorSystem:
    """The agency begins the indicators of a task, or of an engagement that has its own frame.

    They start from the library of common indicators, from the template's frame or from nothing.
    """
    require(actor, Permission.INDICATOR_EDIT, engagement)
    lock(engagement)
    if task not in queries.scopes_of(engagement):
        raise Invalid(_("Choose what the indicators are for"), field="task")
    if queries.newest_version(engagement, task) is not None:
        raise Conflict(_("There is an indicator system already; make its next version"))
    system = _begun(actor, engagement, task, version=1)
    _put(system, _first_rows(engagement, source))
    _record(actor, audit.Event.INDICATORS_BEGUN, system, source=source, reason="")
    return system


def save_rows(
    actor: User,
    system: IndicatorSystem,
    rows: Sequence[Row],
    expected: int,
    file: ImportedFile | None = None,
) -> None:
    """The agency writes the rows of a draft, all at once, on the page or from a workbook.

    FaultyRows names each cell that breaks a rule; then nothing is kept. Stale where somebody
    else saved first. A draft may add up to anything.
    """
    require(actor, Permission.INDICATOR_EDIT, system)
    lock(system)
    _expect_draft(system)
    if system.revision != expected:
        raise Stale
    frame = queries.frame_of(system.engagement)
    if faults := faults_of(rows, frame):
        raise FaultyRows(faults)
    before = {row.code: row for row in rows_of(system)}
    _put(system, coded(rows, frame))
    changed = _changes(before, rows_of(system))
    told = {"file": file.name, "sha256": file.sha256} if file else {"file": None, "sha256": None}
    _record(actor, audit.Event.INDICATORS_SAVED, system, changed=changed, **told)


def submit_system(actor: User, system: IndicatorSystem) -> None:
    """The agency's lead hands the indicators in; they add up to 100 by then."""
    require(actor, Permission.INDICATOR_SUBMIT, system)
    lock(system)
    _expect_draft(system)
    points = total(rows_of(system))
    if points != WHOLE:
        raise Conflict(_("The points add up to %(points)s; they must be 100", points=points))
    system.submitted_at = clock.now()
    system.returned_at = None
    _record(actor, audit.Event.INDICATORS_SUBMITTED, system, points=str(points))
    telling.tell_bureau(system)


def approve_system(actor: User, system: IndicatorSystem) -> None:
    """The commissioning side approves; the version is frozen and the one before it retires.

    Scores and their evidence go on where code, name and points are the same as before.
    """
    require(actor, Permission.INDICATOR_DECIDE, system)
    lock(system.engagement)
    lock(system)
    _expect_submitted(system)
    system.approved_at, system.approved_by_id = clock.now(), actor.id
    for earlier in queries.versions_of(system):
        if earlier.id != system.id and earlier.is_in_force:
            earlier.retired_at = system.approved_at
            _carry_over(earlier, system)
    _record(actor, audit.Event.INDICATORS_APPROVED, system, digest=digest_of(system))
    telling.tell_agency(system, Kind.INDICATORS_APPROVED)


def return_system(actor: User, system: IndicatorSystem, reason: str) -> None:
    """The commissioning side gives the indicators back and says what has to change."""
    require(actor, Permission.INDICATOR_DECIDE, system)
    if not reason.strip():
        raise Invalid(_("Say what has to be changed"))
    lock(system)
    _expect_submitted(system)
    system.submitted_at, system.returned_at = None, clock.now()
    system.return_reason = reason.strip()
    _record(actor, audit.Event.INDICATORS_RETURNED, system, reason=system.return_reason)
    telling.tell_agency(system, Kind.INDICATORS_RETURNED)


def begin_next_version(actor: User, system: IndicatorSystem, reason: str) -> IndicatorSystem:
    """The agency begins the next version of approved indicators, with the reason in writing.

    The approved version stays in force until the next one is approved.
    """
    require(actor, Permission.INDICATOR_EDIT, system)
    if not reason.strip():
        raise Invalid(_("Give the reason"))
    lock(system.engagement)
    newest = queries.newest_version(system.engagement, system.task)
    if newest is None or newest.id != system.id or not system.is_in_force:
        raise Conflict(_("A next version is begun from the newest one, once it is approved"))
    following = _begun(actor, system.engagement, system.task, version=system.version + 1)
    following.reason = reason.strip()
    _put(following, rows_of(system))
    told = {"source": f"v{system.version}", "reason": following.reason}
    _record(actor, audit.Event.INDICATORS_BEGUN, following, **told)
    return following


def record_export(actor: User, system: IndicatorSystem, form: str) -> None:
    """Somebody takes the indicators or the scoring sheet away as a workbook."""
    require(actor, Permission.INDICATOR_READ, system)
    _record(actor, audit.Event.INDICATORS_EXPORTED, system, form=form)


def _first_rows(engagement: Engagement, source: Source) -> Sequence[Row]:
    frame = queries.frame_of(engagement)
    if source is Source.LIBRARY:
        if not library.fits(frame):
            raise Invalid(_("The library is for the frame of project expenditure"), field="source")
        return library.common_rows()
    if source is Source.FRAME:
        return coded(library.frame_rows(engagement.template.scoring_frame), frame)
    return []


def _begun(
    actor: User, engagement: Engagement, task: Task | None, *, version: int
) -> IndicatorSystem:
    system = IndicatorSystem(
        engagement=engagement,
        task=task,
        task_number=task.number if task else 0,
        version=version,
        revision=0,
        made_by_id=actor.id,
        made_at=clock.now(),
    )
    db.session.add(system)
    return system


def _put(system: IndicatorSystem, rows: Sequence[Row]) -> None:
    """Write the rows in the place of those that were there."""
    system.indicators.clear()
    db.session.flush()  # the old codes go before the new ones come
    system.indicators.extend(
        Indicator(position=position, links=[], **asdict(row))
        for position, row in enumerate(rows, 1)
    )
    system.revision += 1


def _changes(before: dict[str, Row], rows: Sequence[Row]) -> list[str]:
    """The codes that were added (+), taken out (-) and changed (~), for the log."""
    after = {row.code: row for row in rows}
    added = [f"+{code}" for code in after if code not in before]
    gone = [f"-{code}" for code in before if code not in after]
    edited = [f"~{code}" for code in after if before.get(code, after[code]) != after[code]]
    return added + gone + edited


def _carry_over(earlier: IndicatorSystem, system: IndicatorSystem) -> None:
    """Take scores and links along where the row is still the same in code, name and points."""
    known = {(one.code, one.name, one.check_point, one.points): one for one in earlier.indicators}
    for row in system.indicators:
        old = known.get((row.code, row.name, row.check_point, row.points))
        if old is None:
            continue
        row.score_before, row.score_after = old.score_before, old.score_after
        row.adjustment, row.deduction = old.adjustment, old.deduction
        row.scored_by_id, row.scored_at = old.scored_by_id, old.scored_at
        row.links = [
            IndicatorEvidence(
                paper=link.paper, linked_by_id=link.linked_by_id, linked_at=link.linked_at
            )
            for link in old.links
            if link.unlinked_at is None
        ]


def _expect_draft(system: IndicatorSystem) -> None:
    if system.approved_at is not None:
        raise Conflict(_("An approved indicator system is frozen; make its next version"))
    if system.submitted_at is not None:
        raise Conflict(_("These indicators are submitted and wait for the decision"))


def _expect_submitted(system: IndicatorSystem) -> None:
    if system.submitted_at is None or system.approved_at is not None:
        raise Conflict(_("These indicators aren't submitted, or were decided already"))


def _record(actor: User, event: audit.Event, system: IndicatorSystem, **facts: object) -> None:
    """The log names the version and its task with every event."""
    told = {"version": system.version, "task": system.task.project if system.task else None}
    audit.record(actor, event, system, scope=system.engagement, **told, **facts)
