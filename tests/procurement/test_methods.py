from types import SimpleNamespace

import pytest

from app.procurement.methods import (
    FRAMEWORK,
    OWN,
    RESTS_ON,
    STATUTORY,
    Method,
    allowed,
    basis_of,
    is_statutory,
    unfair_in,
    weight_of,
)

WAN = 10_000 * 100
RULES = SimpleNamespace(limit_fen=50 * WAN, tender_fen=400 * WAN, document_no="演示文号")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1, (*OWN, *FRAMEWORK)),
        (50 * WAN - 1, (*OWN, *FRAMEWORK)),
        (50 * WAN, (*STATUTORY, *FRAMEWORK)),
        (400 * WAN - 1, (*STATUTORY, *FRAMEWORK)),
        (400 * WAN, (Method.OPEN_TENDER, Method.SINGLE_SOURCE)),
    ],
)
def test_the_amount_decides_the_methods(amount, expected):
    assert allowed(amount, RULES) == expected
    assert is_statutory(amount, RULES) is not set(OWN).issubset(expected)


def test_no_method_is_a_price_inquiry_and_a_draw_is_never_statutory():
    assert not {one for one in Method if "inquiry" in one}
    for drawn in (Method.DRAW, Method.DRAW_BIDDING):
        assert drawn not in STATUTORY
        for amount in (50 * WAN, 400 * WAN):
            assert drawn not in allowed(amount, RULES)


@pytest.mark.parametrize("method", Method)
def test_the_basis_names_the_thresholds_and_the_method(method):
    basis = basis_of(method, RULES)
    assert basis.startswith("演示文号；")
    assert RESTS_ON.get(method, "采购限额标准以下") in basis


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("须为本地 企业", "place"),
        ("国有控股企业优先", "ownership"),
        ("本区业绩每个加2分", "record"),
        ("须为名录库内机构", "list"),
        ("原服务机构优先", "brand"),
        ("注册资本不低于500万元", "size"),
    ],
)
def test_discriminatory_terms_are_found(text, kind):
    assert kind in {found for found, _words in unfair_in("其他要求", text)}


def test_lawful_terms_pass():
    assert (
        unfair_in("主评人从事绩效评价三年以上", "熟悉预算管理制度", "在评价所在地开展现场核查")
        == []
    )


def test_weights_are_kept_between_half_and_double():
    assert [weight_of(z) for z in (None, 0, 0.3, -3, -0.5, 5)] == [100, 100, 130, 50, 50, 200]
