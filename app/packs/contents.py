"""What is told of a need and of each of its lots, as plain data. Changes nothing."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Organisation, User
from app.accounts.queries import names_of
from app.audit.canonical import read
from app.audit.timeline import events_about
from app.db import db
from app.packs import by_method
from app.procurement import choosing, considering, draws, labels, queries
from app.procurement.choice_models import AwardChoice
from app.procurement.models import Award, AwardObjection, Draw, Lot, Need
from app.procurement.rule_models import ProcurementRules, RulesConfirmation

Plain = dict[str, Any]


def folder_of(number: int) -> str:
    """Where the files of a lot lie."""
    return f"lots/{number:03d}"


def told_of_need(need: Need) -> Plain:
    """The need, its method, its legal basis, and the thresholds that it met."""
    return {
        "code": need.code,
        "name": need.name,
        "method": need.method.value,
        "method_name": str(labels.METHODS[need.method]),
        "basis": need.basis,
        "reason": need.reason,
        "client": need.client.name,
        "bureau": str(current_app.config["BUREAU_NAME"]),
        "service_area": need.service_area,
        "qualification": need.qualification,
        "experience": need.experience,
        "plan_no": need.plan_no,
        "notice_url": need.notice_url,
        "announced_at": _at(need.announced_at),
        "offers_until": _at(need.offers_until),
        "cancelled_at": _at(need.cancelled_at),
        "cancel_reason": need.cancel_reason,
        "thresholds": _thresholds(need.rules),
    }


def _thresholds(rules: ProcurementRules) -> Plain:
    query = select(RulesConfirmation).where(RulesConfirmation.rules_id == rules.id)
    confirmed = db.session.scalar(query)
    return {
        "version": rules.version,
        "document_no": rules.document_no,
        "effective_on": rules.effective_on.isoformat(),
        "limit_fen": rules.limit_fen,
        "tender_fen": rules.tender_fen,
        "confirmed": f"{confirmed.confirmed_by.name}：{confirmed.source}" if confirmed else "",
    }


def told_of_lot(lot: Lot) -> Plain:
    """A lot: who was considered and left out by which rule, draws, choice, reasons, objections."""
    award = lot.award
    choice = choosing.choice_of(award) if award is not None else None
    considered = choice.considered if choice is not None else considering.bidders(lot, award)
    told: Plain = {
        "code": f"{lot.need.code}-{lot.number:02d}",
        "subject": f"procurement_lot:{lot.id}",
        "number": lot.number,
        "name": lot.name,
        "method": lot.need.method.value,
        "budget_fen": lot.budget_fen,
        "days": lot.days,
        "tasks": [_task(task) for task in lot.tasks],
        "state": _state(lot),
        "considered": considered,
        "draws": [_draw(lot, draw) for draw in lot.draws],
        "choice": _choice(award, choice) if award is not None else None,
        "fallen": [_fallen(one) for one in lot.awards if one.withdrawn_at is not None],
        "objections": [_objection(one) for award in lot.awards for one in award.objections],
        "refused": _refused(lot),
    }
    return told | by_method.added(lot)


def draw_record(draw: Draw) -> Plain | None:
    """The record of a draw as anybody re-runs it; None where it was voided before."""
    if draw.record is None:
        return None
    return {**draw.record, "beacon_source": draw.beacon_source, "attempt": draw.attempt}


def whole_lots(need_id: int) -> Sequence[int]:
    """The numbers of a need's lots, in their order."""
    query = select(Lot.id).where(Lot.need_id == need_id).order_by(Lot.number)
    return db.session.scalars(query).all()


def whole_lot(lot_id: int) -> Lot:
    """A lot with everything that is told of it, in a fixed number of statements."""
    found = queries.whole_lot(lot_id)
    if found is None:
        raise LookupError(lot_id)
    return found


def _state(lot: Lot) -> str:
    if lot.award is not None:
        return "awarded"
    return "cancelled" if lot.need.cancelled_at is not None else "undecided"


