"""From a need to the opened engagement by sealed bids: the browser seals, two officers open."""

from hashlib import sha256

import pytest
from playwright.sync_api import expect

from app.demo.pdf import pdf
from app.procurement import draws, sealing
from tests.browser import placing
from tests.browser.placing import press, submit, told

NAME = "演示涉农补贴专项绩效评价（浏览器）"
WORDS = "琥珀灯塔：三阶段核查，两级复核。"
PLAN = pdf("琥珀灯塔实施方案", [["一、评价思路", "二、现场核查"]])


@pytest.fixture
def database(portal):
    """The database of the portal under the browser's hand."""
    with placing.database(portal) as run:
        yield run


def handed_in(agency, lot):
    """What is typed and chosen is encrypted here: its fields have no names, so none is sent."""
    press(agency.go(lot), "提交密封报价").look()
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
    told(submit(agency), "密封报价已提交")


def test_from_the_need_by_bids_sealed_in_the_browser_to_the_engagement(sign_in, database):
    story = placing.Placement(sign_in, database, NAME).plan("bidding", reason="限额标准以下")
    slips = story.key_halves()
    story.announce()
    agency, lot_id = story.sign_up("jigou1"), placing.number_in(story.lot)
    handed_in(agency, story.lot)
    ((envelope, price),) = database(
        "SELECT envelope, price_fen FROM procurement_bid WHERE lot_id = :lot", lot=lot_id
    )
    assert price is None
    assert not [word for word in ("7650050", "琥珀", "76,500") if word in envelope]
    box = "SELECT f.size, f.sha256 FROM bid_file f JOIN procurement_bid b ON b.id = f.bid_id"
    ((size, digest),) = database(f"{box} WHERE b.lot_id = :lot", lot=lot_id)
    assert (size, digest) == (len(PLAN) + sealing.TAG, sealing.box_of(envelope))
    code = "SELECT code FROM procurement_need WHERE id = :key"
    ((code,),) = database(code, key=placing.number_in(story.need))
    secrets = tuple(draws.secret_of(slip) for slip in slips)
    bid = sealing.unseal(envelope, secrets, f"{code}-01")
    assert (bid.price_fen, bid.plan) == (7_650_050, WORDS)
    assert bid.file.sha256 == sha256(PLAN).hexdigest()
    story.offers_end()
    agency.go(story.lot)
    expect(agency.page.get_by_role("link", name="密封报价")).to_have_count(0)
    officer = told(story.open_bids(slips), "76,500.50").look()
    file = officer.page.locator("main").get_by_role("link", name="方案（PDF）")
    with officer.page.expect_download() as taken:
        file.click()
    assert taken.value.path().read_bytes() == PLAN
    press(officer, "按最低有效报价确定中选")
    story.awarded()
    story.sign("HT-浏览器-1")
