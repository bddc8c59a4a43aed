"""The sections of a release: planning, tender, awards, contracts and what came of them. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app import clock
from app.display import in_shanghai
from app.engagements.models import Engagement, Stage
from app.openness.processes import Process
from app.procurement.methods import Method
from app.procurement.models import Award

Json = dict[str, Any]
SCHEME = "CN-USCC"  # 统一社会信用代码
# OCDS: open, all may submit; selective, invited or qualified ones; limited and direct, few or one.
METHODS = {
    Method.OPEN_TENDER: "open",
    Method.BIDDING: "open",
    Method.COMPARISON: "open",
    Method.CONSULTATION: "selective",
    Method.DRAW: "selective",
    Method.DRAW_BIDDING: "selective",
    Method.FRAMEWORK_BIDDING: "selective",
    Method.FRAMEWORK_TURN: "direct",
    Method.FRAMEWORK_DIRECT: "direct",
    Method.DIRECT: "direct",
    Method.SINGLE_SOURCE: "limited",
}


def moment(at: date | datetime) -> str:
    """A moment, or the beginning of a day in Shanghai, as RFC 3339 has it."""
    told = at if isinstance(at, datetime) else clock.start_of(at)
    return in_shanghai(told).isoformat(timespec="seconds")


def money(fen: int) -> Json:
    """An amount in yuan."""
    return {"amount": fen / 100, "currency": "CNY"}


def whole(process: Process) -> Json:
    """All that holds now."""
    engagement, lot = process.engagement, process.lot
    told: Json = {"planning": planning(process)}
    told["tender"] = called(process, _state(process)) if lot is not None else _tender(process)
    awards = [award(process, one) for one in lot.awards] if lot is not None else _awarded(process)
    told |= {"awards": awards} if awards else {}
    return told | ({"contracts": [contract(process, engagement)]} if engagement else {})


def client_of(process: Process) -> Any:
    """Who buys."""
    if process.engagement is not None:
        return process.engagement.client
    return process.lot.need.client if process.lot is not None else None


def key_of(organisation: Any) -> str:
    """How a party is numbered: by its credit code, else by its number here."""
    code = organisation.credit_code
    return f"{SCHEME}-{code}" if code else f"XP-{organisation.id}"


def parties(process: Process) -> list[Json]:
    """The buyer, and everybody who was awarded."""
    client = client_of(process)
    suppliers = {one.agency_id: one.agency.organisation for one in _awards_of(process)}
    if process.engagement is not None:
        suppliers[process.engagement.agency_id] = process.engagement.agency.organisation
    told = [_party(client, ["buyer", "procuringEntity"])]
    return told + [_party(organisation, ["supplier"]) for organisation in suppliers.values()]


def _awards_of(process: Process) -> Iterable[Award]:
    return process.lot.awards if process.lot is not None else ()


def _party(organisation: Any, roles: list[str]) -> Json:
    told: Json = {"id": key_of(organisation), "name": organisation.name, "roles": roles}
    if organisation.credit_code:
        told["identifier"] = {"scheme": SCHEME, "id": organisation.credit_code,
                              "legalName": organisation.name}  # fmt: skip
    return told


def planning(process: Process) -> Json:
    """What kind of work it is, and its budget."""
    lot = process.lot
    if lot is None:
        return {"rationale": process.engagement.service_type.name} if process.engagement else {}
    need = lot.need
    told: Json = {"rationale": need.template.service_type.name}
    return told | {"budget": {"id": need.plan_no or need.code, "amount": money(lot.budget_fen)}}


def _state(process: Process) -> str:
    lot = process.lot
    if lot is None or lot.award is not None:
        return "complete"
    if lot.need.cancelled_at is not None:
        return "cancelled"
    return "active"


def called(process: Process, status: str) -> Json:
    """The tender of a lot in a state; how many took part is told once nobody may any more."""
    lot = process.lot
    if lot is None:
        return {}
    need = lot.need
    told = _frame(process, lot.name, status, lot.tasks) | {
        "procurementMethod": METHODS[need.method],
        "procurementMethodDetails": str(need.method),
        "procurementMethodRationale": need.basis,
        "value": money(lot.budget_fen),
        "techniques": {"hasFrameworkAgreement": "framework" in str(need.method)},
    }
    if status != "active":
        told["numberOfTenderers"] = sum(one.withdrawn_at is None for one in lot.offers)
    if need.announced_at and need.offers_until:
        ends = {"startDate": moment(need.announced_at), "endDate": moment(need.offers_until)}
        told["tenderPeriod"] = ends
    return told | _documents(process.code, "tenderNotice", need.notice_url)


def _frame(process: Process, title: str, status: str, tasks: Iterable[Any]) -> Json:
    client = client_of(process)
    return {
        "id": f"{process.code}-tender",
        "title": title,
        "status": status,
        "mainProcurementCategory": "services",
        "procuringEntity": {"id": key_of(client), "name": client.name},
        "items": _items(process.code, tasks),
    }


def _tender(process: Process) -> Json:
    engagement = process.engagement
    return _frame(process, engagement.name, "complete", engagement.tasks) if engagement else {}


def _items(code: str, tasks: Iterable[Any]) -> list[Json]:
    return [
        {"id": f"{code}-{task.number}", "description": task.project, "quantity": 1}
        for task in tasks
    ]


def _documents(code: str, kind: str, url: str) -> Json:
    return (
        {"documents": [{"id": f"{code}-{kind}", "documentType": kind, "url": url}]} if url else {}
    )


def award(process: Process, one: Award) -> Json:
    """An award as it stands: active, or withdrawn."""
    agency = one.agency.organisation
    told: Json = {
        "id": award_id(process, one),
        "title": one.lot.name,
        "status": "active" if one.withdrawn_at is None else "cancelled",
        "date": moment(one.made_at),
        "value": money(one.price_fen),
        "suppliers": [{"id": key_of(agency), "name": agency.name}],
    }
    return told | _documents(told["id"], "awardNotice", one.result_url)


def award_id(process: Process, one: Award | None) -> str:
    """The number of an award; of a lot's several ones each has its own."""
    if one is None or process.lot is None or len(process.lot.awards) == 1:
        return f"{process.code}-award"
    return f"{process.code}-award-{1 + process.lot.awards.index(one)}"


