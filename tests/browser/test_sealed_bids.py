"""From a need to the opened engagement by sealed bids: the browser seals, two officers open."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy
from playwright.sync_api import expect

from app import clock
from app.demo.pdf import pdf
from app.procurement import draws, sealing

NAME = "演示涉农补贴专项绩效评价（浏览器）"
LOT = "演示涉农补贴绩效评价"
WORDS = "琥珀灯塔：三阶段核查，两级复核。"
PLAN = pdf("琥珀灯塔实施方案", [["一、评价思路", "二、现场核查"]])


@pytest.fixture
def database(portal):
    """The database of the portal under the browser's hand."""
    engine = sqlalchemy.create_engine(portal.env["DATABASE_URL"])
    yield lambda words, **values: run(engine, words, values)
    engine.dispose()


def run(engine, words, values):
    with engine.begin() as connection:
        told = connection.execute(sqlalchemy.text(words), values)
        return told.all() if told.returns_rows else []


def submit(visitor):
    visitor.page.locator("main form[method=post] button[type=submit]:visible").last.click()
    return visitor


def planned(officer):
    officer.go("/procurement/new")
    officer.fill(name=NAME, template="财政评价", client="演示区财政局", issued_by="agency")
    officer.fill(method="bidding", reason="金额在限额标准以下")
    officer.fill(
        lots__0__name=LOT,
        lots__0__budget="80000",
        lots__0__days="60",
        lots__0__project="演示涉农补贴",
        lots__0__funds="3000000",
        lots__0__unit="演示区农业技术推广中心",
        lots__0__section="演示区财政局农业农村科",
    )
    submit(officer)
    expect(officer.page.locator("h1")).to_have_text(NAME)
    return officer.path


def half(officer, need):
    officer.go(need).press("生成半份密钥")
    return officer.page.locator(".first-password code").inner_text()


def signed_up(agency, lot):
    agency.go(f"{lot}/offer")
    agency.page.locator("main [name=evaluator]").select_option(index=1)
    agency.fill(states=True)
    submit(agency)
    expect(agency.page).to_have_url(re.compile(f"{lot}$"))


def handed_in(agency, lot):
    """What is typed and chosen is encrypted here: its fields have no names, so none is sent."""
    agency.go(lot).press("提交密封报价").look()
    page = agency.page
    for field in ("price", "plan", "file"):
        assert page.locator(f"[data-seal-{field}]").get_attribute("name") is None
    page.locator("[data-seal-price]").fill("76,500.50")
    page.locator("[data-seal-plan]").fill(WORDS)
    file = {"name": "琥珀灯塔.txt", "mimeType": "text/plain", "buffer": b"no plan"}
    page.locator("[data-seal-file]").set_input_files(file)
    submit(agency)
    expect(page.locator("[data-seal-status]")).to_contain_text("PDF")
    file = {"name": "琥珀灯塔.pdf", "mimeType": "application/pdf", "buffer": PLAN}
    page.locator("[data-seal-file]").set_input_files(file)
    agency.picture("procurement-bid")
    submit(agency)
    expect(page).to_have_url(re.compile(f"{lot}$"))


def test_from_the_need_by_bids_sealed_in_the_browser_to_the_engagement(sign_in, database, portal):
    officer, other = sign_in("jixiao"), sign_in("jixiao2")
    need = planned(officer)
    slips = [half(officer, need), half(other, need)]
    until = clock.now().astimezone(clock.SHANGHAI) + timedelta(days=3)
    officer.go(f"{need}/announcement").fill(until=f"{until:%Y-%m-%dT%H:%M}")
    submit(officer)
    (lot_id,) = database("SELECT id FROM procurement_lot WHERE name = :name", name=LOT)[0]
    lot = f"/procurement-lots/{lot_id}"
    agency = sign_in("jigou1")
    signed_up(agency, lot)
    handed_in(agency, lot)
    ((envelope, price),) = database(
        "SELECT envelope, price_fen FROM procurement_bid WHERE lot_id = :lot", lot=lot_id
    )
    assert price is None
    assert not [word for word in ("7650050", "琥珀", "76,500") if word in envelope]
    box = "SELECT f.size, f.sha256 FROM bid_file f JOIN procurement_bid b ON b.id = f.bid_id"
    ((size, digest),) = database(f"{box} WHERE b.lot_id = :lot", lot=lot_id)
    assert (size, digest) == (len(PLAN) + sealing.TAG, sealing.box_of(envelope))
    (code,) = database("SELECT code FROM procurement_need WHERE name = :name", name=NAME)[0]
    secrets = tuple(draws.secret_of(slip) for slip in slips)
    bid = sealing.unseal(envelope, secrets, f"{code}-01")
    assert (bid.price_fen, bid.plan) == (7_650_050, WORDS)
    assert bid.file.sha256 == sha256(PLAN).hexdigest()
    ends = "UPDATE procurement_need SET offers_until = :at WHERE code = :code"
    database(ends, at=clock.now() - timedelta(seconds=1), code=code)  # the days go by
    agency.go(lot)
    expect(agency.page.get_by_role("link", name="密封报价")).to_have_count(0)
    officer.go(f"{lot}/opening").fill(first=slips[0], second=slips[1])
    submit(officer)
    officer.sees("76,500.50").look()
    with officer.page.expect_download() as taken:
        officer.press("方案（PDF）")
    assert taken.value.path().read_bytes() == PLAN
    officer.press("按最低有效报价确定中选")
    expect(officer.page).to_have_url(re.compile(r"/awards/\d+$"))
    award, day = officer.path, clock.today()
    key = int(award.rsplit("/", 1)[1])
    past = "UPDATE procurement_award SET public_until = :day WHERE id = :key"
    database(past, day=day - timedelta(days=1), key=key)  # and so does the public notice
    officer.go(f"{award}/contract").fill(number="HT-浏览器-1", signed_on=day.isoformat())
    submit(officer)
    expect(officer.page).to_have_url(re.compile(f"{award}$"))
    query = "SELECT engagement_id FROM procurement_award WHERE id = :key"
    ((engagement,),) = database(query, key=key)
    officer.go(f"/engagements/{engagement}").sees(LOT).sees("76,500.50")
