"""Reading the words of stored files: in the cage, many in one run."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from app import cage, office
from app.blobs.destroying import withheld_among
from app.cage import MIB, Failed, Limits
from app.db import end_read
from app.media import MediaType
from app.papers.models import KeptFile
from app.reading import cache
from app.reading.converting import fetch, scratch
from app.similarity import texts

READING = Limits(seconds=120, memory=1536 * MIB)
READ_AS = {
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
    MediaType.PPTX: "pptx",
    MediaType.OFD: "ofd",
    MediaType.TEXT: "text",
}
CONVERTED_FIRST = {MediaType.DOC, MediaType.XLS, MediaType.PPT}  # read through their conversion
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Copy:
    """A file that was copied out of the store to be read."""

    sha256: str
    media: MediaType
    source: Path


def take_in(files: Sequence[KeptFile]) -> None:
    """Read the words of these files into the library; what has none is noted as such.

    They are read in one run of the cage; where that ends badly, one by one, so that a hostile
    document hurts only itself. Unavailable where the store is away: tried again another time.
    """
    fresh = {file.sha256: file for file in files if not texts.known(file.sha256)}
    wordless = {one for one, file in fresh.items() if not _has_words(file)}
    wordless |= withheld_among(set(fresh))
    for sha256 in wordless:
        texts.keep(sha256, {})
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        places = enumerate(file for one, file in fresh.items() if one not in wordless)
        copies = [_copied(file, Path(name) / str(number)) for number, file in places]
        end_read()
        for sha256, told in _read(copies, Path(name)).items():
            texts.keep(sha256, told)


def _has_words(file: KeptFile) -> bool:
    media = office.media_of(file.media_type)
    is_small = file.size <= int(current_app.config["PREVIEW_MAX_BYTES"])
    return is_small and (media in READ_AS or media in CONVERTED_FIRST)


def _copied(file: KeptFile, folder: Path) -> Copy:
    folder.mkdir()
    source = folder / "source"
    fetch(file, source)
    return Copy(file.sha256, office.media_of(file.media_type) or MediaType.TEXT, source)


def _read(copies: Sequence[Copy], folder: Path) -> dict[str, Told]:
    """What is told of each copy, by digest."""
    told: dict[str, Told] = {}
    ready = []
    for copy in copies:
        try:
            ready.append(_ready(copy))
        except Failed as error:
            told[copy.sha256] = {"error": str(error)}
    try:
        return told | read_caged(ready, folder)
    except Failed:
        for entry in ready:
            told[entry["name"]] = _read_alone(entry, folder)
    return told


def _read_alone(entry: dict[str, str], folder: Path) -> Told:
    try:
        return read_caged([entry], folder)[entry["name"]]
    except Failed as error:
        return {"error": str(error)}


def _ready(copy: Copy) -> dict[str, str]:
    """What the script is told of a copy; old Office documents become PDF, for previews too."""
    source, kind = copy.source, READ_AS.get(copy.media, "pdf")
    if copy.media in CONVERTED_FIRST:
        if cache.progress_of(copy.sha256) is not cache.Progress.READY:
            made = office.to_pdf(source, copy.media.mime, source.parent)
            cache.keep(copy.sha256, made)
        source = cache.place(copy.sha256)
    made = copy.source.with_name("words.json")
    return {"name": copy.sha256, "kind": kind, "source": str(source), "made": str(made)}


def read_caged(entries: Sequence[dict[str, str]], folder: Path) -> dict[str, Told]:
    """Read documents in a process of their own; Failed where that ends badly."""
    if not entries:
        return {}
    listed = folder / "list.json"
    listed.write_text(json.dumps(list(entries)), encoding="utf-8")
    cage.run_script("texts.py", folder, listed, limits=READING)
    return {
        entry["name"]: json.loads(Path(entry["made"]).read_text(encoding="ascii"))
        for entry in entries
    }
