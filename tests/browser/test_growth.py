"""People grow in the browser: from a course to hours, from a list to a panel, a case that waits."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from app import clock
from app.demo import files
from app.demo.growing_words import COURSES, QUESTIONS
from app.training.quizzing import parsed
from tests.browser import placing
from tests.browser.placing import NUMBERS, SOURCE, draw_holds, number_in, press, submit, told

PLANTED = "330302199001011235"  # a true check character, of nobody
COURSE = COURSES[0][0]
PEOPLE = "演示明衡绩效咨询有限公司"


def learn(person):
    """Read every page; come back in between, and go on where one stopped."""
    press(person.go("/courses"), COURSE)
    home, pages = person.path, len(COURSES[0][4])
    press(person, "开始学习").look().picture("course-page")
    press(person, "本页已学完").go(home)
    expect(person.page.locator("progress.learning")).to_have_attribute("value", "1")
    person.picture("course")
    press(person, "从第2页继续")
    for _page in range(pages - 1):
        press(person, "本页已学完")
    watch(person, home)
    return home


def watch(person, home):
    """Watch a piece of the video, come back, and it goes on there; then say that it is over."""
    page = press(person, "观看视频").look().page
    player = page.locator("video")
    player.evaluate("v => { v.muted = true; v.currentTime = 21; return v.play() }")
    with page.expect_response(lambda reply: reply.url.endswith("/places")):
        player.evaluate("v => v.pause()")
    press(person.go(home), "继续看视频")
    told(person, "上次看到0:2").picture("video")
    page.wait_for_function("document.querySelector('video').currentTime >= 21")
    press(person, "本视频已看完")


def answer(person, *, right):
    """Fill the quiz in; the pages never say what is right."""
    known = dict(QUESTIONS)
    for group in person.page.locator("main fieldset").all():
        words = re.sub(r"^\d+\. |（多选）.*$", "", group.locator("legend").inner_text().strip())
        asked = next(each for each in known if words.startswith(each))
        options, places = parsed(known[asked])
        wanted = places if right else [n for n in range(len(options)) if n not in places][:1]
        for place in wanted:
            group.get_by_label(options[place], exact=True).check()


@pytest.mark.nightly
def test_from_a_course_to_the_hours_on_the_profile(sign_in, visit, tmp_path):
    person = sign_in("zhuping1")
    home = learn(person)
    press(person, "开始测验").look()
    attempt = person.path
    answer(person, right=False)
    told(submit(person), "不合格")
    press(person.go(home), "开始测验")
    answer(person, right=True)
    person.picture("quiz")
    told(submit(person), "得分100").look()
    told(person.go(attempt), "不合格")
    assert not person.page.locator("main fieldset").count()  # it can't be handed in again
    press(person.go(home), "查看我的学时和证明").look().picture("hours")
    proof = tmp_path / "hours.pdf"
    row = person.page.locator("main tr", has_text=COURSE).first
    with person.page.expect_download() as file:
        row.get_by_role("link", name="学时证明").click()
    file.value.save_as(proof)
    words = PdfReader(proof).pages[0].extract_text()
    number = re.search(r"XS\d{4}-[0-9A-F]{20}", words)[0]
    anybody = visit().go("/certificates")
    anybody.fill(number=number).look()
    anybody.page.locator("main button[type=submit]").click()
    told(anybody, "查验属实").sees(COURSE).picture("certificate-check")
    anybody.fill(number=number[:-1] + ("0" if number[-1] != "0" else "1"))
    anybody.page.locator("main button[type=submit]").click()
    told(anybody, "查无此证")
    name = person.page.locator("header").inner_text()
    press(person.go("/agencies"), PEOPLE).look().picture("profile")
    shown = person.page.locator("#hours li").all_inner_texts()
    assert any(line.split()[0] in name and int(re.search(r"\d+", line)[0]) > 0 for line in shown)


@pytest.mark.nightly
def test_a_panel_is_drawn_and_drawn_again_elsewhere(sign_in, portal, open_job, tmp_path):
    officer = sign_in("jixiao")
    press(officer.go("/experts"), "专家组抽取")
    press(officer, "抽取专家组").look()
    officer.fill(engagement=number_in(open_job[0]), places=2, beacon="演示公开彩票第2026135期")
    submit(officer.fill(known_from=placing.shown(clock.now() + timedelta(days=1))))
    secret = officer.page.locator(".first-password code").inner_text()
    draw = press(officer, "已打印，查看抽取").look().path
    submit_draw = {"value": NUMBERS, "source": SOURCE, "secret": secret}
    first = officer.page.locator("main form[action$='/result']")
    officer.fill(**submit_draw)
    first.locator("button[type=submit]").click()
    expect(officer.page.locator("main .field-error, main .error-summary").first).to_be_visible()
    with placing.database(portal) as database:  # the day of the lottery comes
        words = "UPDATE panel_draw SET beacon_from = :at WHERE id = :key"
        database(words, at=clock.now() - timedelta(minutes=1), key=number_in(draw))
    officer.go(draw).fill(**submit_draw)
    first.locator("button[type=submit]").click()
    told(officer, "抽取结果").look().picture("panel-drawn")
    record = draw_holds(officer, tmp_path)
    rows = officer.page.locator("main tbody tr").all_inner_texts()
    for place, pick in enumerate(record["picks"]):
        assert pick[0] in rows[place]


@pytest.mark.nightly
def test_a_case_with_a_planted_number_is_refused(sign_in, open_job):
    job, login = open_job
    lead, officer = sign_in(login), sign_in("jixiao")
    words = [f"现场核对演示受益人，证件号码{PLANTED}，与名册一致。"]
    title = "受益对象核查底稿"
    paper = filed(lead, job, f"{title}（一）", words)
    officer.go(paper)
    officer.page.locator("form[action$='/approval'] button").click()
    told(officer, "已通过")
    press(officer, "推荐为案例").look()
    refused(
        officer, "受益对象核查的做法，可供同类项目参考。", f"{PLANTED[:3]}{'*' * 13}{PLANTED[-2:]}"
    )
    clean = filed(lead, job, f"{title}（二）", ["现场核对受益对象，与名册一致。"])
    officer.go(clean)
    officer.page.locator("form[action$='/approval'] button").click()
    press(officer, "推荐为案例")
    refused(officer, f"联系人电话 13800001234，证件 {PLANTED}。", "138******34")
    officer.fill(summary="受益对象核查的做法，可供同类项目参考。")
    told(submit(officer), f"{title}（二）").look().picture("cases")
    leader = sign_in("juzhang")
    press(leader.go("/cases"), f"{title}（二）")
    press(leader.fill(looked=True), "同意发布")
    assert f"{title}（二）" not in sign_in("danwei1").go("/cases").page.content()
    press(officer, f"{title}（二）")
    press(officer.fill(looked=True), "同意发布")
    press(sign_in("danwei1").go("/cases"), f"{title}（二）").look().picture("case")


def refused(officer, summary, shown):
    """The case isn't taken; what was typed stays, and the number is told with its middle hidden."""
    officer.fill(summary=summary, looked=True)
    submit(officer)
    told(officer, shown).picture("case-refused")
    expect(officer.page.locator("main [name=summary]")).to_have_value(summary)
    assert PLANTED not in officer.page.locator("main .field-error").first.inner_text()


def filed(lead, job, title, words):
    """A paper of a class of its own; where it is."""
    lead.go(f"{job}/papers/new?class=G&title={title}")
    data = {"name": f"{title}.docx", "mimeType": "", "buffer": files.docx(title, words)}
    lead.fill(title=title, unclassified=True, file=data)
    lead.page.locator("main form[data-upload] button[type=submit]").click()
    expect(lead.page.locator("h1")).to_contain_text(title)
    return lead.path
