"""Steps of procurement in the browser: a need of one lot, walked page by page by its people."""

import json
import re
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy
from click.testing import CliRunner
from playwright.sync_api import expect
from pypdf import PdfReader

from app import clock
from app.cli import main

UNIT = "演示区农业技术推广中心"
SECTION = "演示区财政局农业农村科"
BUDGET, DAYS = 80_000, 60
NUMBERS = "03 08 15 21 27 32 + 11"
SOURCE = "演示公开彩票公告第2026135期"


@contextmanager
def database(portal):
    """The database of the portal under the browser's hand: days go by in it, nothing else."""
    engine = sqlalchemy.create_engine(portal.env["DATABASE_URL"])
    try:
        yield lambda words, **values: _run(engine, words, values)
    finally:
        engine.dispose()


def _run(engine, words, values):
    with engine.begin() as connection:
        told = connection.execute(sqlalchemy.text(words), values)
        return told.all() if told.returns_rows else []


def number_in(path):
    """The number of the thing that a page shows."""
    return int(re.search(r"/(\d+)", path)[1])


def shown(moment):
    """A moment as a form takes it."""
    return f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}"


def submit(visitor):
    visitor.page.locator("main form[method=post] button[type=submit]:visible").last.click()
    return visitor


def press(visitor, words):
    """Press the button, or follow the link, of the page itself that says exactly these words."""
    main_part = visitor.page.locator("main")
    found = main_part.get_by_role("button", name=words, exact=True)
    found.or_(main_part.get_by_role("link", name=words, exact=True)).first.click()
    return visitor


def told(visitor, words):
    """After a form: the page that follows says that it was done."""
    expect(visitor.page.locator("main")).to_contain_text(words)
    return visitor


def message(visitor, words):
    """Follow the newest message that says these words."""
    buttons = visitor.go("/messages").page.locator("main .message-link")
    buttons.filter(has_text=words).first.click()
    return visitor


def taken(visitor, words):
    """The file behind a link of the page, under the name that it came with."""
    with visitor.page.expect_download() as file:
        press(visitor, words)
    return file.value


def verify(path):
    """What the command says of a file, on a machine without the portal."""
    return CliRunner().invoke(main, ["verify", str(path)])


def holds(path):
    told = verify(path)
    assert told.exit_code == 0, told.output
    return told.output


def draw_holds(visitor, folder):
    """Take draw.json: the command draws the same again, and says so when one number is changed."""
    path = folder / "draw.json"
    taken(visitor, "draw.json").save_as(path)
    holds(path)
    record = json.loads(path.read_text(encoding="utf-8"))
    changed = folder / "changed.json"
    changed.write_text(json.dumps({**record, "beacon_value": "01 02 03"}), encoding="utf-8")
    assert verify(changed).exit_code == 1
    return record


