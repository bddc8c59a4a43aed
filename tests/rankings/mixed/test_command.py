import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from app.cli import main
from app.rankings.mixed.design import read
from app.rankings.mixed.effects import effects
from app.rankings.mixed.reml import fit
from tests.rankings.mixed.data import insteval, made


def asked(path, *more):
    words = [
        "rankings",
        "fit",
        str(path),
        "--rating",
        "星",
        "--agency",
        "机构",
        "--rater",
        "评价人",
    ]
    return CliRunner().invoke(main, [*words, *more])


def written(path, rows, head="星,机构,评价人,类别", encoding="utf-8"):
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]), encoding)
    return path


@pytest.fixture
def table():
    y, agency, rater = made(12, 30, 300)
    kind = (rater % 3).tolist()
    return list(zip(y.tolist(), agency.tolist(), rater.tolist(), kind, strict=True))


def test_json_says_what_the_model_says(tmp_path, table):
    result = asked(written(tmp_path / "a.csv", table), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    y, agency, rater, _kind = (np.array(column) for column in zip(*table, strict=True))
    found = fit(read(y, {"agency": agency, "rater": rater}))
    assert told["criterion"] == pytest.approx(found.criterion)
    assert told["variances"] == pytest.approx(found.variances)
    assert [row["id"] for row in told["agencies"]] == [str(number) for number in range(12)]
    assert [row["effect"] for row in told["agencies"]] == pytest.approx(effects(found).tolist())
    assert [row["n"] for row in told["agencies"]] == np.bincount(agency).tolist()


def test_a_table_for_people(tmp_path, table):
    result = asked(written(tmp_path / "a.csv", table, encoding="gb18030"), "--fixed", "类别")
    assert result.exit_code == 0, result.output
    assert "REML criterion" in result.output
    assert "类别=1" in result.output


@pytest.mark.nightly
def test_anybody_can_check_the_model_on_insteval(tmp_path):
    insteval().to_csv(tmp_path / "insteval.csv", index=False)
    words = ["rankings", "fit", str(tmp_path / "insteval.csv"), "--rating", "y", "--json"]
    result = CliRunner().invoke(main, [*words, "--agency", "d", "--rater", "s"])
    told = json.loads(result.output)
    assert told["criterion"] == pytest.approx(237783.88039, abs=1e-5)
    assert {row["id"]: row["n"] for row in told["agencies"]}["1258"] == 36


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        ([(4, 1, 2)], "星,机构,人", "'评价人' is not in the head line"),
        ([(4, 1, 2, 3)], "星,机构,评价人,星", "'星' is twice in the head line"),
        ([("好", 1, 2)], "星,机构,评价人", "rating 1, column '星': not a number: '好'"),
        ([("nan", 1, 2)], "星,机构,评价人", "not a number: 'nan'"),
        ([(4, "", 2)], "星,机构,评价人", "rating 1, column '机构': empty"),
        ([(4, 1)], "星,机构,评价人", "rating 1 has 2 cells"),
        ([], "星,机构,评价人", "no ratings"),
        ([(4, 1, 1), (5, 2, 2)], "星,机构,评价人", "too few"),
        ([(4, k % 4, k % 5) for k in range(40)], "星,机构,评价人", "don't vary"),
        ([(k % 5, 1, k % 7) for k in range(40)], "星,机构,评价人", "1 levels"),
        ([(k // 4 % 2, k % 4, k % 9) for k in range(80)], "星,机构,评价人", "zero variance"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(tmp_path, rows, head, words):
    result = asked(written(tmp_path / "a.csv", rows, head))
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    assert isinstance(result.exception, SystemExit)


def test_a_file_of_other_bytes_is_one_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00\x81")
    assert "neither UTF-8 nor GB 18030" in asked(tmp_path / "a.csv").output


def test_a_fixed_column_is_a_kind(tmp_path, table):
    rows = [(y, agency, rater, number) for number, (y, agency, rater, _k) in enumerate(table)]
    result = asked(written(tmp_path / "a.csv", rows), "--fixed", "类别")
    assert "300 different values: not a kind" in result.output


def test_the_simulation_prints_its_table():
    words = ["rankings", "simulate", "--districts", "1", "--agencies", "40", "--raters", "30"]
    assert "severity by the rule" in CliRunner().invoke(main, words).output
    plain = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert plain["balanced"]["mean of stars"]["coverage"] is None


def test_no_page_waits_for_numpy():
    words = "import sys, app.cli, app.rankings.views, app.rankings.commands;"
    words += "sys.exit('numpy' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
