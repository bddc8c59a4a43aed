"""The pure rules of the table, its codes and the grade."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.errors import Invalid
from app.indicators import library
from app.indicators.grading import Bands, Grade, grade_of
from app.indicators.rows import by_level1, coded, faults_of, is_of, outcome_points, total
from tests.indicators.making import row

FRAME = list(library.LEVEL1)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", Grade.EXCELLENT), ("91.80", Grade.EXCELLENT), ("90", Grade.EXCELLENT),
        ("89.99", Grade.GOOD), ("89.5", Grade.GOOD), ("80", Grade.GOOD),
        ("79.99", Grade.FAIR), ("60", Grade.FAIR), ("59.99", Grade.POOR), ("0", Grade.POOR),
    ],
)  # fmt: skip
def test_the_lower_edge_belongs_to_its_grade(score, grade):
    assert grade_of(Decimal(score), Bands()) is grade


def test_bands_are_settings():
    assert grade_of(Decimal(86), Bands(Decimal(85), Decimal(70), Decimal(50))) is Grade.EXCELLENT


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_a_score_is_of_a_hundred(score):
    with pytest.raises(ValueError, match="0 to 100"):
        grade_of(Decimal(score), Bands())


def test_the_library_is_whole():
    found = library.common_rows()
    assert total(found) == 100
    assert by_level1(found) == {"决策": 15, "过程": 20, "产出": 35, "效益": 30}
    assert outcome_points(found) == 65
    assert faults_of(found, FRAME) == []
    assert all(one.standard for one in found)


def test_the_library_keeps_its_codes_when_they_are_made_anew():
    found = library.common_rows()
    bare = [replace(one, code="") for one in found]
    assert [one.code for one in coded(bare, FRAME)] == [one.code for one in found]


def test_codes_that_stand_are_kept_and_new_rows_get_the_next_free_one():
    rows = [row(code="A12"), row(name="立项程序规范性"), row(level2="资金投入", name="预算")]
    assert [one.code for one in coded(rows, FRAME)] == ["A12", "A11", "A21"]


def test_check_points_of_one_indicator_are_numbered():
    rows = [row(check_point="专款专用", points="4"), row(check_point="支出范围合规", points="4")]
    assert [one.code for one in coded(rows, FRAME)] == ["A11-1", "A11-2"]
    kept = [replace(rows[0], code="B21-2"), rows[1]]
    assert [one.code for one in coded(kept, FRAME)] == ["B21-2", "B21-1"]


def test_a_single_indicator_that_gets_a_second_check_point_is_numbered():
    rows = [row(code="A11", check_point="一"), row(check_point="二")]
    assert [one.code for one in coded(rows, FRAME)] == ["A11-1", "A11-2"]


def test_a_code_is_of_its_indicator():
    assert is_of("B21", "B21")
    assert is_of("B21-2", "B21")
    assert not is_of("B211", "B21")


def test_more_than_nine_of_the_second_level_are_refused():
    rows = [row(level2=f"二级{n}", points="1") for n in range(10)]
    with pytest.raises(Invalid):
        coded(rows, FRAME)


@pytest.mark.parametrize(
    ("faulty", "column"),
    [
        ({"level1": "其他"}, "level1"),
        ({"level1": ""}, "level1"),
        ({"level2": ""}, "level2"),
        ({"name": ""}, "name"),
        ({"name": "名" * 121}, "name"),
        ({"points": Decimal(0)}, "points"),
        ({"points": Decimal("-1")}, "points"),
        ({"points": Decimal("100.01")}, "points"),
        ({"points": Decimal("1.005")}, "points"),
        ({"points": Decimal("NaN")}, "points"),
        ({"code": "11A"}, "code"),
    ],
)
def test_each_cell_has_its_rule(faulty, column):
    (fault,) = faults_of([replace(row(), **faulty)], FRAME)
    assert (fault.row, fault.column) == (0, column)


def test_codes_and_lines_stand_once():
    found = faults_of([row(code="A11"), row(code="A11")], FRAME)
    assert {(one.row, one.column) for one in found} == {
        (0, "code"), (1, "code"), (0, "name"), (1, "name"),
    }  # fmt: skip


def test_a_letter_belongs_to_one_first_level():
    rows = [row(code="A11"), row(level1="过程", code="A21")]
    assert [(one.row, one.column) for one in faults_of(rows, FRAME)] == [(1, "code")]


def test_a_table_has_its_most():
    rows = [row(name=f"指标{n}", points="0.1") for n in range(201)]
    assert [one.column for one in faults_of(rows, FRAME)] == ["name"]
