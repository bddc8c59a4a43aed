"""Questions about the year's lists: what goes into them, and what stands in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.agencies.models import Agency
from app.assessments import stars
from app.assessments.annual_models import AnnualInput, AnnualList, AnnualRow
from app.assessments.credit_models import Consequence
from app.assessments.grading import JobPoints, Weights, YearScore, year_of
from app.assessments.models import ENDED_AT, Assessment, AssessmentRules, Weighting
from app.assessments.objection_models import Objection, Outcome
from app.assessments.queries import IS_CURRENT, ended_in
from app.db import db
from app.engagements.models import Engagement
from app.policy import (
    AGENCY_ROLES,
    Permission,
    Person,
    can,
    is_business_person,
    sees_whole_district,
)


@dataclass(frozen=True)
class Inputs:
    """What an agency's year is made of."""

    agency_id: int
    jobs: Sequence[tuple[Assessment, int]]  # with its weight
    credit: Sequence[Consequence]
    stars: stars.YearStars | None  # told, or nothing where too few rated
    ratings: int


def inputs_of(drawn: AnnualList, rules: AssessmentRules) -> list[Inputs]:
    """Every agency with an assessed job that ended in the list's year, by its key."""
    year = drawn.year
    jobs: dict[int, list[tuple[Assessment, int]]] = defaultdict(list)
    for assessment in _assessments_of(year):
        jobs[assessment.agency_id].append((assessment, weight_of(assessment, rules.weighting)))
    credit = credit_of_year(year)
    weights = stars.weights_numbered(drawn.weights_number)
    when = {"opened_before": drawn.stars_until, "at": drawn.drawn_at}
    rated = stars.stars_of_year(year, weights, **when)
    return [
        Inputs(key, own, credit.get(key, ()), *_told(rated.get(key), rules.least_ratings))
        for key, own in sorted(jobs.items())
    ]


def _told(found: stars.YearStars | None, least: int) -> tuple[stars.YearStars | None, int]:
    if found is None:
        return None, 0
    return (found if found.ratings >= least else None), found.ratings


def _assessments_of(year: int) -> Sequence[Assessment]:
    return db.session.scalars(
        select(Assessment)
        .join(Assessment.engagement)
        .where(IS_CURRENT, ended_in(year))
        .options(contains_eager(Assessment.engagement))
        .order_by(Assessment.id)
    ).all()


def weight_of(assessment: Assessment, weighting: Weighting) -> int:
    """How much a job counts: its fee or its evaluated funds in fen, or one."""
    if weighting is Weighting.EQUAL:
        return 1
    if weighting is Weighting.FEE:
        return assessment.engagement.fee_fen
    return sum(task.amount_fen for task in assessment.engagement.tasks)