def _task(task: Any) -> Plain:
    unit = task.unit.name if task.unit is not None else ""
    return {"project": task.project, "amount_fen": task.amount_fen, "unit": unit,
            "section": task.section.name}  # fmt: skip


def _draw(lot: Lot, draw: Draw) -> Plain:
    file = f"{folder_of(lot.number)}/draw-{draw.attempt}.json" if draw.record else ""
    return {
        "file": file,
        "subject": f"procurement_draw:{draw.id}",
        "draw_id": draw.draw_id,
        "attempt": draw.attempt,
        "entries": [[name, weight] for _key, name, weight in draw.entries],
        "list_digest": draw.list_digest,
        "commitment": draw.commitment,
        "beacon_id": draw.beacon_id,
        "beacon_from": _at(draw.beacon_from),
        "frozen_at": _at(draw.frozen_at),
        "ranking": draw.snapshot_code,
        "numbers": {str(one.agency_id): draws.number_of(one.words).hex() for one in draw.numbers},
        "void": draw.void_reason,
    }


def _choice(award: Award, choice: AwardChoice | None) -> Plain:
    people = names_of({award.made_by_id})
    told: Plain = {
        "subject": f"procurement_award:{award.id}",
        "agency": award.agency_id,
        "name": award.agency.name,
        "evaluator": award.evaluator.name,
        "price_fen": award.price_fen,
        "reason": award.reason,
        "by_draw": award.draw_id is not None,
        "decided_by": people.get(award.made_by_id, ""),
        "decided_at": _at(award.made_at),
        "public_until": award.public_until.isoformat(),
        "result_url": award.result_url,
        "contract_no": award.contract_no,
        "signed_on": award.signed_on.isoformat() if award.signed_on else None,
        "engagement": award.engagement.code if award.engagement else "",
    }
    return told | _evidence(choice)


def _evidence(choice: AwardChoice | None) -> Plain:
    """The standing beside the best set, its reason, and who approved; older awards have none."""
    if choice is None:
        return {"standing": "unweighed", "ranking": "", "result_digest": "", "outside_reason": "",
                "reasoned_by": "", "approved_by": "", "approved_at": None}  # fmt: skip
    return {
        "standing": choice.standing,
        "ranking": choice.snapshot_code,
        "result_digest": choice.result_digest,
        "outside_reason": choice.reason,
        "reasoned_by": _named(choice.reasoned_by),
        "approved_by": _named(choice.approved_by),
        "approved_at": _at(choice.approved_at),
    }


def _fallen(award: Award) -> Plain:
    return {
        "subject": f"procurement_award:{award.id}",
        "agency": award.agency_id,
        "name": award.agency.name,
        "price_fen": award.price_fen,
        "reason": award.withdraw_reason,
        "at": _at(award.withdrawn_at),
    }


def _objection(one: AwardObjection) -> Plain:
    told: Plain = {"agency": one.agency.name, "words": one.words, "filed_at": _at(one.filed_at)}
    told |= {"answer_due_on": one.answer_due_on.isoformat(), "answer": one.answer}
    told |= {"complaint": one.complaint, "decision": one.decision}
    return told | {"is_open": one.is_open}


def _refused(lot: Lot) -> list[Plain]:
    """Who was turned away with an offer or a bid, when, and with which words, as the log has it."""
    found = db.session.scalars(events_about(lot, kinds=("bid_refused", "offer_refused")))
    bodies = [read(event.canonical) for event in reversed(found.all())]
    homes = select(Organisation.id, Organisation.name)
    homes = homes.where(Organisation.id.in_({body["org"] for body in bodies}))
    names = {key: str(name) for key, name in db.session.execute(homes)} if bodies else {}
    return [
        {"event": body["event"], "agency": body["org"], "name": names.get(body["org"], ""),
         "words": body["facts"]["words"], "at": body["at"]}
        for body in bodies
    ]  # fmt: skip


def _named(person: User | None) -> str:
    return person.name if person is not None else ""


def _at(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
