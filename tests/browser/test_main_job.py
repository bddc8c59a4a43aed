"""The whole job by hand, in Chinese: from an agency's entry in the register to a ranking's files."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from app import clock, credit_code
from app.demo import files
from app.demo.pdf import pdf

SERIAL = 900_001
AGENCY = "演示星河绩效咨询有限公司"
LEAD = "演示欧阳星河"
NAME = "2026年度演示农技推广项目绩效目标审核"
UNIT = "演示区农业技术推广中心"
SECTION = "演示区财政局农业农村科"
PAPERS = (
    ("contract", "A", "业务委托合同"),
    ("contract", "A", "回避声明"),
    ("contract", "A", "保密协议和廉洁承诺书"),
    ("preparation", "A", "工作组名单及分工"),
    ("preparation", "C", "送审绩效目标清单"),
    ("fieldwork", "G", "绩效目标审核底稿"),
    ("draft", "H", "审核意见初稿"),
    ("draft", "J", "三级复核记录"),
    ("consultation", "I", "意见采纳情况表"),
    ("final_report", "H", "正式审核意见"),
    ("final_report", "A", "工作总结"),
)


def content(title):
    if title.startswith("正式"):
        return f"{title}.pdf", pdf(title, [[f"主评人（签名）：{LEAD}"]], seal="演示印章")
    if "清单" in title or "底稿" in title:
        return f"{title}.xlsx", files.xlsx(title, [["序号", "项目"], [1, "演示"]])
    return f"{title}.pdf", pdf(title, [[f"编制人：{LEAD}"]])


class Job:
    """What the people of one job remember together."""

    def __init__(self, sign_in, visit):
        self.sign_in, self.visit = sign_in, visit
        self.officer = sign_in("jixiao")
        self.lead = None
        self.engagement = ""
        self.numbers = {}
        self.papers = {}

    # the register

    def register_agency(self):
        officer = self.officer
        officer.go("/agencies/new").look()
        code = credit_code.make(SERIAL)
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        particulars = {"agency_type": "consultancy", "legal_representative": "演示法人"}
        officer.fill(name=AGENCY, credit_code=wrong, **particulars)
        officer.page.locator("main button[type=submit]").click()
        expect(officer.page.locator(".error-summary, [data-focus]").first).to_be_visible()
        expect(officer.page.locator("[name=name]")).to_have_value(AGENCY)
        officer.look().fill(credit_code=code)
        officer.page.locator("main button[type=submit]").click()
        expect(officer.page.locator("h1")).to_have_text(AGENCY)
        self.agency = officer.path

    def open_account(self, role, login, name):
        """The officer opens an account; its owner signs in and chooses a password."""
        officer = self.officer
        officer.go("/accounts/new").look()
        officer.fill(organisation=AGENCY, role=role, name=name, login=login)
        officer.page.locator("main button[type=submit]").click()
        first = re.search(
            r"[a-z]{4}-[A-Z][a-z]{3}-\d{4}", officer.page.locator("main").inner_text()
        )
        person = self.visit()
        person.sign_in(login, first[0])
        expect(person.page).to_have_url(re.compile("/password"))
        person.look().fill(old=first[0], new=f"Own-{first[0]}", again=f"Own-{first[0]}")
        person.page.locator("main button[type=submit]").click()
        expect(person.page).not_to_have_url(re.compile("/password"))
        return person

    def enter_evaluator(self):
        officer = self.officer
        officer.go(f"{self.agency}/evaluators/new").look()
        officer.fill(
            name=LEAD,
            qualification="注册会计师",
            working_since="2010-07-01",
            evaluating_since="2015-03-01",
            user=LEAD,
        )
        officer.page.locator("main button[type=submit]").click()
        officer.sees(LEAD).press("确认")
        expect(officer.page.locator("main")).to_contain_text("可签字")

    # the contract

    def open_engagement(self):
        officer, today = self.officer, clock.today()
        officer.go("/engagements/new").look()
        officer.fill(
            name=NAME,
            template="绩效目标审核",
            client="演示区财政局",
            lead_evaluator=LEAD,
            fee="86000",
            signed_on=today.isoformat(),
            starts_on=today.isoformat(),
            ends_on=(today + timedelta(days=90)).isoformat(),
            issued_by="agency",
        )
        officer.fill(
            tasks__0__project="演示农技推广补助资金",
            tasks__0__amount="1280000",
            tasks__0__unit=UNIT,
            tasks__0__section=SECTION,
        )
        officer.page.locator("main .submit-row button.btn-primary").last.click()
        expect(officer.page.locator("h1")).to_have_text(NAME)
        self.engagement = officer.path
        officer.look()

    # the papers

    def upload(self, index_class, title):
        """The lead evaluator sends a paper; with scripts there is a progress bar."""
        lead = self.lead
        self.numbers[index_class] = self.numbers.get(index_class, 0) + 1
        name, data = content(title)
        lead.go(f"{self.engagement}/papers/new?class={index_class}&title={title}")
        lead.fill(index_no=f"{index_class}-{self.numbers[index_class]:02d}", title=title)
        lead.fill(unclassified=True, file={"name": name, "mimeType": "", "buffer": data})
        lead.page.locator("main form[data-upload] button[type=submit]").click()
        expect(lead.page.locator("h1")).to_contain_text(title)
        return lead.path, name, data

    def move(self):
        """The agency hands the stage in, the section passes it."""
        self.lead.go(self.engagement).press("提交本阶段")
        self.officer.go(self.engagement).press("审核通过本阶段")

    def guide(self, paper, name, data):
        """An opinion, a return, an answer with a new version, and the approval."""
        officer, lead = self.officer, self.lead
        officer.go(paper).look()
        assert download(officer, "下载") == (name, data)
        officer.fill(
            body="第2页目标值与预算批复不一致，请核对。", kind="must_resolve", place="第2页"
        )
        officer.page.locator("#new-note button[type=submit]").click()
        officer.sees("第2页目标值与预算批复不一致").look()
        officer.press("退回修改").look().fill(words="请按意见修改后重新提交。")
        officer.page.locator("main button[type=submit]").click()
        officer.go(paper).picture("paper")
        lead.go(paper).look()
        lead.page.locator("textarea[name=body]").first.fill("已按批复更正，见新版。")
        lead.page.get_by_role("button", name="答复").first.click()
        lead.sees("已按批复更正").go(f"{paper}/versions/new").look()
        again = files.xlsx("绩效目标审核底稿", [["序号", "项目"], [1, "已更正"]])
        lead.fill(unclassified=True, file={"name": name, "mimeType": "", "buffer": again})
        lead.page.locator("main form[data-upload] button[type=submit]").click()
        expect(lead.page.locator("main")).to_contain_text("第 2 版")
        officer.go(paper)
        officer.page.locator("form[action$='/settlement'] button").click()
        officer.go(paper)
        officer.page.locator("form[action$='/approval'] button").click()
        expect(officer.page.locator("main")).to_contain_text("已通过")

    # the end

    def name_reviewers(self, people):
        """The lead evaluator names three others of the agency; each has a browser of their own."""
        self.reviewers = people
        lead = self.lead.go(f"{self.engagement}/level-reviews").look()
        lead.fill(**dict(zip(("first", "second", "third"), people, strict=True)))
        lead.page.locator("main .submit-row button").click()
        lead.sees("已指定")

    def review(self, paper):
        """Level after level passes the paper with an opinion."""
        for name, person in self.reviewers.items():
            person.go(paper).fill(opinion=f"{name}：与底稿一致，同意。", outcome="passed")
            person.page.locator("#level-reviews form .submit-row button").click()
            person.sees(f"{name}：与底稿一致")

    def submit_report(self):
        lead = self.lead
        lead.go(f"{self.engagement}/report").sees("须先完成三级复核").look().picture("report-waits")
        self.review(self.papers["G"])
        self.review(self.papers["H"])
        lead.go(f"{self.engagement}/report").look().fill(seal="scanned")
        lead.page.locator("main button[type=submit]").last.click()
        lead.sees("已提交并锁定").look()

    def accept(self):
        officer = self.officer
        officer.go(f"{self.engagement}/acceptance").look()
        for radio in officer.page.locator("main [value=met]").all():
            radio.check()
        officer.fill(outcome="accept")
        officer.page.locator("main .submit-row button").last.click()
        officer.sees("已验收")

    def rate(self, login, stars, words):
        """One buyer finds the invitation and rates; nothing is preset."""
        buyer = self.sign_in(login)
        buyer.go("/reviews")
        buyer.page.get_by_role("link", name=NAME).first.click()
        buyer.look()
        assert buyer.page.locator("main input[type=radio]:checked").count() == 0
        for group in buyer.page.locator("main fieldset").all():
            group.locator(f"input[value='{stars}']").check(force=True)
        buyer.fill(words=words)
        buyer.picture(f"review-{login}")
        buyer.page.locator("main .submit-row button").click()
        expect(buyer.page.locator("main")).to_contain_text("不可修改")
        return buyer

    def rank(self):
        officer = self.officer
        officer.go("/rankings/new").look()
        officer.fill(title="演示排名（浏览器）", as_of=clock.today().isoformat())
        officer.page.locator("main .submit-row button").click()
        computed = officer.page.get_by_role("link", name="查看排名")
        expect(computed).to_be_visible(timeout=60_000)  # the background has computed it
        computed.click()
        expect(officer.page).to_have_url(re.compile(r"/rankings/\d+"))
        draft = officer.page.url
        officer.page.get_by_role("link", name=re.compile("样本不足")).first.click()
        officer.sees(AGENCY).look()  # one engagement is too few for a place
        officer.page.goto(draft)
        officer.fill(reason="经科务会审议。")
        officer.page.locator("main .submit-row button").last.click()
        expect(officer.page.locator("main")).to_contain_text("经科务会审议")
        officer.look().picture("ranking")


def download(visitor, words):
    with visitor.page.expect_download() as told:
        visitor.page.get_by_role("link", name=words).first.click()
    found = told.value
    return found.suggested_filename, found.path().read_bytes()


@pytest.mark.timeout(400)
def test_from_contract_to_ranking(sign_in, visit, portal):
    job = Job(sign_in, visit)
    job.register_agency()
    reviewers = {"演示管理": job.open_account("agency_admin", f"xinghe{SERIAL}", "演示管理")}
    for name, login in (("演示质控", "zhikong"), ("演示校核", "jiaohe")):
        reviewers[name] = job.open_account("agency_member", f"{login}{SERIAL}", name)
    job.lead = job.open_account("lead_evaluator", f"zhuping{SERIAL}", LEAD)
    job.enter_evaluator()
    job.open_engagement()
    job.name_reviewers(reviewers)
    stage = "contract"
    for code, index_class, title in PAPERS:
        if code != stage:
            job.move()
            stage = code
        paper, name, data = job.upload(index_class, title)
        job.papers[index_class] = paper
        if index_class == "G":
            job.guide(paper, name, data)
    job.submit_report()
    job.move()
    job.accept()
    job.rate("danwei1", 4, "")
    job.rate("keshi4", 5, "沟通主动，材料一次说清。")
    job.rate("jixiao2", 4, "")
    job.lead.go(f"{job.engagement}/reviews").sees("沟通主动").look()
    assert "keshi4" not in job.lead.page.content()
    job.rank()
    check_exports(job.officer)
    job.officer.go(job.engagement).look().picture("engagement")
    check_log(portal)


def check_exports(officer):
    name, book = download(officer, "导出 Excel")
    assert name.endswith(".xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    cells = [str(cell) for sheet in sheets for row in sheet.values for cell in row]
    assert any(AGENCY in cell for cell in cells)
    name, text = download(officer, "CSV")
    assert name.endswith(".csv")
    assert text.startswith(b"\xef\xbb\xbf")
    assert any(AGENCY in cell for row in csv.reader(io.StringIO(text.decode())) for cell in row)
    name, paper = download(officer, "PDF")
    assert name.endswith(".pdf")
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert AGENCY in "".join(read.split())


def check_log(portal):
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "audit",
        "verify",
        "--json",
    ]
    told = subprocess.run(
        command, env={**os.environ, **portal.env}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["ok"] is True
