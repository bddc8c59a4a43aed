"""A name typed by hand instead of a list of thousands: what fits it, of what the reader may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select

from app.accounts.models import Organisation, User
from app.accounts.queries import containing
from app.db import db
from app.policy import Permission

SHORT = 60  # names: so many stand in a plain list
MOST = 20  # names: so many are suggested at once, or told in a line
Pairs = Sequence[tuple[int, str]]
Keys = int | tuple[int, ...]


class Named(NamedTuple):
    """An organisation that was found."""

    key: int
    name: str
    code: str | None


class Lookup(NamedTuple):
    """Who may look up these names, and which of them that person finds."""

    permission: Permission
    findable: Callable[[User], Select[Any]]


lookups: dict[str, Lookup] = {}  # upper features join with the lists of their own pages


@dataclass(frozen=True)
class Asked:
    """What a reader asked a filter for: one organisation by its number, or all that fit words."""

    key: int | None = None
    words: str = ""
    found: Sequence[Named] = ()

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return bool(self.words) or self.key is not None

    @property
    def keys(self) -> tuple[int, ...] | None:
        """The numbers to filter by, none of them where nothing fits; None: nothing was asked."""
        if self.words:
            return tuple(one.key for one in self.found)
        return None if self.key is None else (self.key,)

    @property
    def only(self) -> Named | None:
        """The one that was found, unless there are several."""
        return self.found[0] if len(self.found) == 1 else None

    @property
    def shown(self) -> str:
        """What stands in the field."""
        return self.words or "".join(one.name for one in self.found)


def is_among(column: Any, keys: Keys) -> ColumnElement[bool]:
    """The column holds this number, or one of these."""
    return column.in_(keys) if isinstance(keys, tuple) else column == keys


def fitting(findable: Select[Any], words: str, most: int | None = None) -> list[Named]:
    """Those whose name or credit code contains the words; a whole one names just itself."""
    words = words.strip()
    plain = _plain(containing(findable, words)).order_by(None)
    plain = plain.order_by(Organisation.name != words, Organisation.name, Organisation.id)
    found = [Named(*row) for row in db.session.execute(plain.limit(most))]
    whole = [one for one in found if words in {one.name, one.code}]
    return found if most else whole or found


def asked(findable: Select[Any], key: int | None, words: str) -> Asked:
    """What these words, or else this number, mean among the organisations that may be found."""
    words = words.strip()
    if words:
        return Asked(None, words, fitting(findable, words))
    if key is None:
        return Asked()
    one = db.session.execute(_plain(findable.where(Organisation.id == key)).order_by(None))
    return Asked(key, "", [Named(*row) for row in one])


def all_found(findable: Select[Any]) -> list[Named]:
    """All that may be found, as the list orders them."""
    return [Named(*row) for row in db.session.execute(_plain(findable))]


def short_list(findable: Select[Any]) -> Pairs | None:
    """All that may be found, by name, for a plain list; None where there are too many for one."""
    plain = _plain(findable).order_by(None).order_by(Organisation.name, Organisation.id)
    found = [(key, name) for key, name, _ in db.session.execute(plain.limit(SHORT + 1))]
    return found if len(found) <= SHORT else None


def _plain(query: Select[Any]) -> Select[Any]:
    columns: tuple[Any, ...] = (Organisation.id, Organisation.name, Organisation.credit_code)
    return query.with_only_columns(*columns)
