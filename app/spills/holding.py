"""Where a content is kept: versions of papers and records' own files, seen as one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from app.engagements.models import Engagement
from app.errors import Missing, Words
from app.papers.models import PaperVersion
from app.papers.telling import named
from app.policy import Permission
from app.spills import kinds, queries
from app.spills.kinds import FileKind
from app.spills.models import Spill


@dataclass(frozen=True)
class Holder:
    """One of the places: a version of a paper, or a file of another record."""

    thing: Any  # the version, or the file's own row
    kind: str  # empty for a paper
    record: Any  # who reads it reads the file
    read: Permission
    address: str  # of the page that shows it

    @property
    def label(self) -> Words:
        """What it is, in words."""
        return kinds.LABELS.get(self.kind, self.kind)

    @property
    def engagement(self) -> Engagement | None:
        """Of what engagement it is, if of any."""
        return getattr(self.record, "engagement", None)

    @property
    def subject(self) -> Any:
        """Of what the log tells it."""
        return self.thing if self.kind else self.thing.paper

    @property
    def title(self) -> str:
        """The paper's number and title, or the file's name."""
        if self.kind:
            return str(self.thing.file_name)
        return f"{self.thing.paper.index_no} {self.thing.paper.title}"

    @property
    def owner(self) -> str:
        """Whose it is: the agency of a paper, the organisation of who sent a file."""
        if not self.kind:
            return str(self.thing.engagement.agency.name)
        sender = getattr(self.thing, "sent_by", None)
        if sender is not None:
            return str(sender.organisation.name)
        return str((self.thing.agency or self.thing.application).name)

    @property
    def files(self) -> dict[str, str]:
        """The names of its files by their digests."""
        if self.kind:
            return {self.thing.sha256: self.thing.file_name}
        return queries.files_of(self.thing)

    @property
    def told(self) -> dict[str, str]:
        """The facts of a message about it."""
        if not self.kind:
            return named(self.thing.paper)
        engagement = self.engagement
        return {"engagement": engagement.name if engagement else self.owner, "paper": self.title}

    @property
    def logged(self) -> dict[str, Any]:
        """The facts of the log that say where it is."""
        if self.kind:
            return {"file": self.title[:200]}
        return {"index_no": self.thing.paper.index_no, "number": self.thing.number}

    @property
    def columns(self) -> dict[str, Any]:
        """How the row of a report names it."""
        if not self.kind:
            return {"version": self.thing, "engagement": self.engagement}
        place = {"file_kind": self.kind, "file_id": self.thing.id}
        return {**place, "engagement": self.engagement}


def holder_of(thing: Any) -> Holder:
    """The place that this version or this file is; Missing where files of its kind aren't known."""
    if isinstance(thing, PaperVersion):
        address = f"/papers/{thing.paper_id}"
        return Holder(thing, "", thing, Permission.PAPER_READ, address)
    found = next((one for one in kinds.known().values() if one.file is type(thing)), None)
    if found is None:
        raise Missing
    return _of_file(found, thing)


def place_of(spill: Spill) -> Holder:
    """The place in which a file was reported."""
    if spill.version is not None:
        return holder_of(spill.version)
    return file_in(spill.file_kind, spill.file_id or 0)


def file_in(kind: str, file_id: int) -> Holder:
    """A record's own file by its kind and number; Missing where there is none."""
    found = kinds.known().get(kind)
    thing = db.session.get(found.file, file_id) if found else None
    if found is None or thing is None:
        raise Missing
    return _of_file(found, thing)


def holders_of(sha256: str) -> list[Holder]:
    """Every place that holds these bytes, of whatever organisation: for the bureau alone."""
    files = [
        _of_file(kind, file)
        for kind in kinds.known().values()
        for file in db.session.scalars(
            select(kind.file).where(kind.file.sha256 == sha256).order_by(kind.file.id)
        )
    ]
    return [*map(holder_of, queries.versions_with(sha256)), *files]


def _of_file(kind: FileKind, file: Any) -> Holder:
    record = kind.record_of(file)
    return Holder(file, kind.kind, record, kind.read, kind.address(record))
