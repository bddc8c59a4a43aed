"""The background work of previews: one conversion after another, and the sweeping of old ones."""

import logging
import shutil
import tempfile
import time
from pathlib import Path

from app import office
from app.cage import Failed, TooLong
from app.db import db, end_read
from app.errors import Unavailable
from app.papers import queries, sending
from app.papers.models import KeptFile, PaperVersion
from app.reading import cache
from app.reading.cache import Failure

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 1
SWEEP_EVERY_SECONDS = 3600


def convert_wanted() -> int:
    """Make what is asked for; what can't be made is noted with the program's own words."""
    done = 0
    for wish in cache.wanted():
        version = db.session.get(PaperVersion, wish.version_id)
        file = queries.file_of(version, wish.position) if version else None
        if file is None or file.sha256 != wish.sha256:
            cache.forget(wish.sha256)
            continue
        _convert(file)
        done += 1
    return done


def _convert(file: KeptFile) -> None:
    sha256, mime = file.sha256, file.media_type
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = Path(name)
        try:
            fetch(file, folder / "source")
            end_read()
            cache.keep(sha256, office.to_pdf(folder / "source", mime, folder))
        except (Failed, Unavailable, sending.FileGone) as error:
            log.warning("no preview of %s: %s", sha256, error)
            why = {TooLong: Failure.LATE, Unavailable: Failure.AWAY}
            cache.give_up(sha256, why.get(type(error), Failure.UNREADABLE))


def fetch(file: KeptFile, target: Path) -> None:
    """Copy the file's bytes out of the store; Unavailable where it can't give them."""
    with sending.opened(file) as reader, sending.as_unavailable(file), target.open("wb") as made:
        for chunk in reader:
            made.write(chunk)


def scratch() -> Path:
    """Where foreign files are worked on; what a kill left there is swept."""
    folder = cache.home() / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep_previews() -> int:
    """Keep the previews within their bounds, and remove what killed processes left."""
    for left in scratch().glob("*"):
        if left.stat().st_mtime < time.time() - cache.FAILED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return cache.sweep()
