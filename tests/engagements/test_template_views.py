import pytest
from sqlalchemy import select

from app.engagements import queries
from app.engagements.models import EngagementTemplate
from app.policy import Role
from tests.factories import UserFactory


@pytest.fixture
def officer(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


def test_templates_are_shown_and_edited(session, sign_in, officer):
    page = sign_in(officer)
    template = queries.template_in_force("research")
    at = f"/engagement-templates/{template.id}"
    assert "财预〔2021〕6号" in page.get("/engagement-templates").text
    assert page.get(at).status_code == 200
    form = page.get(f"{at}/edit")
    assert form.status_code == 200

    told = template_form(template)
    inserted = page.post(f"{at}/edit", data={**told, "insert": "1"})
    assert inserted.status_code == 200
    assert f'name="stages-{len(template.stages)}-name"' in inserted.text
    for wrong in (
        {"name": ""},
        {"scoring_frame": "选题 60\n方法 30"},
        {"scoring_frame": "没有分值"},
        {"stages-0-working_days": "x"},
        {"rating_parties": []},
    ):
        assert page.post(f"{at}/edit", data={**told, **wrong}).status_code == 422
    assert page.post(f"{at}/edit", data=told).status_code == 302
    assert page.post(f"{at}/edit", data=told).status_code == 422
    newest = session.scalar(
        select(EngagementTemplate).order_by(EngagementTemplate.version.desc()).limit(1)
    )
    assert newest.version == 2
    assert [(s.code, s.working_days, s.required_papers) for s in newest.stages] == [
        (s.code, s.working_days, s.required_papers) for s in template.stages
    ]


def template_form(template):
    told = {
        "name": template.name,
        "scoring_frame": "\n".join(f"{x['name']} {x['points']}" for x in template.scoring_frame),
        "acceptance_items": "\n".join(template.acceptance_items),
        "rating_parties": template.rating_parties,
    }
    for n, stage in enumerate(template.stages):
        papers = "\n".join(
            f"{p['class']} {p['title']}{' *' if p.get('reviewed') else ''}"
            for p in stage.required_papers
        )
        told |= {
            f"stages-{n}-code": stage.code,
            f"stages-{n}-name": stage.name,
            f"stages-{n}-working_days": str(stage.working_days),
            f"stages-{n}-papers": papers,
        }
    return told


def test_templates_are_not_for_everybody(session, sign_in):
    template = queries.template_in_force("research")
    agency, leader = UserFactory(role=Role.AGENCY_ADMIN), UserFactory(role=Role.LEADER)
    assert sign_in(agency).get("/engagement-templates").status_code == 403
    assert sign_in(agency).get(f"/engagement-templates/{template.id}").status_code == 404
    assert sign_in(leader).get(f"/engagement-templates/{template.id}").status_code == 200
    assert sign_in(leader).get(f"/engagement-templates/{template.id}/edit").status_code == 403
