"""How templates are edited: an edit makes the next version, engagements keep theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements import moves
from app.engagements.models import Act, EngagementTemplate, Party, TemplateStage
from app.errors import Conflict, Invalid
from app.policy import Permission, require

CLASSES = frozenset("ABCDEFGHIJ")  # of the working-paper index


class AskedPaper(NamedTuple):
    """A paper that a stage asks for; one that is marked passes its three levels first."""

    index_class: str
    title: str
    is_reviewed: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the stage keeps it."""
        told: dict[str, Any] = {"class": self.index_class, "title": self.title.strip()}
        return told | ({"reviewed": True} if self.is_reviewed else {})


@dataclass(frozen=True)
class StagePlan:
    """One stage as it shall be: a new one has no code yet."""

    name: str
    working_days: int
    required_papers: Sequence[AskedPaper] = ()
    code: str = ""


@dataclass(frozen=True)
class TemplateChanges:
    """The whole template as it shall be."""

    name: str
    stages: Sequence[StagePlan]
    scoring_frame: Sequence[tuple[str, int]]
    acceptance_items: Sequence[str]
    rating_parties: Sequence[Party]
    reviewed_classes: Sequence[str] = ("G", "H")  # of papers that go through three-level review
    needs_three_level_review: bool = True  # without it no final report is handed in
    required_acts: Sequence[Act] = ()  # each gates the stage of its kind


def edit_template(
    actor: User, template: EngagementTemplate, changes: TemplateChanges
) -> EngagementTemplate:
    """The performance section makes the next version of a template and retires this one."""
    require(actor, Permission.TEMPLATE_EDIT, template)
    lock(template)
    if template.retired_at is not None:
        raise Conflict(_("A newer version of this template exists; edit that one"))
    _check(template, changes)
    template.retired_at = clock.now()
    following = _next_version(actor, template, changes)
    db.session.add(following)
    told: dict[str, Any] = {"code": following.code, "version": following.version}
    audit.record(actor, audit.Event.TEMPLATE_EDITED, following, **told)
    return following


def outcome_share(frame: Sequence[dict[str, Any]]) -> int | None:
    """The points of 产出 and 效益 together; 财预〔2020〕10号 asks for 60. None without the two."""
    points = {line["name"]: int(line["points"]) for line in frame}
    return points["产出"] + points["效益"] if {"产出", "效益"} <= points.keys() else None


def _check(template: EngagementTemplate, changes: TemplateChanges) -> None:
    if not changes.name.strip():
        raise Invalid(_("Enter the name of the template"))
    _check_stages(changes.stages)
    _check_review(changes)
    if sum(points for _name, points in changes.scoring_frame) != 100:
        raise Invalid(_("The points of the scoring frame must add up to 100"))
    if any(points <= 0 or not name.strip() for name, points in changes.scoring_frame):
        raise Invalid(_("Each line of the scoring frame needs a name and its points"))
    if not changes.acceptance_items:
        raise Invalid(_("Acceptance needs at least one item"))
    if not changes.rating_parties:
        raise Invalid(_("At least one party rates the finished work"))
    if Party.UNIT in changes.rating_parties and not template.needs_unit:
        raise Invalid(_("Without an evaluated unit no unit can rate"))


def _check_review(changes: TemplateChanges) -> None:
    if not set(changes.reviewed_classes) <= CLASSES:
        raise Invalid(_("A class of papers is a letter from A to J"))
    if changes.needs_three_level_review and "H" not in changes.reviewed_classes:
        raise Invalid(_("Where the report needs its three-level review, class H is reviewed"))


def _check_stages(stages: Sequence[StagePlan]) -> None:
    """The last four stages stay what they are; before them there may be any."""
    codes = [stage.code for stage in stages]
    if tuple(codes[-4:]) != moves.ENDING:
        raise Invalid(_("A template ends with final report, acceptance, buyer review and filing"))
    known = [code for code in codes if code]
    if len(set(known)) != len(known):
        raise Invalid(_("A stage stands in the template twice"))
    for stage in stages:
        if not stage.name.strip() or not 0 <= stage.working_days <= 500:
            raise Invalid(_("Each stage needs a name and its working days"))
        if any(
            one.index_class not in CLASSES or not one.title.strip() for one in stage.required_papers
        ):
            raise Invalid(_("A required paper is a class from A to J and a title"))
    if any(stage.required_papers for stage in stages[-3:]):
        raise Invalid(_("After the final report no more papers are handed in"))


def _next_version(
    actor: User, template: EngagementTemplate, changes: TemplateChanges
) -> EngagementTemplate:
    return EngagementTemplate(
        code=template.code,
        version=template.version + 1,
        name=changes.name.strip(),
        service_type_id=template.service_type_id,
        needs_unit=template.needs_unit,
        is_batch=template.is_batch,
        rating_parties=[str(party) for party in Party if party in changes.rating_parties],
        scoring_frame=[
            {"name": name.strip(), "points": points} for name, points in changes.scoring_frame
        ],
        acceptance_items=[words.strip() for words in changes.acceptance_items],
        reviewed_classes=sorted(set(changes.reviewed_classes)),
        needs_three_level_review=changes.needs_three_level_review,
        required_acts=[str(act) for act in Act if act in changes.required_acts],
        made_at=clock.now(),
        made_by_id=actor.id,
        stages=_stages_of(changes),
    )


def _stages_of(changes: TemplateChanges) -> list[TemplateStage]:
    taken = {plan.code for plan in changes.stages}
    fresh = (code for code in map("step_{}".format, count(1)) if code not in taken)
    return [
        TemplateStage(
            position=position,
            code=plan.code or next(fresh),
            name=plan.name.strip(),
            working_days=plan.working_days,
            required_papers=[asked.to_json() for asked in plan.required_papers],
        )
        for position, plan in enumerate(changes.stages, start=1)
    ]
