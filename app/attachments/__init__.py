"""Attachments: files that belong to a record of an upper feature and are no working paper.

Such a feature has a table with the columns of `models.KeptFile`, and says by a `Keeper` how its
records take a file: then the file goes the papers' way (quarantine, scanner, store), counts in
the engagement's quota, and is in its archive package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Select

    from app.accounts.models import User
    from app.papers.files import StoredFile
    from app.papers.models import IndexClass
    from app.policy import Permission

Take = Callable[["User", Any, "StoredFile"], Any]


@dataclass(frozen=True)
class Keeper:
    """A kind of record that keeps files of its own; its record has an `engagement`."""

    kind: str
    record: type[Any]
    file: type[Any]
    read: Permission  # who reads the record reads its files
    send: Permission  # who may add one
    # Looks at a file that is in the store, outside any transaction; tells the service that takes it
    taking: Callable[[StoredFile], Take]
    address: Callable[[int], str]  # of the record's page
    of_engagement: Callable[[Select[Any], int], Select[Any]]  # restricts a SELECT of its files
    record_of: Callable[[Any], Any]  # whose file it is
    about: Callable[[Any], str]  # what the catalogue of an archive says of a file, in Chinese
    folder: str  # in the archive package, below 附件
    index_class: IndexClass  # whose retention holds for its files
    loads: tuple[Any, ...] = ()  # what `about` reads of each file's record


# The kinds of the upper features, which join them in create_app().
keepers: dict[str, Keeper] = {}


def join() -> None:
    """Listen to the features below; once a process is enough."""
    from app.attachments import joining

    joining.join()
