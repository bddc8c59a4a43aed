"""The case library: an accepted paper becomes an example for all when two people release it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid, Words
from app.exchange import queries
from app.exchange.inspecting import UNREADABLE
from app.exchange.models import Case, CaseRelease
from app.exchange.personal import Found, found_in
from app.papers.models import PaperVersion, VersionState
from app.policy import Permission, require

NEEDED = 2  # people who release a case
Read = Mapping[str, str]  # all words of a version's files, by digest


@dataclass(frozen=True)
class NewCase:
    """How a case is called, and what it is an example of."""

    title: str
    summary: str


def propose_case(actor: User, version: PaperVersion, new: NewCase, read: Read) -> Case:
    """Propose an accepted paper as a case; numbers of persons in it refuse it, with their kinds."""
    lock(version)
    require(actor, Permission.CASE_PROPOSE, version)
    if version.state is not VersionState.APPROVED:
        raise Conflict(_("Only an accepted paper becomes a case"))
    if queries.case_of(version) is not None:
        raise Conflict(_("This version is a case already"))
    refuse_numbers(version, read, new.title, new.summary)
    case = Case(
        version=version,
        title=new.title.strip(),
        summary=new.summary.strip(),
        proposed_by_id=actor.id,
        proposed_at=clock.now(),
        withdrawn_words="",
    )
    db.session.add(case)
    facts = {"title": case.title, "sha256": version.sha256}
    audit.record(actor, audit.Event.CASE_PROPOSED, case, scope=None, **facts)
    return case


def release_case(actor: User, case: Case, read: Read) -> None:
    """One of two people says that a case may be published; the second word publishes it."""
    lock(case)
    require(actor, Permission.CASE_RELEASE, case)
    refuse_numbers(case.version, read, case.title, case.summary)
    case.releases.append(CaseRelease(user_id=actor.id, released_at=clock.now()))
    if len(case.releases) >= NEEDED:
        case.published_at = clock.now()
    audit.record(actor, audit.Event.CASE_RELEASED, case, title=case.title)


def withdraw_case(actor: User, case: Case, words: str) -> None:
    """Take a case back, with the reason; the paper itself stays where it is."""
    lock(case)
    require(actor, Permission.CASE_WITHDRAW, case)
    if case.withdrawn_at is not None:
        raise Conflict
    case.withdrawn_at, case.withdrawn_words = clock.now(), words.strip()
    audit.record(actor, audit.Event.CASE_WITHDRAWN, case, words=case.withdrawn_words)


def refuse_numbers(version: PaperVersion, read: Read, *words: str) -> None:
    """Refuse what was not read to its end, and what holds numbers of persons, names too."""
    told = list(words)
    for file in version.files:
        if file.sha256 not in read:
            raise Invalid(UNREADABLE, field="summary")
        told += [file.file_name, read[file.sha256]]
    if found := [one for each in told for one in found_in(each)]:
        raise Invalid(_words_of(found), field="summary")


def _words_of(found: list[Found]) -> Words:
    shown = ", ".join(one.masked for one in found[:5])
    return _(
        "Refused: %(count)s numbers of persons (identity, telephone or bank account) stand in it:"
        " %(shown)s. Have them blackened in a new version first",
        count=len(found),
        shown=shown,
    )
