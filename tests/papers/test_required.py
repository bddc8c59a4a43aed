"""What the stages ask for: how far it is there, stage by stage, and task by task in a batch."""

import pytest

from app.db import transaction
from app.engagements import queries as engagements
from app.papers import queries, required, services
from app.papers.files import NewPaper
from app.policy import Role
from tests.factories import UserFactory, make_engagement, make_task
from tests.papers.filing import crew_of, file_paper, stage_with, stored


def test_coverage_tells_of_each_stage_what_it_owes(engagement, lead, officer, session):
    stage = stage_with(engagement, "plan")
    first, second = stage.required_papers
    paper = file_paper(lead, engagement, "B-01", first["title"], stage=stage)
    found = required.coverage_of(engagement.stages, queries.papers_of(engagement))
    assert [one.stage.code for one in found] == [
        one.code for one in engagement.stages if one.required_papers
    ]
    (plan,) = [one for one in found if one.stage.code == "plan"]
    assert (plan.met, [one.title for one in plan.owed]) == (1, [second["title"]])
    with transaction():
        services.return_version(officer, paper.versions[0], "改")
    (plan,) = [
        one
        for one in required.coverage_of([stage], queries.papers_of(engagement))
        if one.stage.code == "plan"
    ]
    assert (plan.met, len(plan.owed)) == (0, 2)


def test_the_engagements_page_shows_what_is_owed_now(sign_in, engagement, lead, officer):
    asked = engagement.current_stage.required_papers
    file_paper(lead, engagement, "A-01", asked[0]["title"])
    page = sign_in(lead).get(f"/engagements/{engagement.id}").get_data(as_text=True)
    owed = page.split('id="working-papers"')[1].split("</ul>")[0]
    assert asked[0]["title"] not in owed
    assert f">{asked[1]['title']}</a>" in owed, "the agency goes straight to the upload"
    plan = stage_with(engagement, "plan").required_papers[0]["title"]
    assert plan not in owed, "later stages are counted, not named"
    seen = sign_in(officer).get(f"/engagements/{engagement.id}").get_data(as_text=True)
    owed = seen.split('id="working-papers"')[1].split("</ul>")[0]
    assert asked[1]["title"] in owed
    assert "papers/new" not in owed


@pytest.fixture
def batch(session):
    template = engagements.template_in_force("target_review")
    tasks = [make_task(template, project=f"演示项目{n}") for n in range(1, 4)]
    return make_engagement("target_review", tasks=tasks)


def paper_of(lead, engagement, index_no, title, task):
    with transaction():
        new = NewPaper(index_no, title, engagement.current_stage, task)
        return services.submit_paper(lead, engagement, new, stored(index_no.encode() * 9))


def test_a_batch_is_worked_task_by_task(batch, sign_in):
    lead, _member, officer = crew_of(batch)
    first, second, _third = batch.tasks
    whole = paper_of(lead, batch, "A-01", "业务委托合同", None)
    mine = paper_of(lead, batch, "G-01", "绩效目标审核底稿", first)
    others = paper_of(lead, batch, "G-02", "绩效目标审核底稿二", second)
    every = queries.papers_of(batch)
    assert required.of_task(every, first) == [whole, mine]
    assert required.of_task(every, None) == list(every)
    assert required.counts_by_task(every) == {None: 1, first.id: 1, second.id: 1}
    page = sign_in(officer).get(f"/engagements/{batch.id}/papers?task={first.id}").text
    assert mine.title in page
    assert others.title not in page
    assert f"/papers/{whole.id}" in page
    for strange in ("999999", "x", ""):
        assert others.title in sign_in(officer).get(
            f"/engagements/{batch.id}/papers?task={strange}"
        ).get_data(as_text=True)


def test_the_task_goes_along_to_the_upload(batch, sign_in):
    lead, _member, _officer = crew_of(batch)
    task = batch.tasks[1]
    client = sign_in(lead)
    page = client.get(f"/engagements/{batch.id}/papers?task={task.id}").text
    assert f"papers/new?task={task.id}" in page
    assert f"intake?task={task.id}" in page
    form = client.get(f"/engagements/{batch.id}/papers/new?task={task.id}").text
    assert f'<option selected value="{task.id}">' in form


def test_others_see_no_batch_that_isnt_theirs(batch, sign_in):
    stranger = UserFactory(role=Role.AGENCY_MEMBER)
    at = f"/engagements/{batch.id}/papers?task={batch.tasks[0].id}"
    assert sign_in(stranger).get(at).status_code == 404
