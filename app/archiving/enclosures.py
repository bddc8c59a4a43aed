"""What a package holds beside the papers: files that other records of the engagement keep."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select

from app.archiving.models import Retention
from app.attachments import Keeper, keepers
from app.attachments.models import KeptFile
from app.blobs.destroying import withheld_among
from app.db import db
from app.engagements.models import Engagement
from app.papers.models import IndexClass

FOLDER = "附件"
LONGEST_NAME = 120  # bytes, without its number
UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')  # what some system takes in no name


@dataclass(frozen=True)
class Enclosure:
    """A file of a record; in the package unless it was voided or must not be here."""

    kind: str
    number: int  # among all files of its kind in the engagement, which never changes
    file: KeptFile
    about: str
    folder: str
    retention: Retention
    is_withheld: bool

    @property
    def is_packed(self) -> bool:
        """Whether the package holds its bytes."""
        return self.file.voided_at is None and not self.is_withheld

    @property
    def path(self) -> str:
        """`附件/资料清单/007 预算批复.pdf`."""
        name = PurePosixPath(self.file.file_name)
        room = LONGEST_NAME - len(name.suffix.encode())
        stem = UNFIT.sub("_", name.stem).encode()[:room].decode(errors="ignore").strip(" .")
        return f"{FOLDER}/{self.folder}/{self.number:03} {stem}{name.suffix}"


def enclosures_of(engagement: Engagement, rules: Mapping[IndexClass, Retention]) -> list[Enclosure]:
    """Every file of the engagement's other records; one statement a kind."""
    found = [(keeper, _files(keeper, engagement)) for keeper in keepers.values()]
    withheld = withheld_among({file.sha256 for _keeper, files in found for file in files})
    return [
        Enclosure(
            keeper.kind,
            number,
            file,
            keeper.about(file),
            keeper.folder,
            rules.get(keeper.index_class, Retention.PERMANENT),
            file.sha256 in withheld,
        )
        for keeper, files in found
        for number, file in enumerate(files, start=1)
    ]


def told_of_enclosure(one: Enclosure) -> dict[str, Any]:
    """What the package tells of such a file, whether it holds it or not."""
    file = one.file
    return {
        "kind": one.kind,
        "number": one.number,
        "path": one.path if one.is_packed else None,
        "about": one.about,
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "received_at": file.sent_at.isoformat(),
        "submitted_by": file.sent_by.name,
        "voided_at": file.voided_at.isoformat() if file.voided_at else None,
        "is_withheld": one.is_withheld,
        "retention": one.retention,
    }


def listed(one: Enclosure) -> dict[str, Any]:
    """Its line among the files of the package."""
    told = {"size": one.file.size, "sha256": one.file.sha256}
    return {"path": one.path, "kind": "enclosure", **told}


def _files(keeper: Keeper, engagement: Engagement) -> Sequence[KeptFile]:
    query = keeper.of_engagement(select(keeper.file), engagement.id)
    return db.session.scalars(query.order_by(keeper.file.id).options(*keeper.loads)).all()
