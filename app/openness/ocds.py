"""Calls and contracts as open contracting data (OCDS 1.1.5): release and record packages. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.openness import ocds_sections as sections
from app.openness.ocds_sections import moment
from app.openness.processes import Process
from app.procurement.models import Lot

Json = dict[str, Any]
Step = tuple[str, datetime, Json]  # tag, when, what became known
# Never registered to anybody, or the standard's own example.
PLACEHOLDERS = frozenset({"ocds-xxxxxx", "ocds-000000", "ocds-213czf"})
PREFIX = re.compile(r"ocds-[a-z0-9]{6}")


@dataclass(frozen=True)
class Publisher:
    """Who publishes, under which prefix and licence, from which address."""

    name: str
    prefix: str
    address: str  # of the portal, without a slash at its end
    licence: str = ""

    @property
    def may_publish(self) -> bool:
        """Whether the prefix was registered, as far as its form tells."""
        return is_registered(self.prefix)


def is_registered(prefix: str) -> bool:
    """Whether a prefix may be used: of the standard's form, and no placeholder."""
    return PREFIX.fullmatch(prefix) is not None and prefix not in PLACEHOLDERS


def release_package(publisher: Publisher, processes: Iterable[Process], year: int) -> Json:
    """Every release of a year's processes, those of one process in their order."""
    told = [release for process in processes for release in releases(publisher, process)]
    return _package(publisher, year, "releases") | {"releases": told}


def record_package(publisher: Publisher, processes: Iterable[Process], year: int) -> Json:
    """A record for each process: its releases and what holds now."""
    told = [record(publisher, process) for process in processes]
    return _package(publisher, year, "records") | {"records": told}


def _package(publisher: Publisher, year: int, kind: str) -> Json:
    told: Json = {
        "uri": f"{publisher.address}/public/ocds/{year}/{kind}",
        "version": "1.1",
        "publishedDate": moment(clock.now()),
        "publisher": {"name": publisher.name},
    }
    return told | ({"license": publisher.licence} if publisher.licence else {})


def ocid_of(publisher: Publisher, process: Process) -> str:
    """The open contracting number: the prefix and the process's own number here."""
    return f"{publisher.prefix}-{process.code}"


def releases(publisher: Publisher, process: Process) -> list[Json]:
    """What became known when: the call, the awards, the contract, its end."""
    told, steps = [], sorted(_steps(process), key=lambda step: step[1])  # a ledger brings old ends
    for number, (tag, at, parts) in enumerate(steps, start=1):
        told.append(_release(publisher, process, f"{number}-{tag}", [tag], at) | parts)
    return told


def record(publisher: Publisher, process: Process) -> Json:
    """All releases of a process and the compiled one."""
    told = releases(publisher, process)
    last = datetime.fromisoformat(told[-1]["date"])
    compiled = _release(publisher, process, "compiled", ["compiled"], last)
    compiled |= sections.whole(process)
    return {"ocid": ocid_of(publisher, process), "releases": told, "compiledRelease": compiled}


def _steps(process: Process) -> list[Step]:
    lot = process.lot
    return (_placed(process, lot) if lot is not None else _entrusted(process)) + _worked(process)


def _placed(process: Process, lot: Lot) -> list[Step]:
    """The call, every award and its end, the call's own end."""
    announced = lot.need.announced_at or lot.need.made_at
    called = min([announced, *(award.made_at for award in lot.awards)])  # by its result at least
    plan, first = sections.planning(process), sections.called(process, "active")
    steps: list[Step] = [("tender", called, {"planning": plan, "tender": first})]
    for award in lot.awards:
        one, complete = sections.award(process, award), sections.called(process, "complete")
        made = one | {"status": "active"}
        steps.append(("award", award.made_at, {"tender": complete, "awards": [made]}))
        if award.withdrawn_at is not None:
            steps.append(("awardCancellation", award.withdrawn_at, {"awards": [one]}))
    if lot.need.cancelled_at is not None and lot.award is None:
        ended = {"tender": sections.called(process, "cancelled")}
        steps.append(("tenderCancellation", lot.need.cancelled_at, ended))
    return steps


def _entrusted(process: Process) -> list[Step]:
    """A contract whose placing the portal doesn't know."""
    if process.engagement is None:
        return []
    whole = sections.whole(process)
    parts = {name: whole[name] for name in ("planning", "tender", "awards")}
    return [("award", process.engagement.opened_at, parts)]


def _worked(process: Process) -> list[Step]:
    """The contract and its end."""
    engagement = process.engagement
    if engagement is None:
        return []
    contract = sections.contract(process, engagement)
    signed = {name: told for name, told in contract.items() if name != "implementation"}
    steps: list[Step] = [("contract", engagement.opened_at, {"contracts": [signed]})]
    if ended := sections.end_of(engagement):
        steps.append(("implementation", ended, {"contracts": [contract]}))
    return steps


def _release(
    publisher: Publisher, process: Process, key: str, tags: Sequence[str], at: datetime
) -> Json:
    ocid, client = ocid_of(publisher, process), sections.client_of(process)
    return {
        "ocid": ocid,
        "id": f"{ocid}-{key}",
        "date": moment(at),
        "tag": list(tags),
        "initiationType": "tender",
        "language": "zh",
        "parties": sections.parties(process),
        "buyer": {"id": sections.key_of(client), "name": client.name},
    }
