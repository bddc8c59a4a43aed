"""Needs that were decided, and the packs that the background makes of them."""

import json
from hashlib import sha256

from app.db import db, transaction
from app.listed_zip import SUMS, sums_of
from app.packs import building, files, services
from app.packs.models import DecisionPack
from app.policy import Role
from app.procurement import awarding, choosing
from app.procurement.methods import Method
from app.store import object_store
from tests.factories import AgencyFactory, EvaluatorFactory, UserFactory
from tests.procurement import placing
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import rated


def ranked_agencies(officer):
    """Three agencies: two that a published ranking ranks, and one of which it knows nothing."""
    from app.rankings import services as rankings

    agencies = [AgencyFactory() for _n in range(3)]
    for agency, stars in zip(agencies, (5, 3), strict=False):
        for _n in range(2):
            rated(stars=stars, agency=agency)
    made = snapshot(officer, "演示公开排名")
    with transaction():
        rankings.publish_snapshot(officer, made, "演示发布理由")
    return agencies


def direct_need(officer, agencies, reason="唯一熟悉该资金口径，书面说明附后"):
    """Two lots by direct choice: to a ranked agency, and to one outside the best set."""
    template = placing.template_in_force("fiscal_evaluation")
    lots = [placing.lot(template), placing.lot(template, name="演示二包")]
    need = placing.planned(officer, Method.DIRECT, lots=lots)
    for lot, agency, words in zip(need.lots, (agencies[0], agencies[2]), ("", reason), strict=True):
        new = awarding.NewAward(
            EvaluatorFactory(agency=agency), 7 * placing.WAN, "延续性要求", outside_reason=words
        )
        with transaction():
            awarding.award_lot(officer, lot, new)
    return need


def drawn_need(officer):
    """A lot by a draw that weighs by the ranking; who was drawn first stepped back."""
    pairs = [placing.bidder() for _n in range(3)]
    lot = placing.drawn_up(officer, pairs)
    with placing.after(4):
        draw, secret = placing.frozen(officer, lot, by_ranking=True)
    with placing.after(6):
        placing.held(officer, draw, secret)
        first = draw.order[0]
        head = next(one for one, _lead in pairs if one.organisation_id == first)
        offer = next(one for one in lot.offers if one.agency_id == first)
        from app.procurement import offering

        with transaction():
            offering.withdraw_offer(head, offer, "人手不足")
        with transaction():
            awarding.award_drawn(officer, lot)
    return lot.need


def approved(need):
    leader = UserFactory(role=Role.LEADER)
    with transaction():
        choosing.approve(leader, need)


def asked(officer, need):
    with transaction():
        return services.ask_pack(officer, need)


def made(officer, need, path):
    """The pack of a need, made as the background makes it, in a file."""
    key = asked(officer, need).id
    building.make(key)
    pack = db.session.get(DecisionPack, key)
    assert (pack.error, pack.failed_at) == ("", None)
    with object_store().open(pack.store_key) as reader:
        path.write_bytes(reader.read())
    assert sha256(path.read_bytes()).hexdigest() == pack.sha256
    return path


def lot_of(parts, number=1):
    return json.loads(parts[f"lots/{number:03d}/{files.DECISION}"])


def with_file(parts, name, data):
    """Another file, with manifest and sums made to fit, as a forger without the log's key would."""
    told = json.loads(parts[files.MANIFEST])
    one = next(one for one in told["files"] if one["path"] == name)
    one |= {"size": len(data), "sha256": sha256(data).hexdigest()}
    return with_manifest({**parts, name: data}, told)


def with_manifest(parts, told):
    text = files.as_text(told)
    return {**parts, files.MANIFEST: text, SUMS: sums_of(text, files.MANIFEST)}


def with_lot(parts, change, number=1):
    """Another decision of a lot, with the digests made to fit."""
    told = lot_of(parts, number)
    change(told)
    return with_file(parts, f"lots/{number:03d}/{files.DECISION}", files.as_text(told))
