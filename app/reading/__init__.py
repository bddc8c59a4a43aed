"""Reading: files shown in the page and taken away with their reader's name over them.

Who gets the original and who a reading copy is the bureau's to say, role by role.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app import papers

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.papers.models import KeptFile


def stand_in(files: "Sequence[KeptFile]", user: "User") -> str | None:
    """Where those go who ask for files and get only reading copies.

    Of several files each has a copy of its own, which the preview of the first leads to.
    """
    from app.reading import queries
    from app.reading.blueprint import address

    if queries.gets_original(user):
        return None
    first, *others = files
    return address("reading.preview" if others else "reading.reading_copy", first)


def join() -> None:
    """Listen to the features below; once a process is enough."""
    if stand_in not in papers.stand_ins:
        papers.stand_ins.append(stand_in)
