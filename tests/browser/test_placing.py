"""From the need to the opened engagement, by each method, in the browser by those who do it."""

import json
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from app import clock
from tests.browser import placing
from tests.browser.placing import press, submit, told

LOTTERY = "演示公开彩票第2026135期开奖号码"
MEMBERS = ("演示明衡绩效咨询有限公司", "演示澄观绩效评价有限公司", "演示允中会计师事务所")


@pytest.fixture
def place(sign_in, portal):
    """A need that is about to be placed."""
    with placing.database(portal) as database:
        yield lambda name: placing.Placement(sign_in, database, name)


@pytest.mark.nightly
def test_by_a_draw(place, tmp_path):
    story = place("演示随机抽取绩效评价").plan("draw").announce()
    for login in ("jigou1", "jigou2", "jigou3"):
        story.sign_up(login)
    story.offers_end()
    secret = story.freeze(name=LOTTERY, weights="equal")
    draw = story.officer.path
    agency = press(story.person("jigou2").go(draw), "提交本机构随机数")
    told(submit(agency.fill(words="贵在见证")), "随机数已参与抽取")
    story.hold_draw(draw, secret).picture("draw-held")
    record = placing.draw_holds(agency.go(draw), tmp_path)
    press(story.officer, "按抽取结果确定中选")
    story.awarded()
    assert story.winner()[0] == record["picks"][0][0]
    story.sign("HT-抽取-1")


@pytest.mark.nightly
def test_by_a_direct_choice_with_its_reason(place, tmp_path):
    story = place("演示直接选取绩效评价").plan("direct", reason="紧急任务，仅此机构具备既有数据")
    officer = story.officer
    officer.picture("direct-need")
    press(officer.go(story.lot), "确定中选机构").picture("direct-form")
    officer.fill(evaluator=MEMBERS[1], price="80001")
    submit(officer).sees("不超过预算")
    officer.fill(price="79000")
    told(submit(officer), "已确定中选机构").picture("direct-lot")
    story.awarded().picture("direct-award")
    story.notice_reaches("jigou2").picture("direct-award-agency")
    story.decide(tmp_path)
    story.officer.picture("direct-decisions")
    story.sign("HT-直接-1", "jigou2").picture("direct-engagement")


@pytest.mark.nightly
def test_by_a_comparison_of_a_drawn_panel(place, tmp_path):
    story = place("演示综合比选绩效评价").plan("comparison")
    officer = story.officer
    officer.picture("comparison-need")
    press(officer, "载明评审标准").picture("comparison-criteria")
    told(submit(officer), "评审标准已载入公告").picture("comparison-stated")
    slips = story.key_halves()
    story.announce()
    for login, price in (("jigou1", 72_000), ("jigou2", 68_000), ("jigou3", 75_000)):
        story.sign_up(login)
        story.bid(login, price)
    story.offers_end().officer.go(story.lot).picture("comparison-lot-over")
    secret = story.freeze("抽取评审小组", places=3, beacon=LOTTERY)
    panel = officer.path
    officer.picture("comparison-frozen")
    story.open_bids(slips).picture("comparison-opened")
    story.database(
        "UPDATE comparison_panel SET beacon_from = now() - interval '1 second' WHERE id = :key",
        key=placing.number_in(panel),
    )
    officer.go(panel).fill(value=placing.NUMBERS, source=placing.SOURCE, secret=secret)
    press(officer, "抽取")
    told(officer, "评审小组已抽取").picture("comparison-drawn")
    placing.draw_holds(officer, tmp_path)
    for nth, login in enumerate(story.seated(panel)):
        judged(story, login, nth)
    officer.go(panel).fill(minutes="三名成员独立打分，无异议。")
    press(officer, "结束评审")
    told(officer, "综合比选已结束").picture("comparison-result")
    best = totals_follow(officer)
    press(officer, "按综合得分确定中选")
    story.awarded().picture("comparison-award")
    assert story.winner()[0] == best
    login = next(f"jigou{n}" for n, name in enumerate(MEMBERS, start=1) if name in best)
    story.finish(login, "HT-比选-1", tmp_path)


