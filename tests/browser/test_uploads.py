"""Uploads as only a browser shows them: bars, drops, folders, cuts, kills, and no scripts at all."""

import hashlib
import os
import time

import psutil
import pytest
from playwright.sync_api import expect

from app.db import db
from app.engagements.models import Engagement
from app.papers.models import PaperVersion, Upload, VersionFile, WorkingPaper
from app.requests.models import RequestFile
from tests.browser.people import AXE, PICTURES
from tests.factories import PASSWORD
from tests.papers.filing import crew_of, pdf
from tests.papers.test_servers import MIB, rows
from tests.papers.test_tus_servers import Place
from tests.requests.making import officer_of_unit, sent

pytestmark = pytest.mark.database("postgres")
DROP = """(zone, names) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([`%PDF-1.4 ${name}`], name));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture
def place(make_district):
    place = Place(make_district(WTF_CSRF_ENABLED=True, SERVER_NAME=None))
    yield place
    place.portal.end()


@pytest.fixture
def open_page(browser, place):
    """A browser in which the lead evaluator is signed in; no page may tell of an error."""
    contexts, problems = [], []

    def opened(path, **settings):
        context = browser.new_context(locale="zh-CN", base_url=place.url, **settings)
        contexts.append(context)
        name, _sign, value = place.portal.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": place.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def intake_of(place):
    return f"/engagements/{place.engagement}/papers/intake"


def picture(page, name):
    """Keep a picture at both sizes; nothing sticks out, and nothing keeps anybody out."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 1, f"sticks out at {width}"
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    found = AXE.run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def file_of(folder, name, size):
    data = pdf(name.encode().hex()) + os.urandom(MIB) * size
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name, hashlib.sha256(data).hexdigest()


def test_dropped_files_each_have_a_bar_and_become_papers(place, open_page):
    page = open_page(intake_of(place))
    page.locator(".drop-zone").evaluate(DROP, ["C-07 收资台账.pdf", "G-B21 评分表.pdf", "工具.exe"])
    expect(page.locator(".upload-list li")).to_have_count(3)
    picture(page, "intake-drop")
    page.locator("form[data-batch] button[type=submit]").click()
    expect(
        page.locator(".submit-row [role=alert], form[data-batch] .field-error")
    ).not_to_be_empty()
    page.locator("[name=unclassified]").check()
    page.locator("form[data-batch] button[type=submit]").click()
    expect(page.locator(".upload-list li.ok")).to_have_count(2)
    expect(page.locator(".upload-list li.bad")).to_have_count(1)
    picture(page, "intake-refused")
    page.locator(f"a[href='{intake_of(place)}'].btn").click()
    page.wait_for_load_state()
    numbers = page.locator("input[name$=index_no]")
    assert [numbers.nth(n).input_value() for n in range(2)] == ["C-07", "G-B21"]
    picture(page, "intake-table")
    page.locator("form[action$=intake] button.btn-primary").click()
    page.wait_for_url("**/papers")
    assert [p.index_no for p in rows(place.app, WorkingPaper)] == ["C-07", "G-B21"]
    assert rows(place.app, Upload) == []


def test_a_whole_folder_tells_its_numbers(place, open_page, tmp_path):
    file_of(tmp_path, "底稿/C 资料类/台账.pdf", 0)
    file_of(tmp_path, "底稿/G-B21 质量/评分表.pdf", 0)
    file_of(tmp_path, "底稿/Thumbs.db", 0)
    page = open_page(intake_of(place))
    page.locator("input[webkitdirectory]").set_input_files(tmp_path / "底稿")
    expect(page.locator(".upload-list li")).to_have_count(2)
    page.locator("[name=unclassified]").check()
    page.locator("form[data-batch] button[type=submit]").click()
    expect(page.locator("input[name$=index_no]")).to_have_count(2)
    numbers = page.locator("input[name$=index_no]")
    assert [numbers.nth(n).input_value() for n in range(2)] == ["C-01", "G-B21"]


def test_a_large_file_goes_on_after_a_kill_and_a_cut(place, open_page, tmp_path):
    path, sha256 = file_of(tmp_path, "C-07 收资台账.pdf", 120)
    page = open_page(intake_of(place))
    page.locator("input[type=file]").first.set_input_files(path)
    page.locator("[name=unclassified]").check()
    page.locator("form[data-batch] button[type=submit]").click()
    wait_until(lambda: rows(place.app, Upload) and progress(page) > 10)
    for worker in psutil.Process(place.portal.pid).children():
        worker.kill()
    wait_until(lambda: progress(page) > 40)
    page.context.set_offline(True)
    page.wait_for_timeout(700)
    page.context.set_offline(False)
    expect(page.locator("input[name$=index_no]")).to_have_count(1, timeout=60_000)
    (upload,) = rows(place.app, Upload)
    assert upload.sha256 == sha256
    page.locator("form[action$=intake] button.btn-primary").click()
    page.wait_for_url("**/papers")
    assert rows(place.app, PaperVersion)[0].sha256 == sha256


def progress(page):
    return page.evaluate("document.querySelector('.upload-list progress')?.value ?? 100")


