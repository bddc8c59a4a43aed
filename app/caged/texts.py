"""The words of documents and the marks by which similar ones are found.

texts.py LIST, a JSON list of {"kind", "source", "made"}: for each source it writes `made`, a JSON
object of "text" and "buckets". What one document does wrong is its own: {"error": …}.
"""

import json
import struct
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

import shingles  # type: ignore[import-not-found] # beside this script, which runs by its path
from datasketch import MinHash

MOST = 300_000  # characters of a document
MOST_PAGES = 800
MOST_PART = 64 << 20  # bytes of one part of a container
BANDS, ROWS = 16, 4
CHARSETS = ("utf-8-sig", "gb18030")


class Hostile(ValueError):
    """A document that brings definitions of its own (entities)."""


def words_of(kind: str, source: Path) -> str:
    """The text of a document, its beginning where it is very long."""
    pieces, length = [], 0
    for piece in READERS[kind](source):
        pieces.append(piece)
        length += len(piece) + 1
        if length > MOST:
            break
    return "\n".join(pieces)[:MOST]


def pdf_words(source: Path) -> Iterator[str]:
    """Page by page."""
    from pypdf import PdfReader

    reader = PdfReader(source)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("a password locks the document")
    for number in range(min(len(reader.pages), MOST_PAGES)):
        yield reader.pages[number].extract_text()


def sheet_words(source: Path) -> Iterator[str]:
    """Row by row, the words of the cells; numbers alone say nothing."""
    from openpyxl import load_workbook

    with source.open("rb") as file:
        for sheet in load_workbook(file, read_only=True, data_only=True).worksheets:
            for row in sheet.iter_rows(values_only=True):
                yield " ".join(cell for cell in row if isinstance(cell, str))


def plain_words(source: Path) -> Iterator[str]:
    """A text as UTF-8 or GB 18030."""
    data = source.read_bytes()[: MOST * 4]
    for charset in CHARSETS:
        try:
            yield data.decode(charset)
        except UnicodeDecodeError:
            continue
        return
    yield data.decode("gb18030", errors="ignore")


def parts_words(source: Path, begins: str, text: str, paragraph: str) -> Iterator[str]:
    """The text elements of the XML parts whose name begins so."""
    with ZipFile(source) as archive:
        names = [name for name in archive.namelist() if name.startswith(begins)]
        for name in sorted(name for name in names if name.endswith(".xml")):
            with archive.open(name) as part:
                yield from _elements(part.read(MOST_PART), text, paragraph)


def _elements(data: bytes, text: str, paragraph: str) -> Iterator[str]:
    """Read XML without definitions of its own; namespaces are cut off."""
    pieces: list[str] = []
    state = {"inside": False}

    def refuse(*_told: object) -> None:
        raise Hostile("the document defines entities")

    def begin(name: str, _attributes: dict[str, str]) -> None:
        state["inside"] = name.rpartition(":")[2] == text

    def end(name: str) -> None:
        state["inside"] = False
        if name.rpartition(":")[2] == paragraph:
            pieces.append("\n")

    def words(told: str) -> None:
        if state["inside"]:
            pieces.append(told)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = words
    parser.Parse(data, True)
    yield "".join(pieces)


def word_words(source: Path) -> Iterator[str]:
    """The document's own text."""
    return parts_words(source, "word/document", "t", "p")


def slide_words(source: Path) -> Iterator[str]:
    """Slide by slide."""
    return parts_words(source, "ppt/slides/slide", "t", "p")


def ofd_words(source: Path) -> Iterator[str]:
    """Page by page."""
    return parts_words(source, "Doc_", "TextCode", "TextObject")


READERS = {
    "pdf": pdf_words,
    "docx": word_words,
    "xlsx": sheet_words,
    "pptx": slide_words,
    "ofd": ofd_words,
    "text": plain_words,
}


def buckets_of(text: str) -> list[int]:
    """The marks of a text: sixteen a segment, of four of its least hashes each (MinHash, LSH).

    Two segments that share s of their shingles share a mark with probability 1 - (1 - s^4)^16:
    12 % at s = 0.3, 64 % at 0.5, 99 % at 0.7.
    """
    found: set[int] = set()
    for segment in shingles.segments(shingles.shingled(text).hashes):
        sketch = MinHash(num_perm=BANDS * ROWS, seed=1, hashfunc=int, scheme="affine32")
        sketch.update_batch((segment & 0xFFFFFFFF).tolist())
        for band in range(BANDS):
            least = sketch.hashvalues[band * ROWS : (band + 1) * ROWS].tolist()
            digest = blake2b(struct.pack(f"<B{ROWS}Q", band, *least), digest_size=8).digest()
            found.add(int.from_bytes(digest, "little") >> 1)  # fits a signed column
    return sorted(found)


def read(kind: str, source: Path) -> dict[str, Any]:
    """One document; whatever is wrong with it is told and doesn't stop the others."""
    try:
        text = words_of(kind, source)
        return {"text": text, "buckets": buckets_of(text)}
    except MemoryError:
        raise
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def main(path: Path) -> None:
    """Read each document of the list."""
    for told in json.loads(path.read_text(encoding="utf-8")):
        found = read(told["kind"], Path(told["source"]))
        Path(told["made"]).write_text(json.dumps(found, ensure_ascii=True), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
