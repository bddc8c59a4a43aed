"""The pages of indicators: each happy way, one form error, one refusal."""

import io

import pytest
from openpyxl import load_workbook

from app.audit.timeline import events_about, told_to
from app.db import db, transaction
from app.indicators import services
from app.indicators.models import IndicatorSystem
from app.policy import Role
from tests.factories import UserFactory
from tests.indicators.making import D, evidence, full_scores, score
from tests.indicators.test_results import accepted, decided, proposed
from tests.indicators.test_workbook import GOOD, book
from tests.papers.filing import file_paper, first_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(system, **changes):
    """The form of the table as the page sends it."""
    told = {"expected": system.revision}
    for place, one in enumerate(system.indicators):
        for name in ("code", "level1", "level2", "name", "check_point", "points", "standard"):
            told[f"rows-{place}-{name}"] = str(getattr(one, name))
    return {**told, **changes}


def sheet(system, **changes):
    told = {"expected": system.revision}
    for place, one in enumerate(system.indicators):
        told[f"rows-{place}-code"] = one.code
        told[f"rows-{place}-before"] = told[f"rows-{place}-after"] = str(one.points)
    return {**told, **changes}


def test_the_agency_begins_from_the_library(sign_in, engagement, lead):
    client = sign_in(lead)
    url = f"/engagements/{engagement.id}/indicators"
    assert "项目立项" not in client.get(url).get_data(as_text=True)
    reply = client.post(url, data={"task": 1, "source": "library", "once": "one"})
    assert reply.status_code == 302
    assert len(first_of(IndicatorSystem).indicators) == 17
    assert client.post(url, data={"task": 1, "source": "library", "once": "two"}).status_code == 422
    assert client.post(url, data={"task": 9, "source": "library"}).status_code == 422


def test_every_page_answers(sign_in, system, engagement, lead, officer):
    evidence(lead, engagement)
    score(lead, system, full_scores(system, "C-05", less=1))
    urls = [f"/engagements/{engagement.id}/{page}" for page in ("", "indicators", "coverage")]
    urls += [f"/indicator-systems/{system.id}{page}" for page in ("", "/scores")]
    for person in (lead, officer):
        client = sign_in(person)
        for url in urls:
            assert client.get(url.rstrip("/")).status_code == 200, url


@pytest.mark.parametrize("path", ["", "/edit", "/scores", "/workbook", "/import", "/next-version"])
def test_indicators_of_another_agency_are_not_there(sign_in, system, path):
    stranger = UserFactory(role=Role.AGENCY_ADMIN)
    assert sign_in(stranger).get(f"/indicator-systems/{system.id}{path}").status_code == 404


def test_the_evaluated_unit_sees_no_score(sign_in, system, engagement, lead):
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    client = sign_in(unit)
    assert client.get(f"/indicator-systems/{system.id}/scores").status_code == 404
    assert client.get(f"/engagements/{engagement.id}/coverage").status_code == 404
    score(lead, system, full_scores(system, less=1))
    page = client.get(f"/engagements/{engagement.id}").get_data(as_text=True)
    assert f"/engagements/{engagement.id}/indicators" not in page
    assert "99.00" not in page
    assert "核查后扣分" not in page


def test_the_table_is_edited_in_the_page(sign_in, draft, lead):
    client, url = sign_in(lead), f"/indicator-systems/{draft.id}/edit"
    assert client.get(url).status_code == 200
    told = table(draft, **{"rows-0-points": "2.5", "rows-0-check_point": "政策依据"})
    assert client.post(url, data=told).status_code == 302
    assert draft.indicators[0].points == D("2.5")
    assert 'value="2.5"' in client.get(url).get_data(as_text=True)
    assert draft.indicators[0].check_point == "政策依据"


def test_buttons_add_insert_and_drop_rows_without_saving(sign_in, draft, lead):
    client, url = sign_in(lead), f"/indicator-systems/{draft.id}/edit"
    told = table(draft)
    for pressed, rows in (("add", 27), ("insert", 18), ("drop", 16)):
        page = client.post(url, data={**told, pressed: 10 if pressed == "add" else 2})
        assert page.status_code == 200
        assert page.get_data(as_text=True).count('name="drop"') == rows
    assert len(draft.indicators) == 17


