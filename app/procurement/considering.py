"""Who was considered for a lot and what was known of each, as plain data. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.accounts.models import Organisation
from app.conflicts import labels
from app.conflicts.queries import findings, findings_between
from app.conflicts.rules import Finding
from app.db import db
from app.decisions.best import Candidate, Sorted
from app.procurement import times
from app.procurement.bid_models import Bid
from app.procurement.bidding import bids_of
from app.procurement.clashes import case_of, members_of
from app.procurement.methods import Method
from app.procurement.models import Award, Draw, Lot, Offer
from app.rankings.models import RankingSnapshot
from app.rankings.queries import rows_of
from app.rankings.reading import Line, read

Row = dict[str, Any]
FIGURES = ("rank", "rank_low", "rank_high", "score", "low", "high", "band", "part", "state",
           "engagements", "reviews")  # fmt: skip


def directory(found: Sorted) -> list[Row]:
    """The agencies of the directory, each in its group, with the rule that left it out."""
    codes = _credit_codes(one.agency_id for one in _everybody(found))
    rows = []
    for group in ("best", "behind", "unranked"):
        rows += [_candidate(one, group, "", codes) for one in getattr(found, group)]
    return rows + [_candidate(one, "left_out", rule, codes) for one, rule in found.left_out]


def bidders(lot: Lot, award: Award | None) -> list[Row]:
    """Whoever signed up, and the winner, with draw, bid, ties, and the rule that left it out."""
    keys = {offer.agency_id for offer in lot.offers} | ({award.agency_id} if award else set())
    parties = {offer.agency_id: sorted(members_of(offer)) for offer in lot.offers}
    ties = _ties(lot, keys.union(*parties.values()))
    codes, lines = _credit_codes(keys), _lines(lot)
    bids = {bid.agency_id: bid for bid in bids_of(lot)}
    offers = {offer.agency_id: offer for offer in lot.offers}
    rows = []
    for key in sorted(keys):
        rule = _rule(lot, offers.get(key), bids.get(key))
        row = _named(key, codes) | {"group": "left_out" if rule else "in", "rule": rule}
        found = [one for each in parties.get(key, [key]) for one in ties[each]]
        row |= {"ranking": _figures(lines.get(key)), "conflicts": _told(found)}
        rows.append(row | _offer(offers.get(key)) | _bid(bids.get(key)) | _weight(lot.draw, key))
    return rows


def ranking_of(lot: Lot) -> tuple[str, str]:
    """Code and digest of the snapshot whose scores weigh in a lot's draw, if there is one."""
    snapshot = _snapshot(lot)
    return (snapshot.code, snapshot.result_digest) if snapshot else ("", "")


def _snapshot(lot: Lot) -> RankingSnapshot | None:
    code = lot.draw.snapshot_code if lot.draw is not None else ""
    query = select(RankingSnapshot).where(RankingSnapshot.code == code)
    return db.session.scalar(query) if code else None


def _lines(lot: Lot) -> Mapping[int, Line]:
    snapshot = _snapshot(lot)
    if snapshot is None:
        return {}
    return {line.agency_id: line for line in read(snapshot).lines(rows_of(snapshot))}


def _ties(lot: Lot, keys: Iterable[int]) -> Mapping[int, Sequence[Finding]]:
    wanted, case = set(keys), case_of(lot)
    alone, between = findings(case, wanted), findings_between(wanted, case.on)
    return {key: [*alone.get(key, ()), *between.get(key, ())] for key in wanted}


def _rule(lot: Lot, offer: Offer | None, bid: Bid | None) -> str:
    """By which rule somebody who signed up is left out; empty where nothing does."""
    if offer is not None and offer.withdrawn_at is not None:
        return "stepped_back"
    fallen = {one.agency_id for one in lot.awards if one.withdrawn_at is not None}
    if offer is not None and offer.agency_id in fallen:
        return "award_fell"
    if bid is None:
        return _without_bid(lot, offer)
    if bid.void_reason:
        return "void_bid"
    if bid.price_fen is not None and bid.price_fen > lot.budget_fen:
        return "over_budget"
    return "low_rejected" if bid.verdict == "rejected" else ""


def _without_bid(lot: Lot, offer: Offer | None) -> str:
    """Where bids were asked for, who handed in none by the end, or wasn't among those invited."""
    if offer is None or not times.is_over(lot):
        return ""
    invitation = times.invitation_of(lot) if lot.need.method is Method.DRAW_BIDDING else None
    if invitation is not None and offer.agency_id not in invitation.agency_ids:
        return "not_invited"
    return "no_bid"


def _everybody(found: Sorted) -> list[Candidate]:
    left = [one for one, _rule in found.left_out]
    return [*found.best, *found.behind, *found.unranked, *left]


def _candidate(one: Candidate, group: str, rule: str, codes: Mapping[int, tuple[str, str]]) -> Row:
    told = {"ranking": _figures(one.line), "conflicts": _told(one.findings)}
    more = {"load": one.load, "in_field": one.in_field}
    return _named(one.agency_id, codes) | {"group": group, "rule": rule} | told | more


def _named(key: int, codes: Mapping[int, tuple[str, str]]) -> Row:
    name, code = codes.get(key, ("", ""))
    return {"agency": key, "name": name, "credit_code": code}


def _credit_codes(keys: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    columns = (Organisation.id, Organisation.name, Organisation.credit_code)
    query = select(*columns).where(Organisation.id.in_(set(keys)))
    return {key: (str(name), code or "") for key, name, code in db.session.execute(query)}


def _figures(line: Any) -> Row | None:
    """What everybody may read of its row in the ranking."""
    if line is None:
        return None
    return {name: told for name in FIGURES if (told := line.told.get(name)) is not None}


def _told(found: Iterable[Finding]) -> list[Row]:
    return [
        {"kind": one.kind.value, "bars": one.is_barred or one.is_barred_together,
         "words": labels.words_of(one.kind, one.facts)}
        for one in found
    ]  # fmt: skip


def _offer(offer: Offer | None) -> Row:
    if offer is None:
        return {}
    told: Row = {"evaluator": offer.evaluator.name, "at": offer.made_at.isoformat()}
    told |= {"stated_grounds": len(offer.people)}
    if offer.joint is not None:
        told |= {"consortium": offer.joint.name, "members": offer.joint.members}
    if offer.withdrawn_at is not None:
        told |= {"withdrawn": offer.withdraw_reason}
    return {"offer": told}


def _bid(bid: Bid | None) -> Row:
    if bid is None:
        return {}
    told: Row = {"sha256": bid.sha256, "at": bid.handed_in_at.isoformat(), "id": bid.id}
    told |= {"price_fen": bid.price_fen, "void": bid.void_reason}
    names = ("query", "answer", "verdict", "verdict_reason")
    return {"bid": told | {name: text for name in names if (text := getattr(bid, name))}}


def _weight(draw: Draw | None, key: int) -> Row:
    if draw is None:
        return {}
    weights = {agency: weight for agency, _name, weight in draw.entries}
    places = {agency: place for place, agency in enumerate(draw.order, start=1)}
    return {"weight": weights.get(key), "place": places.get(key)} if key in weights else {}
