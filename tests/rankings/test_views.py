"""The pages and files of a ranking."""

import csv
import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from app import clock, pdf
from app.audit.keys import known_keys
from app.db import db, transaction
from app.policy import ADMINISTRATORS, Role
from app.rankings import asking, files, labels, queries, reading, services
from app.rankings.bundles import verify_bundle
from app.rankings.models import RankingRequest, RankingSnapshot
from app.rankings.record import digest, exact
from app.web import fresh_token
from tests.factories import AgencyFactory, UserFactory
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import rated

needs_tools = pytest.mark.skipif(bool(pdf.missing()), reason="; ".join(pdf.missing()))


def sent(**fields):
    """A filled form with its one-time token."""
    return {**fields, "once": fresh_token()}


@pytest.fixture
def published(officer, district):
    made = snapshot(officer, min_engagements=2)
    with transaction():
        services.publish_snapshot(officer, made, "演示发布理由")
    return made


def figures(made):
    return {row.agency.name: row for row in queries.rows_of(made)}


def test_a_ranking_is_computed_looked_at_and_published(officer, district, sign_in):
    client = sign_in(officer)
    assert client.get("/rankings/new").status_code == 200
    answer = client.post("/rankings", data=sent(title="演示半年排名", as_of="2020-01-31"))
    for asked in db.session.scalars(select(RankingRequest.id)).all():
        asking.compute_asked(asked)
    page = client.get(answer.headers["Location"]).headers["Location"]
    assert "演示半年排名" in client.get(page).get_data(as_text=True)
    assert client.post(f"{page}/publication", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/publication", data=sent(reason="演示理由")).status_code == 302
    assert client.post(f"{page}/publication", data=sent(reason="演示理由")).status_code == 422
    assert "演示半年排名" in client.get("/rankings").get_data(as_text=True)


def test_a_wrong_form_is_shown_again_with_what_was_typed(officer, sign_in):
    client = sign_in(officer)
    for data in ({"title": "演示甲", "as_of": "2999-01-01"}, {"title": "演示甲", "as_of": ""}):
        answer = client.post("/rankings", data=data)
        assert answer.status_code == 422
        assert "演示甲" in answer.get_data(as_text=True)


def test_the_page_shows_rank_interval_raw_mean_and_doubt(published, sign_in):
    page = sign_in(UserFactory(role=Role.LEADER)).get(f"/rankings/{published.id}")
    text = page.get_data(as_text=True)
    for name, row in figures(published).items():
        assert (name in text) == (row.rank is not None)
        if row.rank:
            assert f"({row.rank_low}–{row.rank_high})" in text
            assert f"<b>{row.score}</b>" in text
    assert text.count("<svg") >= 3
    assert published.result_digest in text


def test_the_why_page_prints_every_term(published, sign_in):
    client = sign_in(UserFactory(role=Role.LEADER))
    for row in queries.rows_of(published):
        page = client.get(f"/rankings/{published.id}/agencies/{row.agency_id}")
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        if terms := reading.exact_terms_of(reading.read(published), row.agency_id):
            assert f"{terms.score:.4f}" in text
            assert f"{terms.own:.4f}" in text
    assert client.get(f"/rankings/{published.id}/agencies/999999").status_code == 404


def test_only_the_bureau_sees_the_engagements_behind_a_score(published, sign_in):
    agency = queries.rows_of(published)[0].agency
    place = f"/rankings/{published.id}/agencies/{agency.id}"
    bureau = sign_in(UserFactory(role=Role.INSPECTOR)).get(place).get_data(as_text=True)
    own = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
    assert "演示项目绩效评价" in bureau
    assert "演示项目绩效评价" not in sign_in(own).get(place).get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_drafts_and_published_rankings(officer, published, sign_in, role):
    draft, client = snapshot(officer), sign_in(UserFactory(role=role))
    overseer = role in {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}
    business = role not in ADMINISTRATORS
    agency = queries.rows_of(published)[0].agency_id
    for made, allowed in ((draft, overseer), (published, business)):
        places = ("", f"/agencies/{agency}", "/files/csv")
        found = {client.get(f"/rankings/{made.id}{place}").status_code for place in places}
        assert found == {200 if allowed else 404}
    wanted = 200 if business else 403
    assert client.get("/rankings").status_code == wanted
    assert client.get("/rankings/method").status_code == wanted
    asked = client.post("/rankings", data=sent(title="演示", as_of="2020-01-31"))
    assert asked.status_code == (302 if role is Role.PERFORMANCE_OFFICER else 403)
    assert (client.get(f"/rankings/{published.id}/laboratory").status_code == 200) == overseer
    reply = client.post(f"/rankings/{published.id}/bundle", data=sent(recipient="演示审计局"))
    assert (reply.status_code == 200) == overseer
    assert (client.get(f"/rankings/{published.id}/bundle").status_code == 200) == business


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(officer, session, sign_in, audited):
    agency = AgencyFactory(organisation__name="=演示公式机构")
    for _ in range(3):
        rated(4, agency=agency)
    made = snapshot(officer)
    answer = sign_in(officer).get(f"/rankings/{made.id}/files/csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["'=演示公式机构" in row for row in rows].count(True) == 1
    assert len({len(row) for row in rows}) == 1
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert audited()[-1] == "ranking.exported"


def test_the_workbook_has_four_sheets_with_the_pages_figures(published, sign_in):
    answer = sign_in(UserFactory(role=Role.LEADER)).get(f"/rankings/{published.id}/files/xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == 4
    cells = {c.value for sheet in book for line in sheet.iter_rows() for c in line}
    for name, row in figures(published).items():
        assert name in cells
        if row.score is not None:
            assert row.score in cells
    assert {published.code, published.data_digest, published.result_digest} <= cells


@needs_tools
def test_the_print_is_chinese_text_with_page_numbers(published, sign_in):
    answer = sign_in(UserFactory(role=Role.LEADER)).get(f"/rankings/{published.id}/files/pdf")
    assert answer.mimetype == "application/pdf"
    read = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    squeezed = re.sub(r"\s+", "", "".join(read))
    assert published.title in squeezed
    assert f"第1页共{len(read)}页" in squeezed
    assert published.result_digest in squeezed
    for name in figures(published):
        assert name in squeezed


def test_an_unknown_form_of_file_does_not_exist(published, sign_in):
    client = sign_in(UserFactory(role=Role.LEADER))
    assert client.get(f"/rankings/{published.id}/files/exe").status_code == 404


def test_a_page_of_many_agencies_costs_as_many_statements_as_one_of_few(
    officer,
    session,
    sign_in,
    statements,
):
    client = sign_in(UserFactory(role=Role.LEADER))

    def cost():
        made = snapshot(officer)
        client.get(f"/rankings/{made.id}")
        with statements() as seen:
            assert client.get(f"/rankings/{made.id}").status_code == 200
        return len(seen)

    agency = AgencyFactory()
    rated(4, agency=agency)
    rated(4, agency=agency)
    few = cost()
    for _ in range(12):
        AgencyFactory()
    for _ in range(3):
        agency = AgencyFactory()
        rated(3, agency=agency)
        rated(4, agency=agency)
    assert cost() == few


def test_no_file_and_no_page_tells_a_figure_of_fewer_than_three(officer, district, sign_in):
    made = snapshot(officer)
    alone = district[3]
    client = sign_in(UserFactory(role=Role.LEADER))
    text = client.get(f"/rankings/{made.id}/files/csv").data.decode("utf-8-sig")
    [row] = [line for line in csv.reader(io.StringIO(text)) if alone.name in line]
    head = next(csv.reader(io.StringIO(text)))
    shown = {str(files.COLUMNS[key][0]) for key in (*files.IN_STARS, "rank", "band", "top")}
    told = {name: cell for name, cell in zip(head, row, strict=True) if name in shown}
    assert {cell for cell in told.values() if cell} <= {"0.0"}, "a reliability of nothing"


def test_the_pages_beside_the_ranking_open_and_answer(published, sign_in):
    client = sign_in(UserFactory(role=Role.LEADER))
    first, second = (row.agency_id for row in queries.rows_of(published)[:2])
    asked = f"/rankings/{published.id}/comparison?first={first}&second={second}"
    assert client.get(asked).status_code == 200
    assert client.get(f"/rankings/{published.id}/comparison?first=0&second=x").status_code == 200
    assert client.get(f"/rankings/{published.id}/comparison?first=999999").status_code == 404
    place = f"/rankings/{published.id}/laboratory"
    now = client.get(place).get_data(as_text=True)
    other = "performance=10&section=10&unit=80&d-quality=10&d-efficiency=1&d-communication=1"
    tried = client.get(f"{place}?{other}&d-satisfaction=1").get_data(as_text=True)
    assert now.count("<tr") == tried.count("<tr") == 4
    assert 'value="80"' in tried
    for state in ("insufficient", "unrated", "nonsense"):
        assert client.get(f"/rankings/{published.id}?state={state}").status_code == 200
    assert client.get(f"/rankings/{published.id}?q=演示&after=9999").status_code == 200


def test_both_bundles_hold_and_who_got_the_data_is_in_the_log(
    officer, published, sign_in, audited, tmp_path
):
    client = sign_in(UserFactory(role=Role.INSPECTOR))
    place = f"/rankings/{published.id}/bundle"
    reply = client.post(place, data=sent(recipient="  "))
    assert reply.status_code == 422
    for method, data in (("post", sent(recipient="演示审计局,演示通知")), ("get", None)):
        path = tmp_path / f"{method}.zip"
        path.write_bytes(getattr(client, method)(place, data=data).data)
        found = verify_bundle(path, known_keys())
        assert found.wrong == []
        assert found.told["ranking"] == published.code
    assert audited()[-2:] == ["ranking.bundled", "ranking.exported"]
    draft = snapshot(officer)
    assert client.get(f"/rankings/{draft.id}/bundle").status_code == 404
    assert client.get(f"/rankings/{draft.id}/files/json").json["published_at"] is None
    assert client.post(f"/rankings/{draft.id}/bundle", data=sent(recipient="演")).status_code == 404


def test_the_json_is_the_text_that_was_signed(published, sign_in):
    reply = sign_in(UserFactory(role=Role.LEADER)).get(f"/rankings/{published.id}/files/json")
    told = json.loads(reply.data)
    assert digest(reply.get_data(as_text=True)) in published.statement
    assert told["code"] == published.code
    assert {row["name"] for row in told["rows"]} == set(figures(published))


def test_the_database_keeps_what_a_published_ranking_was_computed_on(published):
    for change in ({"inputs": b""}, {"salt": "0" * 64}, {"statement": ""}, {"public": "{}"}):
        with pytest.raises(DatabaseError, match="frozen"), transaction():
            db.session.execute(update(RankingSnapshot).values(**change))


def test_the_ledger_is_told_to_the_bureau_and_the_agency_alone(officer, district, sign_in):
    best, good, _poor, _alone, _unrated = district
    before = snapshot(officer)
    with transaction():
        services.publish_snapshot(officer, before, "演示理由")
    rated(3, agency=best)
    with clock.frozen(clock.now() + timedelta(days=1)):
        later = snapshot(officer)
        with transaction():
            services.publish_snapshot(officer, later, "演示理由")
    place = f"/rankings/{later.id}/agencies/{best.id}"
    words = str(labels.MOVES["came"])

    def told(organisation=None, **changes):
        person = UserFactory(organisation=organisation, **changes) if organisation else None
        return words in sign_in(person or UserFactory(**changes)).get(place).get_data(as_text=True)

    assert told(role=Role.INSPECTOR)
    assert told(best.organisation, role=Role.AGENCY_ADMIN)
    assert not told(good.organisation, role=Role.AGENCY_ADMIN)
    assert not told(role=Role.UNIT_OFFICER)


@pytest.mark.owner
def test_agencies_that_nobody_joins_to_the_others_are_named(officer, district, sign_in):
    made, far = snapshot(officer), district[2]
    summary = json.loads(made.summary) | {"parts": [[a.id for a in district[:2]], [far.id]]}
    with transaction():
        made.summary = exact(summary)
        [row] = [row for row in made.rows if row.agency_id == far.id]
        row.part, row.told = 1, exact(json.loads(row.told) | {"part": 1})
    page = sign_in(officer).get(f"/rankings/{made.id}").get_data(as_text=True)
    notice = re.search(rf'<div class="notice warn">[^<]*{far.name}[^<]*</div>', page)
    assert notice
    assert district[0].name not in notice[0]
    assert page.count('<tr class="group">') == 2
    asked = f"/rankings/{made.id}/comparison?first={district[0].id}&second={far.id}"
    assert sign_in(officer).get(asked).status_code == 200
