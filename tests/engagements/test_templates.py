from dataclasses import replace

import pytest

from app.engagements import queries
from app.engagements.models import EngagementTemplate, Party
from app.engagements.templates import (
    AskedPaper,
    StagePlan,
    TemplateChanges,
    edit_template,
    outcome_share,
)
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from tests.factories import UserFactory, make_engagement


def as_it_is(template) -> TemplateChanges:
    return TemplateChanges(
        name=template.name,
        stages=[
            StagePlan(
                stage.name,
                stage.working_days,
                [
                    AskedPaper(paper["class"], paper["title"], paper.get("reviewed", False))
                    for paper in stage.required_papers
                ],
                stage.code,
            )
            for stage in template.stages
        ],
        scoring_frame=[(line["name"], line["points"]) for line in template.scoring_frame],
        acceptance_items=template.acceptance_items,
        rating_parties=[Party(value) for value in template.rating_parties],
    )


def edited(code="fiscal_evaluation", **changes):
    template = queries.template_in_force(code)
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    return edit_template(officer, template, replace(as_it_is(template), **changes))


def test_an_edit_makes_the_next_version_and_engagements_keep_theirs(session, audited):
    before = make_engagement()
    plan = as_it_is(before.template)
    stages = [StagePlan("中期检查", 5, [AskedPaper("J", "检查记录")]), *plan.stages]

    following = edited(stages=stages, name="财政评价(新)")

    assert (following.version, following.stages[0].code) == (2, "step_1")
    assert queries.template_in_force("fiscal_evaluation") is following
    assert before.template.version == 1
    assert before.template.retired_at is not None
    assert make_engagement().current_stage.name == "中期检查"
    assert "template.edited" in audited()
    again = edited(stages=[StagePlan("再检查", 5), *as_it_is(following).stages])
    assert [stage.code for stage in again.stages][:2] == ["step_2", "step_1"]
    assert len(session.scalars(queries.versions_of("fiscal_evaluation")).all()) == 3


def test_only_the_version_in_force_is_edited(session):
    template = queries.template_in_force("research")
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    edit_template(officer, template, as_it_is(template))
    with pytest.raises(Conflict):
        edit_template(officer, template, as_it_is(template))
    with pytest.raises(Invalid):
        make_engagement("research", template=template)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PERFORMANCE_OFFICER])
def test_only_the_performance_section_edits(session, role):
    template = queries.template_in_force("research")
    with pytest.raises(Forbidden):
        edit_template(UserFactory(role=role), template, as_it_is(template))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"scoring_frame": [("产出", 60), ("效益", 39)]},
        {"scoring_frame": [("产出", 100), ("效益", 0)]},
        {"scoring_frame": []},
        {"acceptance_items": []},
        {"rating_parties": []},
    ],
)
def test_what_a_template_needs(session, changes):
    with pytest.raises(Invalid):
        edited(**changes)


def test_a_study_without_a_unit_has_no_unit_to_rate_it(session):
    with pytest.raises(Invalid):
        edited("research", rating_parties=list(Party))


def test_the_last_four_stages_stay(session):
    stages = as_it_is(queries.template_in_force("research")).stages
    with_papers = replace(stages[-1], required_papers=[AskedPaper("A", "清单")])
    for wrong in (
        stages[:-1],
        [*stages, StagePlan("结束后", 1)],
        [stages[0], *stages],
        [replace(stages[0], working_days=-1), *stages[1:]],
        [replace(stages[0], name=" "), *stages[1:]],
        [replace(stages[0], required_papers=[AskedPaper("K", "x")]), *stages[1:]],
        [*stages[:-1], with_papers],
    ):
        with pytest.raises(Invalid):
            edited("research", stages=wrong)


def test_outcome_share():
    assert outcome_share([{"name": "产出", "points": 30}, {"name": "效益", "points": 25}]) == 55
    assert outcome_share([{"name": "科学性", "points": 100}]) is None


def test_versions_are_only_added(session):
    edited("ex_ante")
    assert session.query(EngagementTemplate).filter_by(code="ex_ante").count() == 2