def test_a_faulty_cell_is_named_and_what_was_typed_stays(sign_in, draft, lead):
    client, url = sign_in(lead), f"/indicator-systems/{draft.id}/edit"
    told = table(draft, **{"rows-1-points": "200", "rows-2-name": "", "rows-3-name": "留着的字"})
    reply = client.post(url, data=told)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert page.count("is-invalid") == 2
    assert "留着的字" in page
    assert client.post(url, data=table(draft, expected=999)).status_code == 422


def test_a_workbook_is_imported_whole_or_not_at_all(sign_in, draft, lead):
    client, url = sign_in(lead), f"/indicator-systems/{draft.id}/import"
    assert client.get(url).status_code == 200

    def send(data, **more):
        told = {"expected": draft.revision, "file": (io.BytesIO(data), "指标.xlsx"), **more}
        return client.post(url, data=told, content_type="multipart/form-data")

    bad = send(book(GOOD, ["", "其他", "甲", "乙", "", 200, ""]))
    page = bad.get_data(as_text=True)
    assert bad.status_code == 422
    assert [words in page for words in (">B<", ">F<")] == [True, True]
    assert len(draft.indicators) == 17
    assert send(b"nothing").status_code == 422
    assert client.post(url, data={"expected": draft.revision}).status_code == 422
    assert send(book(GOOD)).status_code == 302
    assert [one.code for one in draft.indicators] == ["A11"]


def test_the_bureau_takes_no_workbook_in(sign_in, draft, officer):
    assert sign_in(officer).post(f"/indicator-systems/{draft.id}/import").status_code == 403
    assert sign_in(officer).post(f"/indicator-systems/{draft.id}/edit").status_code == 403


def test_exports_are_on_record(sign_in, system, officer, audited):
    client = sign_in(officer)
    for path in ("workbook", "scores/workbook"):
        reply = client.get(f"/indicator-systems/{system.id}/{path}")
        assert reply.mimetype == XLSX
        assert load_workbook(io.BytesIO(reply.data)).active.max_row >= 18
        assert audited()[-1] == "indicators.exported"


def test_who_took_the_indicators_away_is_told_to_overseers_and_to_oneself(
    sign_in, system, officer, lead
):
    inspector = UserFactory(role=Role.INSPECTOR, name="演示检查员")
    pages = [f"/indicator-systems/{system.id}", f"/engagements/{system.engagement_id}"]
    for person in (inspector, lead):
        assert sign_in(person).get(f"{pages[0]}/workbook").status_code == 200
    for page in pages:
        assert inspector.name not in sign_in(lead).get(page).text
        assert inspector.name in sign_in(officer).get(page).text
    for reader, looks in ((lead, [lead.id]), (officer, [lead.id, inspector.id])):
        found = db.session.scalars(events_about(system).where(told_to(reader))).all()
        assert [one.actor_id for one in found if one.event == "indicators.exported"] == looks


def test_submission_return_and_approval(sign_in, draft, lead, officer):
    url = f"/indicator-systems/{draft.id}"
    assert sign_in(lead).post(f"{url}/submission").status_code == 302
    assert sign_in(lead).post(f"{url}/submission").status_code == 409
    client = sign_in(officer)
    assert client.get(f"{url}/return").status_code == 200
    assert client.post(f"{url}/return", data={"words": ""}).status_code == 422
    assert client.post(f"{url}/return", data={"words": "细化"}).status_code == 302
    assert "细化" in sign_in(lead).get(url).get_data(as_text=True)
    assert sign_in(lead).post(f"{url}/submission").status_code == 302
    assert client.post(f"{url}/approval").status_code == 302
    assert client.post(f"{url}/approval").status_code == 409
    assert sign_in(lead).post(f"{url}/approval").status_code == 403


