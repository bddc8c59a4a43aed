"""A plan's file is sealed with the bid: before the opening nobody reads it, not with everything."""

import io
import json
import zlib
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import clock
from app.cli import main
from app.db import db, transaction
from app.demo.pdf import pdf
from app.errors import Conflict, Invalid
from app.procurement import bidding, boxes, draws, opening, sealing, times
from app.procurement.bid_models import BidFile, BidPlan
from app.procurement.methods import Method
from app.store import object_store
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, bidder, planned, signed_up

PLAN = pdf("琥珀灯塔实施方案", [["琥珀灯塔：三阶段核查"]])


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def announced(officer):
    """A lot by sealed bids, and the slips."""
    need = planned(officer, Method.BIDDING)
    slips = sealed.keyed(officer, need)
    sealed.announced(officer, need)
    return need.lots[0], slips


def everything(session, app):
    """All that somebody holds who took database, store, settings and key files."""
    held = [str(value).encode() for value in app.config.values()]
    for table in db.metadata.sorted_tables:
        held += [str(value).encode() for row in session.execute(table.select()) for value in row]
    for box in session.query(BidFile):
        with object_store().open(box.store_key) as reader:
            held.append(b"".join(reader))
    var = Path(app.config["XINGPING_VAR"])
    files = [path for path in var.rglob("*") if path.is_file() and path.stat().st_size < 1 << 20]
    return held + [path.read_bytes() for path in files]


def test_whoever_holds_database_store_and_secrets_reads_no_plan(announced, session, app):
    lot, slips = announced
    _pair, bid = sealed.bid(lot, 7 * WAN, pdf=PLAN)
    held = everything(session, app)
    assert any(len(one) == len(PLAN) + sealing.TAG for one in held)  # the sealed file is there
    digest = sha256(PLAN).hexdigest().encode()
    for one in held:
        assert PLAN not in one
        assert digest not in one
        assert "琥珀灯塔".encode() not in one
        assert "演示方案.pdf".encode() not in one
    box, keys = opening.box_of(bid), [draws.secret_of(slips[0])]
    with object_store().open(box.store_key) as reader:
        closed = b"".join(reader)
    keys += [sha256(one).digest() for one in held] + [one for one in held if len(one) == 32]
    iv = bytes.fromhex(json.loads(bid.envelope)["iv"])
    for key in keys:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(iv, closed, opening.lot_code(lot).encode())
    with pytest.raises(Conflict):  # not before the end, not even with both slips
        boxes.opened_files(lot, slips)
    assert session.query(BidPlan).count() == 0


def test_after_the_opening_the_plan_is_there_under_its_digest(sign_in, announced, officer, session):
    lot, slips = announced
    pair, bid = sealed.bid(lot, 7 * WAN, pdf=PLAN)
    with after(4):
        told = dict(zip(("first", "second"), slips, strict=True))
        url = f"/procurement-lots/{lot.id}/opening"
        assert sign_in(officer).post(url, data=told).status_code == 302
        (plan,) = session.query(BidPlan).all()
        assert (plan.sha256, plan.size) == (sha256(PLAN).hexdigest(), len(PLAN))
        assert plan.file_name.isascii()  # its own name may tell whose it is
        page = f"/procurement-bids/{bid.id}/plan.pdf"
        assert sign_in(officer).get(page).data == PLAN
        assert sign_in(pair[0]).get(page).data == PLAN
        assert sign_in(bidder()[0]).get(page).status_code == 404
        assert page in sign_in(officer).get(f"/procurement-lots/{lot.id}").get_data(as_text=True)


def test_what_was_changed_after_the_end_is_void_whoever_did_it(announced, officer, session):
    lot, slips = announced
    made = [sealed.bid(lot, price * WAN, pdf=PLAN)[1] for price in (8, 7, 6, 5)]
    honest, forged, swapped, edited = made
    # Somebody with the database seals another bid, as anybody can, and puts its digest beside it.
    forged.envelope, _box = sealed.sealed(lot, 1 * WAN)
    forged.sha256 = sha256(forged.envelope.encode()).hexdigest()
    edited.envelope = sealed.sealed(lot, 1 * WAN)[0]
    (box,) = session.query(BidFile).filter_by(bid_id=swapped.id)
    (other,) = session.query(BidFile).filter_by(bid_id=honest.id)
    box.store_key = other.store_key
    session.commit()
    with after(4):
        sealed.opened(officer, lot, slips)
    assert [bool(bid.void_reason) for bid in made] == [False, True, True, True]
    assert bidding.valid_bids(lot) == [honest]


