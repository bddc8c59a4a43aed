"""A small PDF with Chinese text that readers and pypdf can read, without a font inside.

The text is in STSong-Light, one of the fonts that every PDF reader must stand in for (ISO 32000-1,
9.7.5), so a page costs about a kilobyte.
"""

from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, TOP, LEADING = 595, 842, 70, 760, 26
A_LINE = 36  # characters

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
    b"/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>"
)
_DESCENDANT = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 5 0 R>>"
)
_DESCRIPTOR = (
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
)


def pdf(title: str, pages: Sequence[Sequence[str]], *, seal: str = "") -> bytes:
    """A PDF: the title on the first page, lines on each; with `seal`, its red ring on the last."""
    contents = [_page(lines, title if n == 0 else "") for n, lines in enumerate(pages)]
    if seal:
        contents[-1] += _ring(seal)
    first = 7
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(),
        _FONT,
        _DESCENDANT,
        _DESCRIPTOR,
        _stream(_to_unicode(title, pages, seal)),
    ]
    for n, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {first + 2 * n + 1} 0 R>>".encode()
        )
        objects.append(_stream(content))
    return _written(objects)


def _page(lines: Sequence[str], title: str) -> bytes:
    parts = [_text(title, 20, TOP)] if title else []
    folded = [line[at : at + A_LINE] for line in lines for at in range(0, len(line) or 1, A_LINE)]
    parts += [_text(line, 12, TOP - 60 - n * LEADING) for n, line in enumerate(folded) if line]
    return b"\n".join(parts)


def _text(words: str, size: int, y: int, x: int = LEFT) -> bytes:
    code = words.encode("utf-16-be").hex().upper()
    return f"BT /F1 {size} Tf {x} {y} Td <{code}> Tj ET".encode()


def _ring(words: str) -> bytes:
    """A red ring with the words in it: a picture of a seal, and no signature."""
    x, y, r = 420, 210, 62
    k = round(r * 0.5523)
    ring = (
        f"q 0.8 0.1 0.1 RG 0.8 0.1 0.1 rg 3 w {x + r} {y} m "
        f"{x + r} {y + k} {x + k} {y + r} {x} {y + r} c "
        f"{x - k} {y + r} {x - r} {y + k} {x - r} {y} c "
        f"{x - r} {y - k} {x - k} {y - r} {x} {y - r} c "
        f"{x + k} {y - r} {x + r} {y - k} {x + r} {y} c S\n"
    )
    return b"\n" + ring.encode() + _text(words, 12, y - 4, x - 6 * len(words)) + b"\nQ"


def _to_unicode(title: str, pages: Sequence[Sequence[str]], seal: str) -> bytes:
    """Say of each character in use that its code is itself, for readers without the CMap."""
    used = sorted(set(title + seal).union(*(line for page in pages for line in page)))
    codes = [mark.encode("utf-16-be").hex().encode() for mark in used]
    groups = [codes[n : n + 100] for n in range(0, len(codes), 100)]
    said = b"".join(
        b"%d beginbfchar\n%b\nendbfchar\n"
        % (len(group), b"\n".join(b"<%b><%b>" % (code, code) for code in group))
        for group in groups
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Used def\n"
        b"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n" + said + b"endcmap end end"
    )


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content)


def _written(objects: Sequence[bytes]) -> bytes:
    """Number the objects, and close with the table that says where each begins."""
    out, places = bytearray(b"%PDF-1.4\n%\xe4\xb8\xad\xe6\x96\x87\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(out)