def totals_follow(officer):
    """The members' mean and the price's points make the totals; returns who has the most.

    Of four criteria each member gives 38 points to plan A, 46 to B and 54 to C.
    """
    rows = officer.page.locator("main table").first.locator("tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    assert [row[2].strip() for row in cells] == ["C", "B", "A"]
    for _place, _agency, plan, price, by_members, by_price, total in cells:
        judged_points = Decimal(38 + 8 * "ABC".index(plan.strip()))
        price_points = Decimal(20 * 68_000) / Decimal(price.split()[0].replace(",", ""))
        price_points = price_points.quantize(Decimal("0.01"), ROUND_HALF_UP)
        shown = [Decimal(each.strip()) for each in (by_members, by_price, total)]
        assert shown == [judged_points, price_points, judged_points + price_points]
    return cells[0][1].strip()


def judged(story, login, nth):
    """A member finds the seat in the inbox, states the five grounds and scores alone."""
    member = placing.message(story.person(login), story.lot_name)
    if nth == 0:
        member.picture("comparison-statement")
    press(member, "作出声明")
    told(member, "声明已留痕")
    if nth == 0:
        member.picture("comparison-sheet")
    fields = member.page.locator("main fieldset input[inputmode=decimal]")
    for at in range(fields.count()):
        fields.nth(at).fill(str(8 + 2 * (at // 4) + (at + nth) % 4))
    press(member, "提交（提交后不可更改）")
    told(member, "评分表已提交")
    if nth == 0:
        member.picture("comparison-handed-in")


@pytest.mark.nightly
def test_by_bids_of_which_the_lowest_is_explained(place, tmp_path):
    story = place("演示竞价绩效评价").plan("bidding")
    slips = story.key_halves()
    story.announce()
    for login, price in (("jigou1", 75_000), ("jigou2", 40_000)):
        story.sign_up(login)
        story.bid(login, price)
    story.offers_end()
    officer = told(story.open_bids(slips), "可能低于成本的报价尚未处理")
    officer.picture("bids-low")
    begins(officer, "书面询问报价").fill(words="请说明工作量测算和人员投入。", working_days=2)
    told(submit(officer), "已书面询问报价机构").picture("bids-asked")
    agency = placing.message(story.person("jigou2"), story.lot_name)
    told(begins(agency, "说明报价"), "请说明工作量测算和人员投入。").picture("bids-explain")
    told(submit(agency.fill(words="两名主评人同区驻点，差旅从简。")), "答复已录入")
    begins(officer.go(story.lot), "处理低价报价").fill(verdict="accepted", reason="测算合理")
    told(submit(officer), "处理决定已录入")
    press(officer, "按最低有效报价确定中选")
    story.awarded()
    assert story.winner()[:2] == (MEMBERS[1], 4_000_000)
    story.finish("jigou2", "HT-竞价-1", tmp_path)


def begins(visitor, words):
    """Follow the link of a row, which says these words and then which row it is."""
    visitor.page.locator("main").get_by_role("link", name=words).first.click()
    return visitor


@pytest.mark.nightly
def test_by_a_draw_and_then_bids(place, tmp_path):
    story = place("演示抽取竞价绩效评价").plan("draw_bidding")
    officer = story.officer
    slips = story.key_halves()
    officer.go(story.need).picture("draw-bidding-need")
    press(officer, "载明邀请家数").fill(places=2)
    told(submit(officer), "邀请家数已载明").picture("draw-bidding-stated")
    story.announce()
    logins = {name: f"jigou{n}" for n, name in enumerate(MEMBERS, start=1)}
    for login in logins.values():
        story.sign_up(login)
    story.offers_end()
    secret = story.freeze(name=LOTTERY, weights="ranking")
    story.hold_draw(officer.path, secret)
    record = placing.draw_holds(officer, tmp_path)
    press(officer, "邀请抽中机构竞价").picture("draw-bidding-invite")
    officer.fill(until=placing.shown(clock.now() + timedelta(days=2)))
    told(submit(officer), "已邀请抽中机构竞价").picture("draw-bidding-invited")
    drawn = [pick[0] for pick in record["picks"]]
    login_of = {whole: next(logins[one] for one in logins if one in whole) for whole in drawn}
    for name, price in zip(drawn[:2], (70_000, 69_000), strict=True):
        placing.message(story.person(login_of[name]), story.lot_name)
        story.bid(login_of[name], price)
    left_out = story.person(login_of[drawn[2]]).go(story.lot).picture("draw-bidding-left-out")
    assert left_out is None
    story.database(
        "UPDATE bid_invitation SET bids_until = now() - interval '1 second' WHERE lot_id = :key",
        key=placing.number_in(story.lot),
    )
    story.open_bids(slips).picture("draw-bidding-opened")
    press(officer, "按最低有效报价确定中选")
    story.awarded()
    assert story.winner()[:2] == (drawn[1], 6_900_000)
    story.finish(login_of[drawn[1]], "HT-抽竞-1", tmp_path)


@pytest.mark.nightly
def test_by_an_agreement_and_a_direct_choice(place, tmp_path):
    story = place("演示框架直接选定绩效评价")
    officer = story.agree("framework_direct", MEMBERS, "26000")
    officer.picture("framework-agreement")
    story.plan("framework_direct").officer.picture("framework-need")
    story.name_agreement().picture("framework-named")
    press(officer.go(story.lot), "选定入围机构").picture("framework-choose")
    officer.fill(member=MEMBERS[2], quantity=3, reason="承担过同类项目，人员到位")
    told(submit(officer), "已确定中选机构")
    story.awarded().picture("framework-award")
    assert story.winner()[1] == 7_800_000
    story.finish("jigou3", "HT-框架-1", tmp_path)


@pytest.mark.nightly
def test_by_an_agreement_in_turn(place, tmp_path):
    story = place("演示框架轮候绩效评价")
    officer = story.agree("framework_turn", MEMBERS, "78000")
    agreement = officer.path
    story.plan("framework_turn").name_agreement()
    press(officer.go(story.lot), "登记轮候结果").picture("turn-form")
    submit(officer.fill(outcome="declined")).sees("请填写理由")
    told(submit(officer.fill(reason="在手项目已满")), "轮候结果已登记").picture("turn-declined")
    press(officer.go(story.lot), "登记轮候结果")
    told(submit(officer.fill(outcome="taken", quantity=1)), "轮候结果已登记")
    path = tmp_path / "rotation.json"
    officer.go(agreement).picture("turn-agreement")
    placing.taken(officer, "rotation.json").save_as(path)
    placing.holds(path)
    rotation = json.loads(path.read_text(encoding="utf-8"))
    rotation["turns"][1]["place"] = 3
    path.write_text(json.dumps(rotation), encoding="utf-8")
    assert placing.verify(path).exit_code == 1
    story.awarded()
    assert story.winner()[0] == MEMBERS[1]
    story.finish("jigou2", "HT-框架-2", tmp_path)


@pytest.mark.nightly
def test_by_an_agreement_whose_members_bid_again(place, tmp_path):
    story = place("演示框架二次竞价绩效评价")
    officer = story.agree("framework_bidding", MEMBERS, "78000")
    story.plan("framework_bidding").name_agreement()
    slips = story.key_halves()
    story.announce()
    for login, price in (("jigou1", 77_000), ("jigou2", 76_000)):
        story.sign_up(login)
        story.bid(login, price)
    stranger = press(story.person("jigou5").go(story.lot), "报名")
    stranger.page.locator("main [name=evaluator]").select_option(index=1)
    submit(stranger.fill(states=True)).sees("不是本框架协议的入围机构")
    story.offers_end().open_bids(slips).picture("framework-opened")
    press(officer, "按最低有效报价确定中选")
    story.awarded()
    assert story.winner()[0] == MEMBERS[1]
    story.finish("jigou2", "HT-框架-3", tmp_path)


@pytest.mark.nightly
def test_by_a_consultation_on_the_platform(place, tmp_path):
    notice = "https://platform.invalid/notice/1"
    story = place("演示竞争性磋商绩效评价").plan(
        "consultation", budget=600_000, plan_no="临[2026]100号", notice_url=notice
    )
    officer = story.officer
    officer.picture("consultation-need")
    press(officer.go(story.lot), "录入成交结果").picture("consultation-form")
    officer.fill(evaluator=MEMBERS[0], price="560000")
    submit(officer).sees("请填写省平台结果公告链接")
    officer.fill(result_url="https://platform.invalid/result/1")
    told(submit(officer), "已确定中选机构")
    story.awarded().picture("consultation-award")
    story.finish("jigou1", "HT-磋商-1", tmp_path)
