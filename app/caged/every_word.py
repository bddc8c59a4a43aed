"""Every word of a document that is to be published, also where no page shows it; or why not all.

every_word.py LIST, a JSON list of {"kind", "source", "made"}: for each source it writes `made`, a
JSON object of "text", or of "unread": what can't be read to its end. Unlike `texts.py` it leaves
out nothing: headers, notes, comments, deleted words, hidden sheets, links and forms count too.
"""

import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

MOST = 1_000_000  # characters
MOST_PAGES = 800
MOST_PART = 64 << 20  # bytes of one part of a container
DEEPEST = 2  # documents within documents
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg")
WORDLESS = (*PICTURES, ".odttf", ".ttf", ".psmdcp")
CONTAINERS = (".docx", ".xlsx", ".pptx")
ENDS_LINE = {"p", "si", "row", "comment", "br"}
SPOKEN = {"descr", "title", "instr", "Target", "tooltip", "alt"}  # attributes that hold words
FLOAT = re.compile(r"\d\.?\d*[eE]\+?\d+")


class Unread(ValueError):
    """Something in the document can't be read as words."""


def office_words(source: Path | IO[bytes], depth: int = 0) -> Iterator[str]:
    """All parts of a container, whatever they are for."""
    with ZipFile(source) as archive:
        for entry in archive.infolist():
            name = entry.filename.lower()
            if entry.is_dir() or name.endswith(WORDLESS) or "printersettings" in name:
                continue
            if entry.file_size > MOST_PART:
                raise Unread("too large")
            with archive.open(entry) as part:
                data = part.read(MOST_PART)
            if name.endswith((".xml", ".rels", ".vml")):
                yield xml_words(data)
            elif name.endswith(CONTAINERS) and depth < DEEPEST:
                yield from office_words(BytesIO(data), depth + 1)
            else:
                raise Unread("embedded")


def xml_words(data: bytes) -> str:
    """The words between all tags; a cell ends with a bar, so that two numbers stay two."""
    pieces: list[str] = []

    def refuse(*_told: object) -> None:
        raise Unread("entities")

    def begin(_name: str, attributes: dict[str, str]) -> None:
        told = (value for key, value in attributes.items() if key.rpartition(":")[2] in SPOKEN)
        pieces.extend(f"\n{value}\n" for value in told)

    def end(name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ENDS_LINE:
            pieces.append("\n")
        elif local == "c":
            pieces.append("|")

    def words(told: str) -> None:
        pieces.append(str(int(Decimal(told))) if FLOAT.fullmatch(told) else told)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = words
    parser.Parse(data, True)
    return "".join(pieces)


def pdf_words(source: Path) -> Iterator[str]:
    """Page by page with what is pinned to it, and the document's forms and properties."""
    from pypdf import PdfReader

    reader = PdfReader(source)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unread("password")
    if len(reader.pages) > MOST_PAGES or reader.attachments or reader.xfa:
        raise Unread("embedded")
    for page in reader.pages:
        told = page.extract_text()
        if not told.strip() and _shows_something(page):
            raise Unread("scan")
        yield told
        yield from _pinned(page)
    yield from (str(value) for value in (reader.metadata or {}).values())
    yield from (str(field.get("/V", "")) for field in (reader.get_fields() or {}).values())


def _shows_something(page: Any) -> bool:
    contents = page.get_contents()
    return contents is not None and bool(contents.get_data().strip())


def _pinned(page: Any) -> Iterator[str]:
    for pin in page.get("/Annots") or ():
        found = pin.get_object()
        action = found.get("/A")
        aims = action.get_object() if action is not None else {}
        yield from (str(found.get(key, "")) for key in ("/Contents", "/RC", "/V", "/TU"))
        yield str(aims.get("/URI", ""))


READERS = {"pdf": pdf_words, "docx": office_words, "xlsx": office_words}


def read(kind: str, source: Path) -> dict[str, str]:
    """One document; what is wrong with it is told."""
    try:
        text = "\n".join(READERS[kind](source))
    except MemoryError:
        raise
    except Unread as error:
        return {"unread": str(error)}
    except Exception as error:
        return {"unread": f"{type(error).__name__}: {error}"[:300]}
    return {"unread": "too large"} if len(text) > MOST else {"text": text}


def main(path: Path) -> None:
    """Read each document of the list."""
    for told in json.loads(path.read_text(encoding="utf-8")):
        found = read(told["kind"], Path(told["source"]))
        Path(told["made"]).write_text(json.dumps(found, ensure_ascii=True), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
