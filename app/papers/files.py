"""What is said of a paper and of its file before they are records."""

from dataclasses import dataclass
from datetime import date, datetime

from app.engagements.models import Stage, Task


@dataclass(frozen=True)
class NewPaper:
    """What the agency says of a paper that it adds."""

    index_no: str
    title: str
    stage: Stage
    task: Task | None = None
    evidence_on: date | None = None  # 证据形成日期


@dataclass(frozen=True)
class StoredFile:
    """A file that the store keeps already, and the sender's tick that it holds no secret."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    is_unclassified: bool
    received_at: datetime | None = None  # where its release had to wait: when it was here


@dataclass(frozen=True)
class RefusedUpload:
    """A file that was not taken, as far as anything is known of it."""

    name: str
    size: int | None
    reason: str
