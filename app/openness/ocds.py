"""Contracts as open contracting data (OCDS 1.1.5): release and record packages. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.display import in_shanghai
from app.engagements.models import Engagement, Stage
from app.openness.processes import Process
from app.procurement.methods import Method

Json = dict[str, Any]
# Never registered to anybody, or the standard's own example.
PLACEHOLDERS = frozenset({"ocds-xxxxxx", "ocds-000000", "ocds-213czf"})
PREFIX = re.compile(r"ocds-[a-z0-9]{6}")
SCHEME = "CN-USCC"  # 统一社会信用代码
METHODS = {
    Method.OPEN_TENDER: "open",
    Method.CONSULTATION: "selective",
    Method.DRAW: "selective",
    Method.DIRECT: "direct",
    Method.SINGLE_SOURCE: "limited",
}


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


def moment(at: date | datetime) -> str:
    """A moment, or the beginning of a day in Shanghai, as RFC 3339 has it."""
    told = at if isinstance(at, datetime) else clock.start_of(at)
    return in_shanghai(told).isoformat(timespec="seconds")


def money(fen: int) -> Json:
    """An amount in yuan."""
    return {"amount": fen / 100, "currency": "CNY"}


def release_package(publisher: Publisher, processes: Iterable[Process], year: int) -> Json:
    """Every release of a year's contracts, those of one contract in their order."""
    told = [release for process in processes for release in releases(publisher, process)]
    return _package(publisher, year, "releases") | {"releases": told}


def record_package(publisher: Publisher, processes: Iterable[Process], year: int) -> Json:
    """A record for each contract: its releases and what holds now."""
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
    """The open contracting number: the prefix and the contract's own number here."""
    return f"{publisher.prefix}-{process.engagement.code}"


def releases(publisher: Publisher, process: Process) -> list[Json]:
    """What became known when: the call, the award, the contract, its end."""
    sections, award = _sections(process), process.award
    begun = process.engagement.opened_at
    steps: list[tuple[str, datetime, tuple[str, ...]]] = []
    if award is not None:
        called = award.lot.need.announced_at or award.lot.need.made_at
        steps = [("tender", called, ("planning", "tender")), ("award", award.made_at, ("awards",))]
    else:
        steps = [("award", begun, ("planning", "tender", "awards"))]
    steps.append(("contract", begun, ("contracts",)))
    if ended := _end_of(process.engagement):
        steps.append(("implementation", ended, ("contracts",)))
    told, steps = [], sorted(steps, key=lambda step: step[1])  # a ledger may bring old ends
    for number, (tag, at, names) in enumerate(steps, start=1):
        parts = {name: sections[name] for name in names}
        if tag == "contract":
            parts["contracts"] = [_without(sections["contracts"][0], "implementation")]
        told.append(_release(publisher, process, f"{number}-{tag}", [tag], at) | parts)
    return told


def record(publisher: Publisher, process: Process) -> Json:
    """All releases of a contract and the compiled one."""
    told = releases(publisher, process)
    last = datetime.fromisoformat(told[-1]["date"])
    compiled = _release(publisher, process, "compiled", ["compiled"], last) | _sections(process)
    return {"ocid": ocid_of(publisher, process), "releases": told, "compiledRelease": compiled}


def _release(
    publisher: Publisher, process: Process, key: str, tags: Sequence[str], at: datetime
) -> Json:
    ocid, client = ocid_of(publisher, process), process.engagement.client
    return {
        "ocid": ocid,
        "id": f"{ocid}-{key}",
        "date": moment(at),
        "tag": list(tags),
        "initiationType": "tender",
        "language": "zh",
        "parties": _parties(process.engagement),
        "buyer": {"id": _key(client), "name": client.name},
    }


def _without(told: Mapping[str, Any], name: str) -> Json:
    return {key: value for key, value in told.items() if key != name}


def _key(organisation: Any) -> str:
    code = organisation.credit_code
    return f"{SCHEME}-{code}" if code else f"XP-{organisation.id}"


def _parties(engagement: Engagement) -> list[Json]:
    agency = engagement.agency.organisation
    named = ((engagement.client, ["buyer", "procuringEntity"]), (agency, ["supplier"]))
    return [_party(organisation, roles) for organisation, roles in named]


def _party(organisation: Any, roles: list[str]) -> Json:
    told: Json = {"id": _key(organisation), "name": organisation.name, "roles": roles}
    if organisation.credit_code:
        told["identifier"] = {"scheme": SCHEME, "id": organisation.credit_code,
                              "legalName": organisation.name}  # fmt: skip
    return told