class Placement:
    """A need of one lot: who acts, where its pages are, and what was typed once."""

    def __init__(self, sign_in, database, name):
        self.sign_in, self.database, self.name = sign_in, database, name
        self.lot_name, self.project = f"{name}（第一包）", f"{name}资金"
        self.need = self.lot = self.award = ""
        self.people = {}
        self.officer = self.person("jixiao")

    def person(self, login):
        """The browser of somebody who acts in this story."""
        if login not in self.people:
            self.people[login] = self.sign_in(login)
        return self.people[login]

    # the need

    def plan(self, method, budget=BUDGET, **more):
        """The performance section writes the need down; this is all that is ever typed of it."""
        officer = self.officer
        press(officer.go("/procurement"), "登记采购需求")
        officer.fill(name=self.name, template="财政评价", client="演示区财政局")
        officer.fill(issued_by="agency", method=method, **more)
        row = {"name": self.lot_name, "budget": budget, "days": DAYS, "project": self.project}
        row |= {"funds": 3_000_000, "unit": UNIT, "section": SECTION}
        officer.fill(**{f"lots__0__{field}": value for field, value in row.items()})
        submit(officer)
        expect(officer.page.locator("h1")).to_have_text(self.name)
        self.need = officer.path
        self.lot = officer.page.get_by_role("link", name=self.lot_name).get_attribute("href")
        return self

    def key_halves(self):
        """Two officers make the halves of the key; each secret is read from its slip."""
        return [self._half(self.person(login)) for login in ("jixiao", "jixiao2")]

    def _half(self, officer):
        press(officer.go(self.need), "生成半份密钥")
        secret = officer.page.locator(".first-password code").inner_text()
        press(officer, "已打印，返回采购需求")
        return secret

    def announce(self):
        officer = self.officer
        press(officer.go(self.need), "发布公告")
        officer.fill(until=shown(clock.now() + timedelta(days=3)))
        told(submit(officer), "公告已发布")
        return self

    # the bidders

    def sign_up(self, login):
        """An agency finds the notice in its inbox and signs up with a lead evaluator."""
        agency = self.person(login)
        message(agency, self.name)
        press(agency, self.lot_name)
        press(agency, "报名")
        agency.page.locator("main [name=evaluator]").select_option(index=1)
        agency.fill(people__0__name="演示组员", states=True)
        told(submit(agency), "贵机构已报名")
        return agency

    def bid(self, login, price, words="三阶段核查，两级复核。"):
        """Price and plan are encrypted in the browser and handed in."""
        agency = self.person(login)
        press(agency.go(self.lot), "提交密封报价")
        agency.page.locator("[data-seal-price]").fill(str(price))
        agency.page.locator("[data-seal-plan]").fill(words)
        told(submit(agency), "密封报价已提交")
        return agency

    def offers_end(self):
        """The days of the notice go by."""
        words = "UPDATE procurement_need SET offers_until = :at WHERE id = :key"
        self._passes(words, number_in(self.need))
        return self

    def open_bids(self, slips):
        officer = self.officer
        press(officer.go(self.lot), "开标")
        officer.fill(first=slips[0], second=slips[1])
        told(submit(officer), "已开标")
        return officer

    # the draw

    def freeze(self, words="冻结名单", **more):
        """The list is frozen; the secret is on a slip and nowhere else. Returns it."""
        officer = self.officer
        press(officer.go(self.lot), words)
        officer.fill(known_from=shown(clock.now() + timedelta(days=1)), **more)
        submit(officer)
        secret = officer.page.locator(".first-password code").inner_text()
        press(officer, "已打印，查看抽取")
        return secret

    def seated(self, panel):
        """The logins of those who were drawn; who never signed in before has a password now."""
        key = number_in(panel)
        self.database(
            "UPDATE user_account SET must_change_password = false, password_hash = "
            "(SELECT known.password_hash FROM user_account known WHERE known.login = 'zhuanjia') "
            "WHERE id IN (SELECT expert_id FROM comparison_seat WHERE panel_id = :key)",
            key=key,
        )
        words = (
            "SELECT login FROM user_account JOIN comparison_seat ON expert_id = user_account.id "
            "WHERE panel_id = :key ORDER BY number"
        )
        return [login for (login,) in self.database(words, key=key)]

    def hold_draw(self, page, secret):
        """The lottery is held; its numbers and the slip are entered on the page of the draw."""
        words = "UPDATE procurement_draw SET beacon_from = :at WHERE id = :key"
        self._passes(words, number_in(page))
        officer = press(self.officer.go(page), "进行抽取")
        officer.fill(value=NUMBERS, source=SOURCE, secret=secret)
        return told(submit(officer), "抽取结果")

    # the agreement

    def agree(self, way, members, price):
        """A framework agreement is entered as the province's platform found its members."""
        officer, today = self.officer, clock.today()
        press(officer.go("/frameworks"), "登记框架协议")
        code = f"KJ-{clock.now():%H%M%S}"
        officer.fill(code=code, name=f"{self.name}框架协议", way=way, unit_name="每个项目")
        officer.fill(result_url="https://platform.invalid/ruwei/1")
        officer.fill(starts_on=today.isoformat())
        officer.fill(ends_on=(today + timedelta(days=300)).isoformat())
        for at, name in enumerate(members):
            officer.fill(**{f"members__{at}__evaluator": name, f"members__{at}__price": price})
        told(submit(officer), "框架协议已登记")
        return officer

    def name_agreement(self):
        """The need is placed under its agreement, the only one of its way that is in force."""
        officer = press(self.officer.go(self.need), "指定框架协议")
        officer.fill(framework=f"{self.name}框架协议")
        return told(submit(officer), "已归入该框架协议")

    # the award and what follows

    def awarded(self):
        """The page of the award, where its rule or the buyer's choice has led."""
        officer = self.officer
        if not re.search(r"/awards/\d+$", officer.path):
            press(officer.go(self.lot), "查看中选结果")
        expect(officer.page).to_have_url(re.compile(r"/awards/\d+$"))
        self.award = officer.path
        return officer

    def winner(self):
        """Agency, price in fen and lead evaluator of the award, as they are kept."""
        words = (
            "SELECT o.name, a.price_fen, e.name FROM procurement_award a"
            " JOIN organisation o ON o.id = a.agency_id JOIN evaluator e ON e.id = a.evaluator_id"
            " WHERE a.id = :key"
        )
        return self.database(words, key=number_in(self.award))[0]

    def notice_reaches(self, login):
        """The winner hears of it and takes the 中选通知书 away, which says it all."""
        agency, (name, price, lead) = self.person(login), self.winner()
        message(agency, self.lot_name)
        expect(agency.page).to_have_url(re.compile(f"{self.award}$"))
        file = taken(agency, "中选通知书（PDF）")
        assert file.suggested_filename.startswith("中选通知书")
        words = "".join(page.extract_text() for page in PdfReader(file.path()).pages)
        words = re.sub(r"\s", "", words)
        for part in (name, self.lot_name, lead, f"{price / 100:,.2f}"):
            assert part in words, part
        return agency

    def sign(self, number, login=""):
        """After the public notice the contract opens the engagement; only its number is typed."""
        officer, (name, price, lead) = self.officer, self.winner()
        told(officer.go(self.award), "结果公示至")
        words = "UPDATE procurement_award SET public_until = :at WHERE id = :key"
        yesterday = clock.today() - timedelta(days=1)
        self.database(words, at=yesterday, key=number_in(self.award))
        press(officer.go(self.award), "录入已签合同")
        officer.fill(number=number)
        told(submit(officer), "委托项目已开启")
        officer.page.locator("main .notice a[href^='/engagements/']").click()
        expect(officer.page).to_have_url(re.compile(r"/engagements/\d+$"))
        ends = clock.today() + timedelta(days=DAYS)
        parts = (self.lot_name, name, lead, self.project, UNIT, f"{price / 100:,.2f}")
        for part in (*parts, ends.isoformat()):
            told(officer, part)
        if login:  # and the agency finds it among its own
            told(self.person(login).go(officer.path), self.lot_name)
        return officer

    def decide(self, folder):
        """The leader approves; the pack is built, taken away and checked offline."""
        leader = self.person("juzhang")
        press(leader.go(f"{self.need}/decisions"), "批准 1 个中选结果")
        expect(leader.page.locator("main")).not_to_contain_text("待批准")
        officer = self.officer
        press(officer.go(self.need), "决策与决策包")
        press(officer, "生成决策包")
        link = officer.page.locator("main a[href^='/decision-packs/']").first
        expect(link).to_be_visible(timeout=60_000)
        with officer.page.expect_download() as file:
            link.click()
        path = folder / "pack.zip"
        file.value.save_as(path)
        holds(path)
        return path

    def finish(self, login, number, folder):
        """From the award to the opened engagement: the winner's notice, the pack, the contract."""
        self.notice_reaches(login)
        self.decide(folder)
        return self.sign(number, login)

    def _passes(self, words, key):
        self.database(words, at=clock.now() - timedelta(seconds=1), key=key)
