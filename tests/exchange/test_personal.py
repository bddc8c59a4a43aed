"""Numbers of persons are found however they are written; sums, dates and codes are none."""

import pytest

from app.exchange.personal import Number, found_in, has_check_digit, is_luhn

# 990101 is no place, so nobody has such a number.
IDENTITY = "990101199003070018"


def with_check(first17):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(first17, weights, strict=True))
    return first17 + "10X98765432"[total % 11]


GOOD = with_check("99010119900307001")


def wide(text):
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证号{IDENTITY}。", Number.IDENTITY),
        (f"({GOOD})", Number.IDENTITY),
        (wide(IDENTITY), Number.IDENTITY),
        ("990101 19900307 0018", Number.IDENTITY),
        ("990101-1990-0307-0018", Number.IDENTITY),
        ("9901\u200b0119900307\u200b0018", Number.IDENTITY),
        ("99010119900307001x", Number.IDENTITY),
        ("编号990101900307001", Number.IDENTITY),
        (f"{GOOD[:10]}\n{GOOD[10:]}", Number.IDENTITY),
        ("联系电话13800001234", Number.PHONE),
        ("+86 138-0000-1234", Number.PHONE),
        ("手机：一三八零零零零一二三四", Number.PHONE),
        ("办公室0577-88001234", Number.PHONE),
        ("卡号6222 0000 0000 0000 001", Number.ACCOUNT),
        ("4111111111111111", Number.ACCOUNT),
        ("开户行账号：1203 2021 0900", Number.ACCOUNT),
        ("帐户 330012345678", Number.ACCOUNT),
        ("账号|户名|\n演示公司|330012345678|\n", Number.ACCOUNT),
        ("\n".join(IDENTITY), Number.IDENTITY),
        ("|".join(GOOD), Number.IDENTITY),
        (f"姓名|{GOOD[:6]}|{GOOD[6:14]}|{GOOD[14:]}|", Number.IDENTITY),
        ("（0577）8800 1234", Number.PHONE),
        ("138.0000.1234", Number.PHONE),
        ("监督电话：8800-1234", Number.PHONE),
        ("138 0000 1234", Number.PHONE),
        ("+86 138 0000 1234", Number.PHONE),
        ("0577 8800 1234", Number.PHONE),
        ("010 88001234", Number.PHONE),
        ("Tel 1380 0001 234", Number.PHONE),
        ("序号 25 138 0000 1234 60", Number.PHONE),
        ("12\t138 0000 1234\t99", Number.PHONE),
        ("1 3 8 0 0 0 0 1 2 3 4", Number.PHONE),
        ("13 800 0012 34 13800001234", Number.PHONE),
        ("4111 1111 1111 1111", Number.ACCOUNT),
        ("990101 900307 001", Number.IDENTITY),
    ],
)
def test_numbers_of_persons_are_found(text, kind):
    assert [each.kind for each in found_in(text)] == [kind]


def test_numbers_side_by_side_are_each_found():
    told = found_in(f"张某 13800001234 {IDENTITY} 6222000000000000001")
    assert {each.kind for each in told} == set(Number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "预算金额12,345,678.90元",
        "500000000元",
        "2026-11-23 08:30",
        "统一社会信用代码91330304MA2DEM0179",
        "财监〔2021〕4号",
        "项目编号XP-2026-000123",
        "1234567890123",
        "a1f13800001234",
        "第一二三四五六章",
        "编号330012345678的项目",
        "1|2|3|4|5|6|7|8|9|10|11|12",
        "监督电话12345，2026年8月",
        "13 85 76 42 18 9",
        "办公电话费 1200 3400 560",
        "合计 138 57 64 21 89",
        "138\t57\t64\t21\t89",
        "1860 2450 368",
        "1860 245 3680",
        "第一季度 15 20 36 84 225",
        "62 75 80 91 66 77 88 90",
        "45 12 36 78 05 14 123",
        "18 12 15 13 9 14\n17 16 18 15 9 13\n13 85 76 42 18 9",
    ],
)
def test_what_belongs_to_nobody_is_not(text):
    assert found_in(text) == []


def test_a_number_is_told_once_and_never_whole():
    (found,) = found_in(f"{IDENTITY} {IDENTITY[:6]} 又 {IDENTITY}")[:1]
    assert found.masked == "990*************18"


def test_check_digits():
    assert has_check_digit(GOOD)
    assert not has_check_digit(GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"))
    assert is_luhn("4111111111111111")
    assert not is_luhn("4111111111111112")
    assert not is_luhn("x")