def credit_of_year(year: int) -> dict[int, list[Consequence]]:
    """The entries of the credit record with points that began in a year and weren't revoked."""
    found: dict[int, list[Consequence]] = defaultdict(list)
    query = select(Consequence).where(
        Consequence.imposed_at.is_not(None),
        Consequence.revoked_at.is_(None),
        Consequence.points != 0,
        Consequence.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    for one in db.session.scalars(query.order_by(Consequence.id)):
        found[one.agency_id].append(one)
    return found


def score_of(inputs: Inputs, rules: AssessmentRules) -> YearScore:
    """The year's score of these inputs by these rules: pure, and the same at every asking."""
    return year_of(
        [JobPoints(each.total or Decimal(0), weight) for each, weight in inputs.jobs],
        inputs.stars.stars if inputs.stars else None,
        sum((one.points for one in inputs.credit), Decimal(0)),
        Weights(rules.weight_assessment, rules.weight_stars, rules.most_credit),
        rules.edges,
    )


def recomputed(row: AnnualRow) -> YearScore:
    """The row's score again, from the inputs that were kept with it."""
    rules = row.annual_list.rules
    jobs = [JobPoints(one.points, one.weight) for one in row.inputs if one.assessment_id]
    credit = sum((one.points for one in row.inputs if one.consequence_id), Decimal(0))
    weights = Weights(rules.weight_assessment, rules.weight_stars, rules.most_credit)
    return year_of(jobs, row.stars, credit, weights, rules.edges)


def unassessed_in(year: int) -> int:
    """How many jobs ended in the year without a confirmed assessment."""
    told = select(Assessment.id).where(Assessment.engagement_id == Engagement.id, IS_CURRENT)
    counted = select(func.count()).select_from(Engagement)
    query = counted.where(ENDED_AT.is_not(None), ended_in(year), ~told.exists())
    return db.session.scalar(query) or 0


def newest_of(year: int) -> AnnualList | None:
    """The newest version of a year's list."""
    query = select(AnnualList).where(AnnualList.year == year)
    return db.session.scalar(query.order_by(AnnualList.version.desc()).limit(1))


def published_of(year: int) -> AnnualList | None:
    """The list of a year that is in force."""
    query = select(AnnualList).where(AnnualList.year == year, AnnualList.published_at.is_not(None))
    return db.session.scalar(query.where(AnnualList.superseded_at.is_(None)))


def lists_visible_to(user: Person) -> Select[AnnualList]:
    """Exactly the lists that this person may open: the published ones, overseers all."""
    query = select(AnnualList).order_by(AnnualList.year.desc(), AnnualList.version.desc())
    if sees_whole_district(user, None):
        return query
    if not is_business_person(user, None):
        return query.where(false())
    return query.where(AnnualList.published_at.is_not(None))


def own_rows(user: Person) -> Sequence[AnnualRow]:
    """The rows of this person's agency that it has been told of, the newest year first."""
    if user.role not in AGENCY_ROLES:
        return []
    return db.session.scalars(
        select(AnnualRow)
        .join(AnnualRow.annual_list)
        .where(AnnualRow.agency_id == user.organisation_id, AnnualList.noticed_at.is_not(None))
        .options(contains_eager(AnnualRow.annual_list))
        .order_by(AnnualList.year.desc(), AnnualList.version.desc())
    ).all()


def rows_of(annual_list: AnnualList) -> Sequence[AnnualRow]:
    """The rows in their order with their agencies, in one statement."""
    return db.session.scalars(
        select(AnnualRow)
        .where(AnnualRow.list_id == annual_list.id)
        .options(joinedload(AnnualRow.agency).joinedload(Agency.organisation))
        .order_by(AnnualRow.position)
    ).all()


def jobs_told_to(user: Person, row: AnnualRow) -> Sequence[AnnualInput]:
    """The jobs behind a row that this reader may read one by one: fee and points are no rival's."""
    told = [one for one in row.inputs if one.assessment is not None]
    return [one for one in told if can(user, Permission.ASSESSMENT_READ, one.assessment)]


def entries_told_to(user: Person, row: AnnualRow) -> Sequence[AnnualInput]:
    """The entries of the credit record behind a row that this reader may read."""
    told = [one for one in row.inputs if one.consequence is not None]
    return [one for one in told if can(user, Permission.CONSEQUENCE_READ, one.consequence)]


def rows_with_inputs(annual_list: AnnualList) -> Sequence[AnnualRow]:
    """The same with every job and entry behind each figure, in a fixed number of statements."""
    inputs = selectinload(AnnualRow.inputs)
    return db.session.scalars(
        select(AnnualRow)
        .where(AnnualRow.list_id == annual_list.id)
        .options(
            inputs.joinedload(AnnualInput.assessment), inputs.joinedload(AnnualInput.consequence)
        )
        .order_by(AnnualRow.position)
    ).all()


def objections_to(annual_list: AnnualList) -> Mapping[int, Objection]:
    """The objections to the rows of a list, by row."""
    query = select(Objection).join(AnnualRow, AnnualRow.id == Objection.row_id)
    found = db.session.scalars(query.where(AnnualRow.list_id == annual_list.id))
    return {one.row_id: one for one in found if one.row_id is not None}


def objections_in_the_way(annual_list: AnnualList) -> int:
    """Objections that aren't decided, or that asked for a list drawn anew."""
    waits = or_(Objection.decided_at.is_(None), Objection.outcome == Outcome.ADJUSTED)
    query = select(func.count()).select_from(Objection).join(AnnualRow)
    there = and_(AnnualRow.list_id == annual_list.id, waits)
    return db.session.scalar(query.where(there)) or 0


def published_rows_of(agency: Agency) -> Sequence[AnnualRow]:
    """An agency's rows in the lists that are in force, the newest year first."""
    return db.session.scalars(
        select(AnnualRow)
        .join(AnnualRow.annual_list)
        .where(AnnualRow.agency_id == agency.id, AnnualList.published_at.is_not(None))
        .where(AnnualList.superseded_at.is_(None))
        .options(contains_eager(AnnualRow.annual_list))
        .order_by(AnnualList.year.desc())
    ).all()