def _awarded(process: Process) -> list[Json]:
    """The award of a contract whose placing the portal doesn't know."""
    engagement = process.engagement
    if engagement is None:
        return []
    agency = engagement.agency.organisation
    return [
        {
            "id": award_id(process, None),
            "title": engagement.name,
            "status": "active",
            "date": moment(engagement.signed_on),
            "value": money(engagement.fee_fen),
            "suppliers": [{"id": key_of(agency), "name": agency.name}],
        }
    ]


def contract(process: Process, engagement: Engagement) -> Json:
    """The contract; milestones and stars once the work has ended."""
    told: Json = {
        "id": engagement.code,
        "awardID": award_id(process, process.award),
        "title": engagement.name,
        # The standard calls what is done or ended terminated, however it ended.
        "status": "active" if engagement.is_open else "terminated",
        "period": {
            "startDate": moment(engagement.starts_on),
            "endDate": moment(engagement.ends_on),
        },
        "value": money(engagement.fee_fen),
        "dateSigned": moment(engagement.signed_on),
        "items": _items(engagement.code, engagement.tasks),
    }
    if implementation := _implementation(process, engagement):
        told["implementation"] = implementation
    return told


def end_of(engagement: Engagement) -> datetime | None:
    """When the work was accepted, refused or broken off."""
    ends = (engagement.accepted_at, engagement.refused_at, engagement.terminated_at)
    return next((end for end in ends if end is not None), None)


def _implementation(process: Process, engagement: Engagement) -> Json:
    """Milestones and stars of what has ended; of work under way nothing is told."""
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
