"""Files beside the papers that can be reported: whose record they are, and where that is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _

from app.accreditation.models import Evidence
from app.attachments import keepers
from app.db import db
from app.errors import Words
from app.exchange.models import Post, PostFile
from app.policy import Permission
from app.training.models import Course, CourseFile, HourProof, HourRecord


@dataclass(frozen=True)
class FileKind:
    """A table with the columns of `KeptFile`; who reads the record reads its files."""

    kind: str
    file: type[Any]
    read: Permission
    record_of: Callable[[Any], Any]
    address: Callable[[Any], str]  # of the record's page


# Kinds of records that belong to no engagement; upper features join theirs.
OTHERS: dict[str, FileKind] = {
    one.kind: one
    for one in (
        FileKind(
            "course_file",
            CourseFile,
            Permission.COURSE_READ,
            lambda file: db.session.get_one(Course, file.course_id),
            lambda course: f"/courses/{course.id}",
        ),
        FileKind(
            "exchange_file",
            PostFile,
            Permission.POST_READ,
            lambda file: db.session.get_one(Post, file.post_id),
            lambda post: f"/posts/{post.id}",
        ),
        FileKind(
            "hour_proof",
            HourProof,
            Permission.HOURS_READ,
            lambda file: db.session.get_one(HourRecord, file.record_id),
            lambda record: f"/training-hours/{record.id}",
        ),
        FileKind(
            "register_evidence",
            Evidence,
            Permission.EVIDENCE_READ,
            lambda file: file,
            lambda file: (
                f"/register-applications/{file.application_id}"
                if file.application_id
                else f"/agencies/{file.agency_id}/upkeep"
            ),
        ),
    )
}
LABELS: dict[str, Words] = {
    "": _("Working paper"),
    "consultation": _("Letter of a unit"),
    "course_file": _("File of a course"),
    "exchange_file": _("File of a notice or policy"),
    "hour_proof": _("Proof of hours"),
    "rectification_item": _("Evidence of rectification"),
    "register_evidence": _("Proof for the register"),
    "request_item": _("Material of a unit"),
    "site_visit": _("Photograph of a visit"),
}


def known() -> dict[str, FileKind]:
    """All kinds there are, by their names."""
    kept = {
        one.kind: FileKind(
            one.kind, one.file, one.read, one.record_of, partial(_address, one.address)
        )
        for one in keepers.values()
    }
    return {**kept, **OTHERS}


def _address(address: Callable[[int], str], record: Any) -> str:
    return address(record.id)
