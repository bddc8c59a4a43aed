"""A reading copy: a PDF or a picture with its reader's name over every page.

copies.py FILE COPY FONT LINE… : the lines are drawn as a picture, so that the copy shows them
whatever fonts its reader has. What acts (scripts, actions, attached files) is left out of the copy.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

INK = (176, 38, 38, 46)  # a thin red: the page below stays legible
LETTERS, TURN = 34, 24  # dots, degrees
SIMPLIFIED = 2  # which face of the Noto collection is the Chinese of the mainland
MOST_SIDE = 4000  # dots of a picture's longer side
ACTING = ("/OpenAction", "/AA", "/AcroForm", "/Names")
NAME = "/XpReader"
Image.MAX_IMAGE_PIXELS = 100_000_000


def tile_of(lines: Sequence[str], font_file: str) -> Image.Image:
    """The lines, turned, on nothing: what is laid over a page again and again."""
    face = SIMPLIFIED if "NotoSansCJK" in font_file else 0
    font = ImageFont.truetype(font_file, LETTERS, index=face)
    width = max(int(font.getlength(line)) for line in lines)
    height = (LETTERS + 12) * len(lines)
    flat = Image.new("RGBA", (width + 40, height + 20), (0, 0, 0, 0))
    pen = ImageDraw.Draw(flat)
    for number, line in enumerate(lines):
        pen.text((20, 10 + number * (LETTERS + 12)), line, font=font, fill=INK)
    turned = flat.rotate(TURN, expand=True, resample=Image.Resampling.BICUBIC)
    return turned.crop(turned.getbbox())


def mark_picture(source: Path, made: Path, tile: Image.Image) -> None:
    """Lay the tile over a picture and keep its form."""
    with Image.open(source) as opened:
        form = opened.format
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    wide = max(60, picture.width // 3)
    small = tile.resize((wide, max(1, tile.height * wide // tile.width)))
    for y in range(0, picture.height, small.height + small.height // 2):
        for x in range(0, picture.width, wide + wide // 8):
            picture.alpha_composite(small, (x, y))
    if form == "PNG":
        picture.save(made, "PNG", compress_level=3)
    else:
        picture.convert("RGB").save(made, "JPEG", quality=88)


def mark_pdf(source: Path, made: Path, tile: Image.Image) -> None:
    """Lay the tile over every page; a document that a password locks is an error."""
    reader = PdfReader(source)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("a password locks the document")
    writer = PdfWriter(clone_from=reader)
    for name in ACTING:
        writer.root_object.pop(name, None)
    drawn = writer._add_object(_drawn(writer, tile))
    before, after = (_stream(text) for text in (b"q\n", b"\nQ\n"))
    around = [writer._add_object(part) for part in (before, after)]
    stamps: dict[tuple[int, ...], IndirectObject] = {}
    for page in writer.pages:
        page.pop("/AA", None)
        box = page.cropbox
        area = tuple(int(float(side)) for side in (box.left, box.bottom, box.width, box.height))
        if area not in stamps:
            stamps[area] = writer._add_object(_stream(_laid(area, tile)))
        _put(page, drawn, around, stamps[area])
    with made.open("wb") as file:
        writer.write(file)


def _drawn(writer: PdfWriter, tile: Image.Image) -> StreamObject:
    """The tile as an image of the document, with its transparency."""
    size = {"/Width": tile.width, "/Height": tile.height, "/BitsPerComponent": 8}
    colours = _image(size, "/DeviceRGB", tile.convert("RGB").tobytes())
    mask = _image(size, "/DeviceGray", tile.getchannel("A").tobytes())
    colours[NameObject("/SMask")] = writer._add_object(mask)
    return colours


def _image(size: dict[str, int], space: str, data: bytes) -> StreamObject:
    image = _stream(data).flate_encode()
    told = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": space}
    image.update({NameObject(key): NameObject(value) for key, value in told.items()})
    image.update({NameObject(key): NumberObject(value) for key, value in size.items()})
    return image


def _stream(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream


def _laid(area: Sequence[int], tile: Image.Image) -> bytes:
    """Where the tile lies on a page of this size: two in a row, rows with air between them."""
    left, bottom, width, height = area
    wide = max(width * 44 // 100, 40)
    high = max(wide * tile.height // tile.width, 1)
    places = [
        b"q %d 0 0 %d %d %d cm %s Do Q" % (wide, high, left + x, bottom + y, NAME.encode())
        for y in range(high // 4, max(height, 1), high + high // 2)
        for x in (width * 3 // 100, width * 53 // 100)
    ]
    return b"\n".join(places)


def _put(
    page: DictionaryObject,
    drawn: IndirectObject,
    around: Sequence[IndirectObject],
    stamp: IndirectObject,
) -> None:
    """Add the tile to what the page may use, and its drawing after the page's own."""
    resources = DictionaryObject(_inherited(page, "/Resources"))
    images = DictionaryObject(_resolved(resources.get("/XObject")))
    images[NameObject(NAME)] = drawn
    resources[NameObject("/XObject")] = images
    page[NameObject("/Resources")] = resources
    own = page.get("/Contents")
    found = own.get_object() if own is not None else None
    parts = list(found) if isinstance(found, ArrayObject) else [page.raw_get("/Contents")]
    kept = parts if found is not None else []
    page[NameObject("/Contents")] = ArrayObject([around[0], *kept, around[1], stamp])


def _inherited(page: DictionaryObject, name: str) -> DictionaryObject:
    """What the page says itself, else its parents."""
    node: PdfObject | None = page
    for _step in range(50):
        if not isinstance(node, DictionaryObject):
            break
        if name in node:
            return _resolved(node[name])
        node = node.get("/Parent")
        node = node.get_object() if node is not None else None
    return DictionaryObject()


def _resolved(thing: object) -> DictionaryObject:
    found = thing.get_object() if isinstance(thing, PdfObject) else thing
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def main(words: Sequence[str]) -> None:
    """Tell a PDF from a picture by its first bytes."""
    source, made, font_file, *lines = words
    tile, path = tile_of(lines, font_file), Path(source)
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    (mark_pdf if is_pdf else mark_picture)(path, Path(made), tile)


if __name__ == "__main__":
    main(sys.argv[1:])
