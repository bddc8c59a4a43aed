"""What the portal holds about a person, in a file of their own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.labels import ROLES
from app.accounts.models import User
from app.db import db
from app.display import iso_time, local_time
from app.errors import Words
from app.exporting import Sheet, to_xlsx
from app.notifications.queries import choice_of
from app.personal import queries
from app.personal.labels import OUTCOMES


@dataclass(frozen=True)
class Section:
    """What an upper feature holds about a person: rows of texts and moments under their names.

    An entry is what others keep of them; it stands on their own page too, to be read and corrected.
    """

    title: Words
    columns: Mapping[str, Words]
    rows: Callable[[User], list[tuple[str | datetime, ...]]]
    is_entry: bool = False

    def plain(self, user: User) -> list[dict[str, str]]:
        """The rows for another program."""
        made = [[iso_time(x) if isinstance(x, datetime) else x for x in r] for r in self.rows(user)]
        return [dict(zip(self.columns, row, strict=True)) for row in made]

    def sheet(self, user: User) -> Sheet:
        """The rows for people."""
        made = (
            [local_time(x) if isinstance(x, datetime) else x for x in r] for r in self.rows(user)
        )
        return Sheet([str(words) for words in self.columns.values()], list(made))


# By their names in the document; features join.
sections: dict[str, Section] = {}


def entries_of(user: User) -> list[tuple[Words, list[tuple[object, ...]]]]:
    """What others keep of a person, for their own page: titles, and rows of names and values."""
    kept = [one for one in sections.values() if one.is_entry]
    told = [(one, one.sheet(user)) for one in kept]
    return [
        (one.title, list(zip(sheet.headers, row, strict=True)))
        for one, sheet in told
        for row in sheet.rows
    ]


def as_json(user: User) -> bytes:
    """Everything as one document that another program can read."""
    kept = queries.data_of(user)
    told = {
        "schema": "xingping/personal-data/v1",
        "account": {
            "login": user.login,
            "name": user.name,
            "role": str(user.role),
            "organisation": user.organisation.name,
            "opened_at": iso_time(user.opened_at),
        },
        "id_number": kept.id_number if kept else None,
        "phone": kept.phone if kept else None,
        "email": choice_of(user).email or None,
        "corrections": [
            {
                "asked_at": iso_time(one.asked_at),
                "words": one.words,
                "new_name": one.new_name,
                "outcome": one.outcome,
                "answer": one.answer,
            }
            for one in db.session.scalars(queries.own_requests(user))
        ],
        "acts": [
            {"at": iso_time(at), "event": event, "subject": subject}
            for at, event, subject in queries.own_events(user)
        ],
        **{name: section.plain(user) for name, section in sections.items()},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def as_xlsx(user: User) -> bytes:
    """The same as a workbook to be read by people."""
    kept = queries.data_of(user)
    about = [
        (_("Sign-in name"), user.login),
        (_("Name of the person"), user.name),
        (_("Role"), str(ROLES[user.role])),
        (_("Organisation"), user.organisation.name),
        (_("Opened"), local_time(user.opened_at)),
        (_("ID number"), (kept.id_number if kept else None) or ""),
        (_("Telephone"), (kept.phone if kept else None) or ""),
        (_("E-mail address"), choice_of(user).email),
    ]
    asked = [
        (
            local_time(one.asked_at),
            one.words,
            str(OUTCOMES[one.outcome]) if one.outcome else "",
            one.answer,
        )
        for one in db.session.scalars(queries.own_requests(user))
    ]
    acts = [(local_time(at), event, subject) for at, event, subject in queries.own_events(user)]
    return to_xlsx(
        {
            _("Person"): Sheet([_("What"), _("Told")], about),
            _("Corrections"): Sheet([_("Asked"), _("Words"), _("Decision"), _("Answer")], asked),
            _("Acts"): Sheet([_("When"), _("Event"), _("Record")], acts),
            **{str(section.title): section.sheet(user) for section in sections.values()},
        }
    )
