"""What an applicant tells, and what is wrong with it: pure, without a database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import clock, credit_code
from app.agencies.related import NewAssociate, NewBranch
from app.agencies.services import NewEvaluator, Particulars
from app.errors import Words
from app.person_names import NO_NAME, is_name

LEAD, PRACTITIONER = "lead", "practitioner"
LOGIN = re.compile(r"[A-Za-z0-9._-]{3,60}")
PHONE = re.compile(r"\+?[0-9][0-9-]{6,19}")
NO_LOGIN = _("3 to 60 letters, digits, dots and dashes")
NO_PHONE = _("Enter a telephone number of 7 to 20 digits")
MOST_ROWS = 60


@dataclass(frozen=True)
class Practitioner:
    """A person of the agency: a lead evaluator to be, or another practitioner."""

    kind: str
    name: str
    qualification: str
    working_since: date
    evaluating_since: date | None

    def as_row(self) -> dict[str, Any]:
        """As the application keeps it."""
        days = {"working_since": self.working_since, "evaluating_since": self.evaluating_since}
        told = {key: day.isoformat() if day else None for key, day in days.items()}
        return {**asdict(self), **told}

    def as_new(self) -> NewEvaluator:
        """As the register takes it."""
        return NewEvaluator(
            self.name, self.qualification, self.working_since, self.evaluating_since
        )


def practitioner(row: Mapping[str, Any]) -> Practitioner:
    """A person again, as the application kept them."""
    since = row["evaluating_since"]
    return Practitioner(
        row["kind"],
        row["name"],
        row["qualification"],
        date.fromisoformat(row["working_since"]),
        date.fromisoformat(since) if since else None,
    )


@dataclass(frozen=True)
class Told:
    """An application as its writer filled it in."""

    name: str
    credit_code: str
    particulars: Particulars
    login: str
    contact_name: str
    contact_phone: str
    people: Sequence[Practitioner] = field(default_factory=list)
    branches: Sequence[NewBranch] = field(default_factory=list)
    associates: Sequence[NewAssociate] = field(default_factory=list)


def first_fault(told: Told) -> tuple[str, Words] | None:
    """The first thing that can't be kept, and the form's field that it stands in."""
    return next(_faults(told), None)


def _faults(told: Told) -> Iterator[tuple[str, Words]]:
    if problem := credit_code.check(credit_code.normalise(told.credit_code)):
        yield "credit_code", problem.words
    if not LOGIN.fullmatch(told.login.strip()):
        yield "login", NO_LOGIN
    if not PHONE.fullmatch("".join(told.contact_phone.split())):
        yield "contact_phone", NO_PHONE
    names = [("name", told.name), ("contact_name", told.contact_name)]
    names.append(("legal_representative", told.particulars.legal_representative))
    names += [("people", one.name) for one in told.people]
    names += [("branches", one.name) for one in told.branches]
    names += [("associates", one.name) for one in told.associates]
    yield from ((place, NO_NAME) for place, name in names if not is_name(name))
    yield from (("people", wrong[1]) for one in told.people if (wrong := wrong_days(one)))
    for one in told.branches:
        code = credit_code.normalise(one.credit_code)
        if code and (problem := credit_code.check(code)):
            yield "branches", problem.words


def wrong_days(one: Practitioner) -> tuple[str, Words] | None:
    """What stands against a person as they are told, and the field of the row that it stands in."""
    if not clock.FIRST_DAY.replace(year=1940) <= one.working_since <= clock.today():
        words = _("%(name)s: the first day of work lies in the past", name=one.name)
        return "working_since", words
    since = one.evaluating_since
    if since is not None and not one.working_since <= since <= clock.today():
        words = _("%(name)s: evaluation began after work did, and before today", name=one.name)
        return "evaluating_since", words
    if one.kind == LEAD and (since is None or not one.qualification.strip()):
        words = _(
            "%(name)s: a lead evaluator needs a title and the day evaluation began", name=one.name
        )
        return "evaluating_since" if since is None else "qualification", words
    return None
