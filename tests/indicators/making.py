"""Indicators by their services, committed."""

from dataclasses import replace
from decimal import Decimal

from app.db import transaction
from app.indicators import definition, scoring, services
from app.indicators.rows import Row
from app.indicators.scoring import Score
from app.indicators.services import Source
from tests.papers.filing import file_paper

D = Decimal


def begun(person, engagement, source=Source.LIBRARY, task=...):
    with transaction():
        task = engagement.tasks[0] if task is ... else task
        return services.begin_system(person, engagement, task, source)


def approved(system, lead, officer):
    with transaction():
        services.submit_system(lead, system)
    with transaction():
        services.approve_system(officer, system)
    return system


def saved(person, system, rows, expected=None):
    with transaction():
        told = system.revision if expected is None else expected
        services.save_rows(person, system, rows, told)


def rows(system, **changes):
    """The rows of a system, some of them changed by code."""
    return [replace(row, **changes.get(row.code, {})) for row in definition.rows_of(system)]


def row(level1="决策", level2="项目立项", name="立项依据充分性", points="5", **more):
    return Row(level1, level2, name, D(points), **more)


def full_scores(system, *evidence, less=0):
    """A whole score for every row but `less` points off the last one."""
    told = {
        one.code: Score(before=one.points, after=one.points, evidence=evidence)
        for one in system.indicators
    }
    last = system.indicators[-1]
    if less:
        told[last.code] = Score(
            before=last.points,
            after=last.points - D(str(less)),
            adjustment="核查后扣分",
            evidence=evidence,
        )
    return told


def score(person, system, scores):
    with transaction():
        scoring.save_scores(person, system, scores, system.revision)


def evidence(lead, engagement, index_no="C-05", title="记账凭证"):
    return file_paper(lead, engagement, index_no, title, data=index_no.encode() * 9)