def test_the_next_version_begins_with_a_reason(sign_in, system, lead):
    client, url = sign_in(lead), f"/indicator-systems/{system.id}/next-version"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": ""}).status_code == 422
    reply = client.post(url, data={"words": "项目调整"})
    assert reply.status_code == 302
    assert client.get(reply.location).status_code == 200
    following = reply.location.rpartition("/edit")[0]
    told = table(system, expected=1, **{"rows-0-points": "2"})
    assert client.post(reply.location, data=told).status_code == 302
    assert client.get(following).get_data(as_text=True).count("tag amber") == 1
    assert client.post(url, data={"words": "再调"}).status_code == 422
    shown = client.get(f"/indicator-systems/{system.id}").get_data(as_text=True)
    assert "项目调整" in shown


def test_the_sheet_is_filled_in(sign_in, system, lead, engagement):
    evidence(lead, engagement)
    client, url = sign_in(lead), f"/indicator-systems/{system.id}/scores"
    told = sheet(system, **{"rows-0-after": "2", "rows-0-evidence": "c-5，C-05"})
    reply = client.post(url, data=told)
    assert reply.status_code == 422, "an adjusted score needs its reason"
    assert reply.get_data(as_text=True).count("is-invalid") == 1
    told["rows-0-adjustment"] = "批复缺页"
    assert client.post(url, data=told).status_code == 302
    assert [paper.index_no for paper in system.indicators[0].evidence] == ["C-05"]
    page = client.get(url).get_data(as_text=True)
    assert "99 " in page or ">99<" in page


def test_the_bureau_reads_the_sheet_and_does_not_score(sign_in, system, officer):
    client, url = sign_in(officer), f"/indicator-systems/{system.id}/scores"
    assert 'name="rows-0-before"' not in client.get(url).get_data(as_text=True)
    assert client.post(url, data=sheet(system)).status_code == 403


def test_the_map_shows_what_is_bare_and_the_next_step(sign_in, system, engagement, lead, officer):
    evidence(lead, engagement)
    evidence(lead, engagement, "C-06", "未用的底稿")
    told = full_scores(system, "C-05")
    told["B22"] = type(told["B22"])(told["B22"].before, told["B22"].after)
    score(lead, system, told)
    page = sign_in(lead).get(f"/engagements/{engagement.id}/coverage").get_data(as_text=True)
    assert page.count('class="bare"') == 1
    assert f"/indicator-systems/{system.id}/scores#row-B22" in page
    assert "未用的底稿" in page
    assert "#row-B22" not in sign_in(officer).get(
        f"/engagements/{engagement.id}/coverage"
    ).get_data(as_text=True)


def test_a_scoring_paper_shows_its_rows_in_the_middle(sign_in, system, engagement, lead, officer):
    evidence(lead, engagement)
    told = full_scores(system, "C-05")
    told["B13"] = type(told["B13"])(told["B13"].before, D(2), "凭证缺失", "", ("C-05",))
    score(lead, system, told)
    paper = file_paper(lead, engagement, "G-B13", "资金使用合规性评分底稿")
    page = sign_in(officer).get(f"/papers/{paper.id}").get_data(as_text=True)
    assert "凭证缺失" in page
    assert page.index("凭证缺失") < page.index(paper.versions[0].sha256[:8])
    assert f"/papers/{system.indicators[0].evidence[0].id}" in page
    page = (
        sign_in(officer)
        .get(f"/papers/{system.indicators[0].evidence[0].id}")
        .get_data(as_text=True)
    )
    assert "立项依据充分性" in page, "a paper says which scores it bears out"
    other = file_paper(lead, engagement, "C-09", "其他")
    assert "凭证缺失" not in sign_in(officer).get(f"/papers/{other.id}").get_data(as_text=True)


def test_pages_cost_a_fixed_number_of_statements(
    sign_in, system, engagement, lead, officer, statements
):
    client = sign_in(officer)
    urls = [
        f"/indicator-systems/{system.id}",
        f"/indicator-systems/{system.id}/scores",
        f"/engagements/{engagement.id}/coverage",
        f"/engagements/{engagement.id}/indicators",
    ]
    score(lead, system, full_scores(system))

    def counts():
        found = []
        for url in urls:
            with statements() as sent:
                assert client.get(url).status_code == 200
            found.append(len(sent))
        return found

    before = counts()
    for number in range(1, 5):
        evidence(lead, engagement, f"C-{number:02}")
    score(lead, system, full_scores(system, "C-01", "C-02", "C-03", "C-04"))
    after = counts()
    assert all(new <= old + 1 for new, old in zip(after, before, strict=True)), (before, after)


