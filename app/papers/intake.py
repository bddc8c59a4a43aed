"""Many files at once: index number, indicator and title are read from names, then all submitted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, PortalError
from app.papers import index_numbers, services, uploads
from app.papers.class_words import class_in
from app.papers.files import NewPaper
from app.papers.models import IndexClass, Upload, WorkingPaper

LONGEST_TITLE = 200
_MARKS = " _-.、,·:;《》【】[]()"
_NUMBER = re.compile(
    r"[\s(\[【]*([A-J])"
    r"(?:[-_ .]*([A-Z][0-9]{1,3}(?:-[0-9]{1,3})?)|[-_ .]+([0-9]{1,4})|([0-9]{2,4}))"
    r"(?![0-9A-Za-z])"
)
_CLASS = re.compile(r"\s*([A-J])(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Reading:
    """What a file's name says: its class or whole index number, its indicator, its title."""

    index_no: str
    title: str
    index_class: IndexClass | None = None

    @property
    def indicator(self) -> str:
        """The indicator in the number, B21 of G-B21; nothing where it is a plain number."""
        return indicator_in(self.index_no)


@dataclass(frozen=True)
class Row:
    """One file of a batch, and the paper that it becomes, or whose next version it is.

    `expected` is the version that the sender saw.
    """

    upload: Upload
    paper: NewPaper
    continues: WorkingPaper | None = None
    expected: int = 0


class RowRefused(PortalError):
    """A row of the batch can't be a paper, so none of them becomes one."""

    def __init__(self, row: int, cause: PortalError) -> None:
        super().__init__(cause.message)
        self.row, self.status = row, cause.status


def indicator_in(index_no: str) -> str:
    """The part after the class, unless it is a plain number."""
    part = index_no.partition("-")[2]
    return "" if part[:1].isdigit() else part


def read_name(folder: str, file_name: str) -> Reading:
    """Read `C-07 收资台账.xlsx`, `G-B21资金使用合规性.pdf`, or a name in a folder `C 资料类`.

    The name itself counts before the folders, the inner folder before the outer; where no letter
    stands, the words of the folder (`现场照片`) or of the name (`访谈记录`) tell the class.
    """
    stem = file_name.rpartition(".")[0] or file_name
    if found := _NUMBER.match(index_numbers.mended(stem)):
        title = stem[found.end() :].strip(_MARKS + "—–（）") or stem
        return Reading(_number(found), title[:LONGEST_TITLE])
    for part in reversed(folder.split("/")):
        if found := _NUMBER.match(index_numbers.mended(part)):
            return Reading(_number(found), stem[:LONGEST_TITLE])
        if found := _CLASS.match(index_numbers.mended(part)):
            return Reading("", stem[:LONGEST_TITLE], IndexClass(found[1]))
    return Reading("", stem[:LONGEST_TITLE], class_in(stem, *reversed(folder.split("/"))))


def readings(files: Iterable[tuple[str, str]], taken: Iterable[str]) -> Iterator[Reading]:
    """Read many names; where only the class is told, its next free number is meant."""
    read = [read_name(folder, name) for folder, name in files]
    used = {*taken, *(one.index_no for one in read)}
    for one in read:
        if one.index_class is None:
            yield one
            continue
        number = index_numbers.next_of(one.index_class, used)
        used.add(number)
        yield Reading(number, one.title, one.index_class)


def submit_papers(actor: User, engagement: Engagement, rows: Sequence[Row]) -> list[WorkingPaper]:
    """The agency submits a batch: every file becomes a paper or the next version of one.

    Or none does, and one row says why.
    """
    added = []
    for place, row in enumerate(rows):
        try:
            added.append(_submit_row(actor, engagement, row))
        except (Invalid, Conflict) as error:
            raise RowRefused(place, error) from error
        db.session.delete(row.upload)
    return added


def _submit_row(actor: User, engagement: Engagement, row: Row) -> WorkingPaper:
    file = uploads.stored_file(row.upload)
    if row.continues is None:
        return services.submit_paper(actor, engagement, row.paper, file)
    version = services.submit_version(
        actor, row.continues, row.expected, file, evidence_on=row.paper.evidence_on
    )
    return version.paper


def _number(found: re.Match[str]) -> str:
    return index_numbers.read(f"{found[1]}-{found[2] or found[3] or found[4]}").text