@pytest.mark.parametrize("data", [b"MZ no plan", b"PK\x03\x04"])
def test_a_file_that_is_no_plan_makes_its_bid_void(announced, officer, data):
    lot, slips = announced
    _pair, bid = sealed.bid(lot, 7 * WAN, pdf=data)
    with after(4):
        sealed.opened(officer, lot, slips)
    assert bid.void_reason
    assert bid.price_fen is None


def test_envelope_and_file_belong_together(announced, officer):
    lot, _slips = announced
    head, lead = bidder()
    offer = signed_up((head, lead), lot)
    envelope, box = sealed.sealed(lot, 7 * WAN, pdf=PLAN)
    plain, _box = sealed.sealed(lot, 7 * WAN)
    for wrong in ((envelope, b""), (envelope, b"x" + box), (plain, box)):
        with pytest.raises(Invalid):
            sealed.handed_in(offer, head, *wrong)
    sealed.handed_in(offer, head, envelope, box)
    again, other = sealed.sealed(lot, 6 * WAN, pdf=PLAN + b"\n% neu")
    assert opening.box_of(sealed.handed_in(offer, head, again, other)).size == len(other)


def test_a_late_bid_is_refused_with_words_and_on_record(sign_in, announced, monkeypatch, audited):
    lot, _slips = announced
    head, lead = bidder()
    offer = signed_up((head, lead), lot)
    envelope, box = sealed.sealed(lot, 7 * WAN, pdf=PLAN)
    until, url = lot.need.offers_until, f"/procurement-offers/{offer.id}/bid"
    told = {"envelope": envelope, "box": (io.BytesIO(box), "plan.sealed")}
    monkeypatch.setattr(times, "database_now", lambda: until)  # a second late, by the database
    late = sign_in(head).post(url, data=told, content_type="multipart/form-data")
    assert late.status_code == 422
    assert envelope[:40] in late.get_data(as_text=True).replace("&#34;", '"')
    assert audited()[-1] == "bid_refused.noted"
    monkeypatch.setattr(times, "database_now", lambda: until - timedelta(seconds=1))
    told["box"] = (io.BytesIO(box), "plan.sealed")
    reply = sign_in(head).post(url, data=told, content_type="multipart/form-data")
    assert reply.status_code == 302
    assert audited()[-1] == "bid.handed_in"
    with clock.frozen(until + timedelta(seconds=1)), pytest.raises(Conflict), transaction():
        bidding.hand_in(head, offer, envelope)


def test_a_plan_is_sealed_offline_by_the_command(tmp_path):
    (first, a), (second, b) = (sealing.new_half() for _n in range(2))
    (tmp_path / "bid.json").write_text('{"price": "79000.00"}', encoding="utf-8")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(PLAN)
    told = ["seal-bid", str(tmp_path / "bid.json"), "--lot", "L", "--key", f"{a}:{b}", "--plan"]
    run = CliRunner().invoke(main, [*told, str(plan)])
    assert run.exit_code == 0, run.output
    box = (tmp_path / "plan.pdf.sealed").read_bytes()
    assert zlib.crc32(box) != zlib.crc32(PLAN)
    envelope = run.output.strip()
    assert sealing.box_of(envelope) == sha256(box).hexdigest()
    file = sealing.unseal(envelope, (first, second), "L").file
    assert sealing.unseal_file(file, box, "L") == PLAN
    with pytest.raises(sealing.BadSeal):
        sealing.unseal_file(file, box, "M")
    plan.write_bytes(b"no pdf")
    assert CliRunner().invoke(main, [*told, str(plan)]).exit_code == 1
