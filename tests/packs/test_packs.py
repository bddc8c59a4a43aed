"""Asking for a pack, its page, its progress, what refuses it, and what it costs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden
from app.packs import building, queries, services
from app.packs.models import DecisionPack
from app.packs.verifying import verify_pack
from app.policy import Role
from app.procurement import choosing
from app.procurement.methods import Method
from app.queueing.models import QueuedJob
from app.web import fresh_token
from storage import StoreUnavailable
from tests.archiving.finished import parts_of
from tests.conftest import begin
from tests.factories import UserFactory
from tests.packs import making
from tests.procurement import placing

ROOT = Path(__file__).parents[2]
MIB = 1 << 20


def test_one_click_and_the_background_makes_a_pack_that_verifies(district, tmp_path):
    officer = placing.bureau()
    need = placing.awarded(officer).lot.need
    client, page = begin(district.test_client(), officer), f"/procurement/{need.id}/decisions"
    url, key = f"/procurement/{need.id}/packs", need.id
    assert client.get(page).status_code == 200
    assert client.post(url).status_code == 422  # no form of ours
    assert client.post(url, data={"once": fresh_token()}).status_code == 302
    assert client.post(url, data={"once": fresh_token()}).status_code == 409  # one at a time
    live = client.get(f"{page}/live")
    assert "<progress" in live.text
    again = client.get(f"{page}/live", headers={"If-None-Match": live.headers["ETag"]})
    assert again.status_code == 304
    (job,) = db.session.query(QueuedJob).filter_by(name=services.WORK)
    pack_id = job.facts["pack_id"]
    building.make(pack_id)
    building.make(pack_id)  # done it does nothing
    pack = db.session.get(DecisionPack, pack_id)
    assert (pack.lots_done, pack.percent, pack.error) == (1, 100, "")
    reply = client.get(f"/decision-packs/{pack_id}")
    assert reply.content_length == pack.size
    path = tmp_path / "pack.zip"
    path.write_bytes(reply.data)
    assert verify_pack(path).wrong == []
    assert f"/decision-packs/{pack_id}" in client.get(page).text
    leader = begin(district.test_client(), UserFactory(role=Role.LEADER))
    assert leader.post(f"/procurement/{key}/approval").status_code == 302
    assert leader.get(f"/decision-packs/{pack_id}").status_code == 200
    assert leader.post(url, data={"once": fresh_token()}).status_code == 403
    agency = begin(district.test_client(), UserFactory(role=Role.AGENCY_ADMIN))
    for address in (page, f"{page}/live", f"/decision-packs/{pack_id}"):
        assert agency.get(address).status_code == 404


def test_a_pack_is_refused_without_a_reason_outside_the_best_set(session):
    officer = placing.bureau()
    agencies = making.ranked_agencies(officer)
    need = making.direct_need(officer, agencies, reason="")
    with pytest.raises(Conflict) as refusal:
        making.asked(officer, need)
    assert "演示二包" in str(refusal.value.message)
    with pytest.raises(Forbidden):
        making.asked(UserFactory(role=Role.LEADER), need)
    with transaction():
        choosing.give_reason(officer, need.lots[1].award, "唯一熟悉该资金")
    pack = making.asked(officer, need)
    assert queries.under_way(need) is pack
    with pytest.raises(Conflict):
        making.asked(officer, need)
    with clock.frozen(clock.now() + queries.LOST_AFTER * 2):
        assert queries.under_way(need) is None  # whoever made it was lost


def test_nothing_decided_makes_no_pack(session):
    officer = placing.bureau()
    with pytest.raises(Conflict):
        making.asked(officer, placing.planned(officer, Method.DIRECT))


@pytest.mark.database("sqlite")
def test_what_cannot_be_made_is_told_on_the_page(district, monkeypatch):
    officer = placing.bureau()
    need = placing.awarded(officer).lot.need

    def away(*_args):
        raise StoreUnavailable("演示存储不可用")

    monkeypatch.setattr(building, "object_store", away)
    pack_id = making.asked(officer, need).id
    building.make(pack_id)
    pack = db.session.get(DecisionPack, pack_id)
    assert pack.failed_at is not None
    page = begin(district.test_client(), officer).get(f"/procurement/{pack.need_id}/decisions")
    assert "演示存储不可用" in page.text
    assert queries.under_way(pack.need) is None


@pytest.mark.database("sqlite")
def test_a_need_that_changes_meanwhile_has_its_pack_made_again(district, monkeypatch, tmp_path):
    officer = placing.bureau()
    award = placing.awarded(officer)
    need, award_id = award.lot.need, award.id
    once, real = [], building.Maker._shared

    def shared(self, prints):
        if not once:
            once.append(1)
            leader = UserFactory(role=Role.LEADER)
            with transaction():
                choosing.approve(leader, db.session.get(type(need), self.need_id))
        return real(self, prints)

    monkeypatch.setattr(building.Maker, "_shared", shared)
    monkeypatch.setattr(building.pdf, "missing", lambda: ["nothing is printed here"])
    path = making.made(officer, need, tmp_path / "pack.zip")
    told = making.lot_of(parts_of(path))["choice"]
    assert told["approved_by"]
    assert not any(name.endswith(".pdf") for name in parts_of(path))
    assert told["subject"] == f"procurement_award:{award_id}"
    assert verify_pack(path).wrong == []


@pytest.mark.nightly
@pytest.mark.timeout(3000)
@pytest.mark.database("sqlite")
def test_two_hundred_lots_need_no_more_memory_than_a_few(tmp_path):
    """In processes of their own: what a pack of 200 lots holds at most, beside one of 20."""
    told = {}
    for lots in (20, 200):
        folder = tmp_path / str(lots)
        folder.mkdir()
        command = [sys.executable, "-m", "tests.packs.measuring", str(folder), str(lots)]
        out = subprocess.check_output(command, cwd=ROOT, text=True, env={**os.environ})
        told[lots] = json.loads(out.splitlines()[-1])
        assert verify_pack(Path(told[lots]["path"])).wrong == []
    taken = {lots: each["peak"] - each["idle"] for lots, each in told.items()}
    assert abs(taken[200] - taken[20]) < 10 * MIB, told
    # each print program ends with its section: of twenty the largest lies above that of two
    assert abs(told[200]["printing"] - told[20]["printing"]) < 32 * MIB, told
    assert re.fullmatch(r"\d+", str(told[200]["size"]))
