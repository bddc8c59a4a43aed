"""Numbers and addresses of the province's platform go out and come back by workbook, all or none."""

import io

import openpyxl
import pytest

from app.policy import Role
from app.procurement import platform
from app.procurement.methods import Method
from app.web import fresh_token
from tests.factories import UserFactory
from tests.procurement import placing

URL = "/procurement/platform"


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def needs(officer):
    """A need with an award, and one of two lots without any."""
    awarded = placing.awarded(officer).lot.need
    template = placing.template_in_force("fiscal_evaluation")
    lots = [placing.lot(template), placing.lot(template, name="演示二包")]
    return awarded, placing.planned(officer, Method.DIRECT, lots=lots)


def filled(*rows):
    book = openpyxl.Workbook()
    book.active.append([column.heads[0] for column in platform.COLUMNS.values()])
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, data):
    told = {"once": fresh_token(), "file": (io.BytesIO(data), "平台.xlsx")}
    return client.post(URL, data=told, content_type="multipart/form-data")


def test_the_workbook_goes_out_is_filled_and_comes_back(sign_in, officer, needs, audited):
    client, (awarded, open_need) = sign_in(officer), needs
    assert client.get(URL).status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}/workbook").data))
    sheet = book.active
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {(awarded.code, 1), (open_need.code, 1), (open_need.code, 2)}
    row = rows[awarded.code, 1]
    for place, value in ((2, "临[2026]1号"), (3, "https://p.invalid/n"), (5, "HT-9")):
        row[place].value = value
    out = io.BytesIO()
    book.save(out)
    assert send(client, out.getvalue()).status_code == 302
    award = awarded.lots[0].award
    assert (awarded.plan_no, awarded.notice_url) == ("临[2026]1号", "https://p.invalid/n")
    assert award.contract_no == "HT-9"
    assert award.result_url == "https://example.invalid/1"  # an empty cell would leave it too
    assert audited().count("platform_numbers.taken") == 1
    assert send(client, out.getvalue()).status_code == 422  # nothing is new


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["X1999-001", 1, "临1号"], "B"),
        (["{code}", 9, "临1号"], "B"),
        (["{code}", "一", "临1号"], "B"),
        (["{code}", 1, "临1号", "ftp://x"], "D"),
        (["{code}", 1, "临1号", "javascript:alert(1)"], "D"),
        (["{code}", 1, "", "", "https://p.invalid/r"], "E"),
        (["{code}", 1, "", "", "", "HT-1"], "F"),
        (["{code}", 1, "=1+1"], "C"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken(sign_in, officer, needs, row, column):
    _awarded, need = needs
    bad = [str(cell).replace("{code}", need.code) if cell != 1 and cell != 9 else cell
           for cell in row]  # fmt: skip
    reply = send(sign_in(officer), filled([need.code, 2, "临2号"], bad))
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert f">{column}<" in page
    assert ">3<" in page
    assert need.plan_no == ""


def test_two_rows_of_a_need_agree(sign_in, officer, needs):
    _awarded, need = needs
    client = sign_in(officer)
    both = filled([need.code, 1, "临1号"], [need.code, 2, "临2号"])
    assert send(client, both).status_code == 422
    assert send(client, filled([need.code, 1, "临1号"], [need.code, 2, "临1号"])).status_code == 302
    assert need.plan_no == "临1号"


def test_a_signed_contract_keeps_its_number(sign_in, officer, needs):
    from app.db import transaction
    from app.procurement import awarding

    award = needs[0].lots[0].award
    with placing.first_day(award):
        with transaction():
            awarding.sign_contract(officer, award, placing.contract(award))
        reply = send(sign_in(officer), filled([needs[0].code, 1, "", "", "", "HT-2"]))
    assert reply.status_code == 422
    assert award.contract_no == "HT-2026-001"


def test_others_find_no_such_page(sign_in):
    for role in (Role.LEADER, Role.AGENCY_ADMIN, Role.UNIT_OFFICER):
        client = sign_in(UserFactory(role=role))
        for url in (URL, f"{URL}/workbook"):
            assert client.get(url).status_code == 403
        assert send(client, b"x").status_code == 403
