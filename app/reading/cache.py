"""Converted documents under the var folder, by the digest of what they were made of.

var/previews/ab/<sha256>.pdf is a conversion, <sha256>.failed says why there is none,
wanted/<sha256> asks for one. All of it may be removed at any time: it is made again.
"""

import json
import time
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path

from flask import current_app

from app.papers.models import KeptFile

FAILED_SECONDS = 3600  # after which a failed conversion may be asked for again
OLD_SECONDS = 30 * 24 * 3600  # since somebody looked
PARTS = (".pdf", ".failed")


class Progress(Enum):
    """How far a conversion is."""

    UNASKED = "unasked"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a conversion failed."""

    LATE = "late"
    UNREADABLE = "unreadable"
    AWAY = "away"


@dataclass(frozen=True)
class Wanted:
    """A conversion that somebody waits for."""

    sha256: str
    version_id: int
    position: int


def home() -> Path:
    """The folder of all previews."""
    return Path(str(current_app.config["XINGPING_VAR"])) / "previews"


def place(sha256: str, ending: str = ".pdf") -> Path:
    """Where a digest's conversion is, or would be."""
    return home() / sha256[:2] / f"{sha256}{ending}"


def progress_of(sha256: str) -> Progress:
    """How far the conversion of these bytes is."""
    if place(sha256).exists():
        return Progress.READY
    failed = place(sha256, ".failed")
    if failed.exists() and failed.stat().st_mtime > time.time() - FAILED_SECONDS:
        return Progress.FAILED
    return Progress.WAITING if _wish(sha256).exists() else Progress.UNASKED


def want(file: KeptFile) -> None:
    """Ask for a conversion; asking twice is asking once."""
    wish = _wish(file.sha256)
    wish.parent.mkdir(parents=True, exist_ok=True)
    if not wish.exists():
        part = wish.with_suffix(".part")
        part.write_text(json.dumps([file.version.id, file.position]), encoding="ascii")
        part.replace(wish)


def wanted() -> list[Wanted]:
    """What is asked for, the longest waiting first."""
    folder = home() / "wanted"
    found = [path for path in folder.glob("*") if not path.suffix] if folder.is_dir() else []
    found.sort(key=lambda path: path.stat().st_mtime)
    return [Wanted(path.name, *json.loads(path.read_text())) for path in found]


def keep(sha256: str, made: Path) -> None:
    """Take a conversion in; the wish is fulfilled."""
    target = place(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    made.replace(target)
    place(sha256, ".failed").unlink(missing_ok=True)
    _wish(sha256).unlink(missing_ok=True)


def give_up(sha256: str, why: Failure) -> None:
    """Note why there is no conversion, for an hour."""
    target = place(sha256, ".failed")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(why, encoding="utf-8")
    _wish(sha256).unlink(missing_ok=True)


def why_failed(sha256: str) -> Failure:
    """Why there is no conversion."""
    return Failure(place(sha256, ".failed").read_text(encoding="utf-8"))


def converted(sha256: str) -> Path:
    """The conversion, which was looked at now."""
    path = place(sha256)
    path.touch()
    return path


def forget(sha256: str) -> None:
    """Remove whatever was made of these bytes, at once."""
    for ending in PARTS:
        place(sha256, ending).unlink(missing_ok=True)
    _wish(sha256).unlink(missing_ok=True)


def sweep() -> int:
    """Remove what nobody looked at for a month, then the longest unseen until all of it fits."""
    room = int(current_app.config["PREVIEW_CACHE_BYTES"])
    now, gone = time.time(), 0
    found = [(path.stat(), path) for path in home().glob("??/*")]
    for number, (told, path) in enumerate(sorted(found, key=lambda one: -one[0].st_mtime)):
        room -= told.st_size
        if number and room < 0 or told.st_mtime < now - OLD_SECONDS:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _wish(sha256: str) -> Path:
    return home() / "wanted" / sha256
