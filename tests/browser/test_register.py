"""An agency by itself: from the public application to its own entry in the register."""

import pytest

from app import credit_code
from app.demo.pdf import pdf

NAME = "演示晨星绩效咨询有限公司"
ITEMS = ("particulars", "lead_evaluators", "quality_control", "confidentiality")
ITEMS += ("training", "finance", "good_standing")


@pytest.mark.nightly
def test_an_agency_applies_and_stands_in_the_register(visit, sign_in):
    agency = visit().go("/sign-in").press("机构尚未入库？在此申请")
    agency.look()
    person = {"people__0__name": "演示晨星甲", "people__0__qualification": "注册会计师"}
    person |= {
        "people__0__working_since": "2012-07-01",
        "people__0__evaluating_since": "2016-07-01",
    }
    told = {"name": NAME, "credit_code": credit_code.make(910_001), "agency_type": "consultancy"}
    told |= {"legal_representative": "演示法人", "contact_name": "演示晨星乙"}
    agency.fill(**told, contact_phone="13900001234", login="chenxing", **person)
    agency.press("保存并取得查询地址").sees("仅显示这一次")
    home = agency.page.locator("#link").inner_text()
    agency.page.goto(home)
    file = {"name": "证明材料.pdf", "mimeType": "application/pdf"}
    file["buffer"] = pdf("证明材料", [["演示文件"]])
    for item in ITEMS:
        agency.fill(requirement=item, unclassified=True)
        agency.page.locator("input[type=file]").set_input_files(file)
        agency.page.get_by_role("button", name="上传", exact=True).click()
    agency.sees("必备材料已齐").look().picture("register-application")
    agency.press("提交申请").sees("绩效科正在审核")

    officer = sign_in("jixiao").go("/register-applications").press(NAME)
    officer.look()
    officer.fill(outcome="return", why_training="请补充年度培训计划。")
    officer.page.locator("main button.btn-primary[type=submit]").last.click()
    agency.page.goto(home)
    agency.sees("请补充年度培训计划。").press("提交申请").sees("第 2 轮")
    officer.go("/register-applications").press(NAME)
    officer.fill(outcome="enter")
    officer.page.locator("main button.btn-primary[type=submit]").last.click()
    officer.sees("激活凭条").sees("chenxing").look()
    code = officer.page.locator("dt:text-is('凭条上的激活码') + dd").inner_text()

    agency.go("/activation").fill(login="chenxing", code=code, new="Neu-Wort-2031")
    agency.fill(again="Neu-Wort-2031").page.locator("main button[type=submit]").click()
    agency.sign_in("chenxing", "Neu-Wort-2031").go("/agencies").press(NAME)
    agency.sees("演示晨星甲").press("证明材料、分支机构、合作专家").sees("证明材料.pdf").look()
    agency.picture("register-entry")
    agency.go("/public/agencies").sees(NAME)
