"""Two browsers side by side, and one without scripts."""

import time

from playwright.sync_api import expect

from app.demo import files
from app.demo.pdf import pdf

SECONDS = 2.0


def send(visitor, engagement, number, title):
    visitor.go(f"{engagement}/papers/new")
    visitor.fill(index_no=number, title=title, unclassified=True)
    file = {"name": f"{title}.pdf", "mimeType": "", "buffer": pdf(title, [[number, title]])}
    visitor.fill(file=file)
    visitor.page.locator("main form[enctype] button[type=submit]").click()
    expect(visitor.page.locator("h1")).to_contain_text(title)


def test_an_upload_moves_the_board_of_somebody_else(sign_in, open_job):
    engagement, login = open_job
    agency, officer = sign_in(login), sign_in("jixiao")
    officer.go("/board")
    board = officer.page.locator("[data-live]")
    before = board.inner_text()
    officer.page.evaluate("window.neverReloaded = true")
    send(agency, engagement, "F-801", "演示问卷统计")
    sent = time.monotonic()
    officer.page.wait_for_function(
        "before => document.querySelector('[data-live]').innerText !== before", arg=before
    )
    took = time.monotonic() - sent
    assert took <= SECONDS, f"the board moved after {took:.1f} s"
    assert officer.page.evaluate("window.neverReloaded")


def test_everything_needed_works_without_scripts(sign_in, open_job):
    engagement, login = open_job
    agency = sign_in(login, java_script_enabled=False)
    send(agency, engagement, "F-802", "演示访谈记录")
    paper = agency.path
    officer = sign_in("jixiao", java_script_enabled=False)
    officer.go(paper)
    officer.fill(body="访谈记录请由被访人签字。", kind="suggestion")
    officer.page.locator("#new-note button[type=submit]").click()
    expect(officer.page.locator("main")).to_contain_text("访谈记录请由被访人签字")
    agency.go(f"{paper}/versions/new")
    again = {"name": "访谈记录.docx", "mimeType": "", "buffer": files.docx("访谈记录", ["已签字"])}
    agency.fill(unclassified=True, file=again)
    agency.page.locator("main form[enctype] button[type=submit]").click()
    expect(agency.page.locator("main")).to_contain_text("第 2 版")


# The board of a larger district, made of this one's: the page itself folds beyond twenty rows
ENLARGED = """
const lines = document.querySelector(".board-rows tbody"), one = lines.rows[0];
while (lines.rows.length < 25) lines.append(one.cloneNode(true));
const table = lines.closest(".table-responsive");
if (!document.querySelector(".fold")) {
  table.insertAdjacentHTML("beforebegin", '<input class="fold" type="checkbox" id="all-rows">');
  table.insertAdjacentHTML("afterend", '<label class="fold-label" for="all-rows">5</label>');
}
"""


def long_board_is_folded_on_a_phone(officer):
    wide = officer.page.viewport_size
    officer.page.set_viewport_size({"width": 390, "height": 844})
    officer.go("/board")
    officer.page.evaluate(ENLARGED)
    rows = officer.page.locator(".board-rows tbody tr:visible")
    expect(rows).to_have_count(20)
    officer.page.locator(".fold-label").click()
    expect(officer.page.locator(".fold-label")).to_be_hidden()
    assert rows.count() == 25
    officer.page.set_viewport_size(wide)


def test_pages_look_like_a_finished_product(sign_in, visit, open_job):
    """Pictures of the main pages at two sizes, for people to look at; none sticks out."""
    visitor = visit()
    visitor.go("/sign-in").look().picture("sign-in")
    officer = sign_in("jixiao")
    for path, name in (("/", "home"), ("/board", "board"), ("/engagements", "engagements")):
        officer.go(path).picture(name)
    long_board_is_folded_on_a_phone(officer)
    officer.go("/board/wall").picture("wall")
    officer.go("/alerts").picture("alerts")
    officer.go("/agencies").picture("agencies")
    officer.go("/rankings").picture("rankings")
    engagement, login = open_job
    officer.go(engagement).picture("engagement")
    sign_in(login).go(f"{engagement}/papers/new").picture("upload")
    english = sign_in("juzhang")
    english.speak("en").go("/board").picture("board-english")
    english.speak("zh-CN")
