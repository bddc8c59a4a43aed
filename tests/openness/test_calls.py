"""Calls and results before there is a contract: public pages, and valid open contracting data."""

import pytest

from app import clock
from app.db import transaction
from app.openness import ocds, processes, structure
from app.procurement import awarding, services
from app.procurement.methods import Method
from tests.openness.test_ocds import BY, PREFIX, SCHEMAS, validators
from tests.procurement import placing


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def lots(officer):
    """Called and open; awarded again after an award fell; called off; signed; not announced."""
    pairs = [placing.bidder() for _n in range(2)]
    called = placing.drawn_up(officer, pairs)
    first = placing.awarded(officer)
    with transaction():
        awarding.withdraw_award(officer, first, "书面放弃")
    again = awarding.NewAward(pairs[0][1], 7 * placing.WAN)
    with transaction():
        awarding.award_lot(officer, first.lot, again)
    off = placing.drawn_up(officer, pairs[:1])
    with transaction():
        services.cancel(officer, off.need, "报名不足")
    signed = placing.awarded(officer, Method.DIRECT)
    with placing.first_day(signed), transaction():
        awarding.sign_contract(officer, signed, placing.contract(signed))
    return called, first.lot, off, signed.lot, placing.planned(officer).lots[0]


def told_of(year=None):
    found = processes.processes(year or clock.today().year)
    packages = {
        "releases": ocds.release_package(BY, found, 2026),
        "records": ocds.record_package(BY, found, 2026),
    }
    records = packages["records"]["records"]
    return packages, {record["ocid"]: record for record in records}


def ocid(lot):
    return f"{PREFIX}-{lot.need.code}-{lot.number:02d}"


def test_calls_awards_and_their_ends_are_open_data_under_one_number(lots):
    called, fallen, off, signed, secret = lots
    packages, records = told_of()
    for package in packages.values():
        assert structure.faults_of(package, PREFIX) == []
    assert set(records) == {ocid(lot) for lot in (called, fallen, off, signed)}
    tags = {key: [one["tag"][0] for one in each["releases"]] for key, each in records.items()}
    assert tags[ocid(called)] == ["tender"]
    assert tags[ocid(fallen)] == ["tender", "award", "awardCancellation", "award"]
    assert tags[ocid(off)] == ["tender", "tenderCancellation"]
    assert tags[ocid(signed)] == ["tender", "award", "contract"]
    assert ocid(secret) not in records
    now = records[ocid(called)]["compiledRelease"]
    assert now["tender"]["status"] == "active"
    assert "numberOfTenderers" not in now["tender"]
    states = {one["status"] for one in records[ocid(fallen)]["compiledRelease"]["awards"]}
    assert states == {"active", "cancelled"}
    assert records[ocid(off)]["compiledRelease"]["tender"]["status"] == "cancelled"
    whole = records[ocid(signed)]["compiledRelease"]
    assert whole["contracts"][0]["awardID"] == whole["awards"][0]["id"]
    assert whole["awards"][0]["documents"][0]["url"] == "https://example.invalid/1"
    assert processes.years() == [2026]


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"the standard's schemas are not at {SCHEMAS}")
def test_they_are_valid_by_the_standard(lots):
    packages, _records = told_of()
    for kind, validator in validators():
        errors = [(list(e.absolute_path), e.message[:200]) for e in
                  validator.iter_errors(packages[kind])]  # fmt: skip
        assert errors == []


def test_a_years_calls_cost_the_same_however_many(officer, statements, session):
    counts = []
    for more in (1, 4):
        for _n in range(more):
            placing.drawn_up(officer, [placing.bidder()])
        session.expire_all()
        with statements() as seen:
            ocds.record_package(BY, processes.processes(2026), 2026)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_visitor_reads_calls_and_results_and_nothing_of_the_process(client, lots, session):
    called, fallen, off, signed, secret = lots
    listed = client.get("/public/procurement").get_data(as_text=True)
    for lot in (called, fallen, off, signed):
        assert lot.need.code in listed
    assert secret.need.code not in listed
    page = client.get(f"/public/procurement/{fallen.need_id}").get_data(as_text=True)
    assert fallen.award.agency.name in page
    assert "书面放弃" not in page
    page = client.get(f"/public/procurement/{called.need_id}").get_data(as_text=True)
    assert not any(offer.agency.name in page for offer in called.offers)
    assert "example.invalid/1" in client.get(f"/public/procurement/{signed.need_id}").text
    for key in (secret.need_id, 999):
        assert client.get(f"/public/procurement/{key}").status_code == 404
