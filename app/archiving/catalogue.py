"""The catalogue (目录) of a package: one workbook and one print of the same rows."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app import pdf
from app.archiving import labels
from app.archiving.contents import Contents, Paper
from app.archiving.enclosures import Enclosure
from app.exporting import Cell, Sheet, to_xlsx
from app.papers.labels import CLASSES
from app.papers.models import KeptFile
from app.papers.review_models import LEVELS, ReviewOutcome

XLSX, PDF = "目录.xlsx", "目录.pdf"


def workbook(contents: Contents) -> bytes:
    """The catalogue as XLSX: what is in the package, and what stays in the portal."""
    code, name = contents.engagement.code, contents.engagement.name
    return to_xlsx(
        {
            _("Catalogue"): Sheet(
                heads(), [row(*one) for one in numbered(contents)], title=f"{code} {name}"
            ),
            _("Enclosures"): Sheet(
                enclosure_heads(), [enclosed(one) for one in contents.enclosures]
            ),
            _("Not in the package"): Sheet(
                [
                    _("Index number"),
                    _("Title"),
                    _("Version"),
                    _("Received"),
                    "SHA-256",
                    _("Reason"),
                ],
                [left(one, contents) for one in contents.left_out],
            ),
        }
    )


def print_out(contents: Contents) -> bytes | None:
    """The catalogue as PDF; nothing where this server can't print."""
    if pdf.missing():
        return None
    rows = [row(*one) for one in numbered(contents)]
    return pdf.pdf_of(
        "pdf/catalogue.html",
        engagement=contents.engagement,
        heads=heads(),
        rows=rows,
        left_out=contents.left_out,
        enclosure_heads=enclosure_heads(),
        enclosures=[enclosed(one) for one in contents.enclosures],
        landscape=True,
    )


def numbered(contents: Contents) -> list[tuple[int, Paper]]:
    """The papers with their places in the catalogue."""
    return list(enumerate(contents.papers, start=1))


def heads() -> Sequence[str]:
    """The heads of the columns."""
    return [
        "#",
        _("Index number"),
        _("Class"),
        _("Title"),
        _("Version"),
        _("Submitted by"),
        _("Received"),
        _("Date of the evidence"),
        _("Bytes"),
        _("Three-level review"),
        _("Retention"),
        "SHA-256",
    ]


def row(number: int, paper: Paper) -> list[Cell]:
    """One paper."""
    version = paper.version
    passed = sum(review.outcome is ReviewOutcome.PASSED for review in paper.reviews)
    return [
        number,
        version.paper.index_no,
        str(CLASSES[version.paper.index_class]),
        title_of(paper.file),
        version.number,
        version.submitted_by.name,
        version.submitted_at,
        version.evidence_on,
        paper.file.size,
        f"{passed}/{len(LEVELS)}" if paper.reviews else "",
        str(labels.RETENTIONS[paper.retention]),
        paper.file.sha256,
    ]


def title_of(file: KeptFile) -> str:
    """The paper's title; a further file tells its own name too."""
    title = file.version.paper.title
    return f"{title} · {file.file_name}" if file.position > 1 else title


def left(file: KeptFile, contents: Contents) -> list[Cell]:
    """A file that stays in the portal, and why."""
    version = file.version
    reason = _("Withheld or destroyed") if file.sha256 in contents.withheld else _("Not final")
    told: list[Cell] = [version.paper.index_no, title_of(file), version.number]
    return [*told, version.submitted_at, file.sha256, reason]


def enclosure_heads() -> Sequence[str]:
    """The heads of the columns of files that other records keep."""
    return [
        "#",
        _("Belongs to"),
        _("File"),
        _("Submitted by"),
        _("Received"),
        _("Bytes"),
        _("Retention"),
        "SHA-256",
        _("Place in the package"),
    ]


def enclosed(one: Enclosure) -> list[Cell]:
    """One file of another record, and where it is or why it is not there."""
    file = one.file
    where: Cell = one.path
    if not one.is_packed:
        where = _("Withheld or destroyed") if one.is_withheld else _("Voided")
    told: list[Cell] = [one.number, one.about, file.file_name, file.sent_by.name, file.sent_at]
    return [*told, file.size, str(labels.RETENTIONS[one.retention]), file.sha256, where]