def wait_until(ask):
    for _turn in range(400):
        if ask():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def test_a_page_that_was_closed_goes_on_with_the_same_file(place, open_page, tmp_path):
    path, sha256 = file_of(tmp_path, "C-07 收资台账.pdf", 60)
    page = open_page(intake_of(place))

    def start():
        page.locator("input[type=file]").first.set_input_files(path)
        page.locator("[name=unclassified]").check()
        page.locator("form[data-batch] button[type=submit]").click()

    page.route("**/uploads/*", lambda route: cut_late(route, page))
    start()
    wait_until(lambda: progress(page) > 40)
    page.reload()
    page.unroute("**/uploads/*")
    start()
    expect(page.locator("input[name$=index_no]")).to_have_count(1, timeout=30_000)
    (upload,) = rows(place.app, Upload)
    assert upload.sha256 == sha256, "one upload, gone on with"


def cut_late(route, page):
    """Let the first parts pass, and none after them."""
    late = int(route.request.headers.get("upload-offset", "0")) >= 32 * MIB
    if route.request.method == "PATCH" and late:
        route.abort()
    else:
        route.continue_()


def test_a_large_version_on_the_page_of_one_paper_goes_in_parts(place, open_page, tmp_path):
    path, sha256 = file_of(tmp_path, "评分底稿.pdf", 40)
    page = open_page(f"/engagements/{place.engagement}/papers/new")
    page.locator("[name=index_no]").fill("G-B21")
    page.locator("[name=title]").fill("评分底稿")
    page.locator("[name=unclassified]").check()
    page.locator("input[type=file]").set_input_files(path)
    picture(page, "upload-one")
    page.locator("form[data-upload] button[type=submit]").click()
    page.wait_for_url("**/papers/*", timeout=30_000)
    expect(page.locator("h1")).to_contain_text("G-B21")
    assert rows(place.app, PaperVersion)[0].sha256 == sha256
    assert rows(place.app, Upload) == []


def test_five_files_of_one_version_go_on_after_the_server_was_killed(place, open_page, tmp_path):
    sizes = {"记录.pdf": 0, "照片一.pdf": 3, "录音.pdf": 60, "照片二.pdf": 2, "清单.pdf": 1}
    files = {name: file_of(tmp_path, name, size) for name, size in sizes.items()}
    page = open_page(f"/engagements/{place.engagement}/papers/new")
    page.locator("[name=index_no]").fill("D-01")
    page.locator("[name=title]").fill("现场核查记录")
    page.locator("[name=unclassified]").check()
    page.locator("input[type=file]").set_input_files([path for path, _sha256 in files.values()])
    expect(page.locator(".upload-list li")).to_have_count(5)
    picture(page, "upload-five")
    page.locator("form[data-upload] button[type=submit]").click()
    large = ".upload-list li:nth-child(3) progress"
    wait_until(lambda: page.evaluate(f"document.querySelector('{large}').value") > 20)
    place.portal.kill()
    expect(page.locator(".upload-list li:nth-child(3) p")).to_contain_text("连接中断")
    place.portal.start_again()
    page.wait_for_url("**/papers/*", timeout=60_000)
    expect(page.locator("h1")).to_contain_text("D-01")
    picture(page, "paper-five")
    (version,) = rows(place.app, PaperVersion)
    kept = [version.sha256, *(one.sha256 for one in rows(place.app, VersionFile))]
    assert kept == [sha256 for _path, sha256 in files.values()]
    # one whose announcement's answer went with the server is announced again: the first ends by day
    assert not any(upload.finished_at for upload in rows(place.app, Upload))


def test_without_scripts_the_same_page_works(place, open_page, tmp_path):
    page = open_page(intake_of(place), java_script_enabled=False)
    files = [file_of(tmp_path, name, 0)[0] for name in ("C-07 台账.pdf", "C-08 清单.pdf")]
    page.locator("input[type=file]").set_input_files(files)
    page.locator("[name=unclassified]").check()
    page.locator("form[enctype] button[type=submit]").click()
    page.locator("form[action$=intake] button.btn-primary").click()
    page.wait_for_url("**/papers")
    assert sorted(p.index_no for p in rows(place.app, WorkingPaper)) == ["C-07", "C-08"]


@pytest.mark.nightly
def test_a_unit_hands_over_several_files_at_once(place, browser, tmp_path):
    with place.app.app_context():
        engagement = db.session.get(Engagement, place.engagement)
        officer = officer_of_unit(engagement)
        db.session.commit()
        item = sent(crew_of(engagement)[0], engagement).items[0]
        login, address = officer.login, f"{place.url}/request-items/{item.id}"
        db.session.remove()
    files = [file_of(tmp_path, name, 0)[0] for name in ("批复.pdf", "办法.pdf", "合同.pdf")]
    program = tmp_path / "程序.pdf"
    program.write_bytes(b"MZ" + bytes(900))
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(address)
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.locator("input[type=file]").set_input_files([files[0], program])
    page.locator("[name=unclassified]").check()
    page.click("form[data-upload] button[type=submit]")
    expect(page.locator(".field-error")).to_contain_text("程序.pdf: ")
    page.locator("input[type=file]").set_input_files(files[1:])
    page.click("form[data-upload] button[type=submit]")
    expect(page.locator(".feed li")).to_have_count(3)
    told = "已提交 3 个文件：批复.pdf、办法.pdf、合同.pdf"
    expect(page.locator(".notice.ok[role=status]")).to_contain_text(
        told
    )  # that of the first attempt too
    assert {one.file_name for one in rows(place.app, RequestFile)} == {one.name for one in files}
    page.context.close()