def _sections(process: Process) -> Json:
    return {
        "planning": _planning(process),
        "tender": _tender(process),
        "awards": [_award(process)],
        "contracts": [_contract(process)],
    }


def _planning(process: Process) -> Json:
    told: Json = {"rationale": process.engagement.service_type.name}
    if process.award is not None:
        need, lot = process.award.lot.need, process.award.lot
        told["budget"] = {"id": need.plan_no or need.code, "amount": money(lot.budget_fen)}
    return told


def _tender(process: Process) -> Json:
    engagement, award = process.engagement, process.award
    client = engagement.client
    told: Json = {
        "id": f"{engagement.code}-tender",
        "title": engagement.name,
        "status": "complete",
        "mainProcurementCategory": "services",
        "procuringEntity": {"id": _key(client), "name": client.name},
        "items": _items(engagement),
    }
    return told | (_called(award) if award is not None else {})


def _called(award: Any) -> Json:
    need, offers = award.lot.need, award.lot.offers
    told: Json = {
        "procurementMethod": METHODS.get(need.method, "selective"),
        "procurementMethodDetails": str(need.method),
        "procurementMethodRationale": need.basis,
        "value": money(award.lot.budget_fen),
        "numberOfTenderers": sum(offer.withdrawn_at is None for offer in offers),
        "techniques": {"hasFrameworkAgreement": "framework" in str(need.method)},
    }
    if need.announced_at and need.offers_until:
        ends = {"startDate": moment(need.announced_at), "endDate": moment(need.offers_until)}
        told["tenderPeriod"] = ends
    return told


def _items(engagement: Engagement) -> list[Json]:
    return [
        {"id": f"{engagement.code}-{task.number}", "description": task.project, "quantity": 1}
        for task in engagement.tasks
    ]


def _award(process: Process) -> Json:
    engagement, award = process.engagement, process.award
    agency = engagement.agency.organisation
    return {
        "id": f"{engagement.code}-award",
        "title": engagement.name,
        "status": "active",
        "date": moment(award.made_at if award is not None else engagement.signed_on),
        "value": money(award.price_fen if award is not None else engagement.fee_fen),
        "suppliers": [{"id": _key(agency), "name": agency.name}],
    }


def _contract(process: Process) -> Json:
    engagement = process.engagement
    told: Json = {
        "id": engagement.code,
        "awardID": f"{engagement.code}-award",
        "title": engagement.name,
        "status": _status(engagement),
        "period": {
            "startDate": moment(engagement.starts_on),
            "endDate": moment(engagement.ends_on),
        },
        "value": money(engagement.fee_fen),
        "dateSigned": moment(engagement.signed_on),
        "items": _items(engagement),
    }
    if implementation := _implementation(process):
        told["implementation"] = implementation
    return told


def _status(engagement: Engagement) -> str:
    """The standard calls what is done or ended terminated, however it ended."""
    return "active" if engagement.is_open else "terminated"


def _end_of(engagement: Engagement) -> datetime | None:
    ends = (engagement.accepted_at, engagement.refused_at, engagement.terminated_at)
    return next((end for end in ends if end is not None), None)


def _implementation(process: Process) -> Json:
    """Milestones and stars of what has ended; of work under way nothing is told."""
    engagement = process.engagement
    if engagement.is_open:
        return {}
    told: Json = {"milestones": [_milestone(engagement, stage) for stage in engagement.stages]}
    if process.rated:
        told["metrics"] = [_metric(engagement, each) for each in process.rated]
    return told


def _milestone(engagement: Engagement, stage: Stage) -> Json:
    told: Json = {
        "id": f"{engagement.code}-{stage.position}",
        "title": stage.name,
        "type": "delivery",
        "dueDate": moment(stage.due_on),
        "status": "met" if stage.approved_at else "notMet",
    }
    return told | ({"dateMet": moment(stage.approved_at)} if stage.approved_at else {})


def _metric(engagement: Engagement, rated: Any) -> Json:
    key = f"{engagement.code}-{rated.code}"
    observation: Json = {
        "id": f"{key}-1",
        "measure": rated.band,
        "unit": {"name": "stars, 1 to 5: half-star band of the mean"},
        "dimensions": {"ratings": str(rated.ratings)},
    }
    return {"id": key, "title": rated.name, "observations": [observation]}