# Results


def test_a_result_is_proposed_decided_voided_and_listed(sign_in, engagement, officer):
    task = accepted(engagement).tasks[0]
    client, url = sign_in(officer), f"/tasks/{task.id}/result-uses"
    assert client.get(f"{url}/new").status_code == 200
    told = {"budget_year": 2027, "cut": "12345.67", "basis": "结余较大", "score": "76.5"}
    assert client.post(url, data={**told, "cut": "-1"}).status_code == 422
    assert client.post(url, data={**told, "once": "a"}).status_code == 302
    assert client.post(url, data={**told, "once": "a"}).status_code == 422
    from app.indicators.models import ResultUse

    row = first_of(ResultUse)
    assert row.proposed_cut_fen == 1_234_567
    way = f"/result-uses/{row.id}"
    assert client.get(f"{way}/decision").status_code == 200
    told = {"cut": "100", "decision_no": "演示〔2026〕3号", "decider": "局长办公会"}
    assert (
        client.post(f"{way}/decision", data={**told, "decided_on": "2999-01-01"}).status_code == 422
    )
    assert (
        client.post(f"{way}/decision", data={**told, "decided_on": "2026-10-09"}).status_code == 302
    )
    for page in ("/result-uses?year=2027", f"/engagements/{engagement.id}/result-uses"):
        shown = client.get(page).get_data(as_text=True)
        assert "演示〔2026〕3号" in shown
        assert "12,345.67" in shown
    assert client.get(f"{way}/withdrawal").status_code == 200
    assert client.post(f"{way}/withdrawal", data={"words": ""}).status_code == 422
    assert client.post(f"{way}/withdrawal", data={"words": "作废重来"}).status_code == 302
    assert "演示〔2026〕3号" not in client.get("/result-uses?year=2027").get_data(as_text=True)


def test_the_ledger_leaves_as_a_workbook_with_its_sums(sign_in, engagement, officer, audited):
    row = proposed(officer, accepted(engagement).tasks[0], fen=1_234_567)
    decided(officer, row, fen=100)
    reply = sign_in(officer).get("/result-uses/workbook?year=2027")
    lines = list(load_workbook(io.BytesIO(reply.data)).active.iter_rows(values_only=True))
    assert lines[-2][6:8] == lines[-1][6:8] == (12345.67, 1)
    assert audited()[-1] == "results.exported"


def test_who_may_not_see_results_does_not(sign_in, engagement, lead, officer):
    row = proposed(officer, accepted(engagement).tasks[0])
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    for person in (lead, unit):
        client = sign_in(person)
        assert client.get("/result-uses").status_code == 403
        assert client.get(f"/engagements/{engagement.id}/result-uses").status_code == 404
        assert client.get(f"/result-uses/{row.id}/decision").status_code == 404
    section = UserFactory(role=Role.SECTION_OFFICER, organisation=engagement.tasks[0].section)
    assert sign_in(section).get("/result-uses").status_code == 200
    assert sign_in(section).get(f"/result-uses/{row.id}/decision").status_code == 403


def test_a_projects_grade_is_never_called_by_an_agencys_word(app, system, lead, officer, sign_in):
    """优良中差 of a project always stands under 项目评价等次."""
    score(lead, system, full_scores(system))
    for path in ("", "/scores"):
        page = sign_in(officer).get(f"/indicator-systems/{system.id}{path}").get_data(as_text=True)
        assert "考核" not in page
    page = sign_in(officer).get(f"/indicator-systems/{system.id}/scores").get_data(as_text=True)
    assert "Project grade" in page or "项目评价等次" in page


def test_submitting_twice_at_once_is_refused(draft, lead):
    from app.errors import Conflict

    with transaction():
        services.submit_system(lead, draft)
    with pytest.raises(Conflict), transaction():
        services.submit_system(lead, draft)
