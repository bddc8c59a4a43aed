"""Reading a paper to its last word before it may become a case: outside any transaction."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask_babel import lazy_gettext as _

from app import cage, office
from app.cage import MIB, Failed, Limits
from app.db import end_read
from app.errors import Invalid
from app.media import MediaType
from app.papers import sending
from app.papers.models import KeptFile, PaperVersion
from app.reading.converting import fetch, scratch

READ_AS: dict[MediaType | None, str]
READ_AS = {MediaType.PDF: "pdf", MediaType.DOCX: "docx", MediaType.XLSX: "xlsx"}
READING = Limits(seconds=40, memory=1024 * MIB)
MOST_BYTES = 100 * MIB
MOST_TEXT = 4 * MIB

UNREADABLE = _(
    "Only what can be read to its last word becomes a case: PDF, Word, Excel or text files."
    " Scanned pages, attached or embedded files, passwords and very long files can't be read"
)


def words_of(version: PaperVersion) -> Mapping[str, str]:
    """All words of a version's files, by digest; Invalid where one can't be read to its end."""
    files = list(version.files)
    for file in files:
        is_text = _media(file) is MediaType.TEXT
        is_small = file.size <= (MOST_TEXT if is_text else MOST_BYTES)
        if not is_small or not (is_text or _media(file) in READ_AS):
            raise Invalid(UNREADABLE, field="summary")
    plain = {file.sha256: _plain(file) for file in files if _media(file) is MediaType.TEXT}
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        return plain | _caged([file for file in files if _media(file) in READ_AS], Path(name))


def _media(file: KeptFile) -> MediaType | None:
    return office.media_of(file.media_type)


def _plain(file: KeptFile) -> str:
    with sending.opened(file) as reader, sending.as_unavailable(file):
        data = reader.read()
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Invalid(UNREADABLE, field="summary")


def _caged(files: Sequence[KeptFile], folder: Path) -> dict[str, str]:
    entries = [_copied(file, folder / str(number)) for number, file in enumerate(files)]
    if not entries:
        return {}
    end_read()
    listed = folder / "list.json"
    listed.write_text(json.dumps(entries), encoding="utf-8")
    try:
        cage.run_script("every_word.py", folder, listed, limits=READING)
    except Failed as error:
        raise Invalid(UNREADABLE, field="summary") from error
    read = {one["sha256"]: json.loads(Path(one["made"]).read_text("ascii")) for one in entries}
    if any("unread" in told for told in read.values()):
        raise Invalid(UNREADABLE, field="summary")
    return {key: told["text"] for key, told in read.items()}


def _copied(file: KeptFile, place: Path) -> dict[str, str]:
    fetch(file, place)
    kind, made = READ_AS[_media(file)], place.with_suffix(".json")
    return {"sha256": file.sha256, "kind": kind, "source": str(place), "made": str(made)}
