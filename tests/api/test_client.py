"""The client that ships: a year's commissions from another system's workbook, results written back."""

import io
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from werkzeug.serving import make_server

from app import clock
from app.api.budget_book import CODE, HEADS
from app.api.client import Portal, Refused
from app.api.models import Scope
from app.cli import main
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import template_in_force
from app.indicators.grading import Grade
from app.indicators.models import ResultUse
from tests.api.asking import token_for
from tests.factories import AgencyFactory, EvaluatorFactory, OrganisationFactory, UserFactory


@contextmanager
def serving(app):
    """The address of a real server of this portal."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def workbook(path, rows):
    book = Workbook()
    book.active.append(["演示省预算管理系统 委托项目导出"])
    book.active.append(list(HEADS.values()))
    for row in rows:
        book.active.append(row)
    book.save(path)


def told(path):
    """The rows of the workbook by head."""
    rows = list(load_workbook(io.BytesIO(path.read_bytes())).active.iter_rows(values_only=True))
    return [dict(zip(rows[1], row, strict=True)) for row in rows[2:]]


@pytest.mark.database("sqlite")  # the import is asked of both elsewhere
def test_a_year_comes_in_and_results_go_back(district, tmp_path):
    officer, agency = UserFactory(), AgencyFactory()
    lead, unit = EvaluatorFactory(agency=agency), OrganisationFactory()
    section = OrganisationFactory(kind="section")
    template = template_in_force("fiscal_evaluation").name
    same = (template, agency.name, lead.name, officer.organisation.name, 8.0005)
    days, end = (clock.today(), clock.today()), (section.name, unit.name)
    rows = [
        ["甲-1", "演示委托甲", *same, *days, "演示项目一", 500, *end],
        ["甲-1", "演示委托甲", *same, *days, "演示项目二", "1,200.5", *end],
        ["乙-2", "演示委托乙", *same, *days, "演示项目三", 300, *end],
    ]
    path, key = tmp_path / "委托.xlsx", tmp_path / "token"
    workbook(path, [*rows[:2], [*rows[2][:-1], "演示无此单位"]])
    key.write_text(token_for(officer, Scope.IMPORT, Scope.ENGAGEMENTS) + "\n")
    district.config["SERVER_NAME"] = None
    with serving(district) as url:

        def run(command):
            arguments = ["api", command, str(path), "--url", url, "--token-file", str(key)]
            return CliRunner().invoke(main, arguments)

        refused = run("import")
        assert refused.exit_code == 1
        assert "第 5 行 预算单位" in refused.output
        assert db.session.scalars(select(Engagement)).all() == []
        workbook(path, rows)
        assert "2 engagements opened" in run("import").output
        assert "0 engagements opened" in run("import").output
        db.session.rollback()
        opened = db.session.scalars(select(Engagement).order_by(Engagement.id)).all()
        assert [(one.name, len(one.tasks)) for one in opened] == [
            ("演示委托甲", 2),
            ("演示委托乙", 1),
        ]
        assert opened[0].fee_fen == 8_000_500
        assert opened[0].tasks[1].amount_fen == 1_200_500_000
        assert [row[CODE] for row in told(path)] == [opened[n].code for n in (0, 0, 1)]
        task = opened[0].tasks[1]
        db.session.add(
            ResultUse(
                engagement_id=task.engagement_id, task_id=task.id, budget_year=2027,
                score="91.8", grade=Grade.EXCELLENT, proposed_cut_fen=12_300,
                proposed_by_id=officer.id, proposed_at=clock.now(),
            )
        )  # fmt: skip
        opened[1].terminated_at = clock.now()
        db.session.commit()
        assert "3 rows written back" in run("results").output
    shown = [(row["星评状态"], row["评价得分"], row["评价等次"]) for row in told(path)]
    assert shown == [("进行中", None, None), ("进行中", 91.8, "优"), ("已终止", None, None)]
    assert told(path)[1]["建议核减（元）"] == 123


def test_a_token_goes_by_https_only():
    assert Portal("https://portal.example", "x").url
    with pytest.raises(ValueError, match="https"):
        Portal("http://portal.example", "x")


def test_a_token_follows_no_redirect():
    """Whoever answers in the portal's place can't have the token sent on to themselves."""
    came = []

    def answer(environ, start_response):
        came.append((environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION")))
        start_response("302 Found", [("Location", "/elsewhere"), ("Content-Length", "0")])
        return [b""]

    with serving(answer) as url, pytest.raises(Refused, match="302"):
        Portal(url, "x").get("/engagements")
    assert came == [("/api/v1/engagements", "Bearer x")]
