"""Texts by their pieces: what agrees, what is cut the same way, and where."""

import random

import numpy as np

from app.caged import shingles

WORDS = "资金使用管理绩效目标完成情况满意度产出数量质量时效成本社会效益可持续影响项目单位评价"
NONE = np.empty(0, np.uint64)


def essay(seed, length=3000):
    draw = random.Random(seed)
    return "".join(draw.choice(WORDS) for _ in range(length))


def test_blanks_marks_width_and_case_make_no_difference():
    one = shingles.shingled("绩效目标，完成 ABC１２３ 情况良好")
    other = shingles.shingled("绩效目标完成\nａｂｃ123：情况\t良好")
    assert one.hashes.tolist() == other.hashes.tolist()
    assert len(one.hashes) == one.characters - shingles.WIDTH + 1


def test_a_short_text_has_no_pieces():
    assert len(shingles.shingled("绩效").hashes) == 0
    assert list(shingles.segments(NONE)) == []
    assert shingles.share(NONE, NONE) == 0.0
    assert shingles.passages(shingles.shingled("绩效"), shingles.shingled(""), NONE) == []


def test_share_is_that_of_the_first():
    own, other = essay(1, 1000), essay(2, 1000)
    half = shingles.without(shingles.shingled(own + other).hashes, NONE)
    whole = shingles.without(shingles.shingled(own).hashes, NONE)
    assert shingles.share(whole, half) == 1.0
    assert 0.45 < shingles.share(half, whole) < 0.55


def test_a_passage_is_cut_the_same_way_wherever_it_stands():
    passage = essay(3, 6000)
    one = {s.tobytes() for s in shingles.segments(shingles.shingled(essay(4) + passage).hashes)}
    other = {
        s.tobytes() for s in shingles.segments(shingles.shingled(essay(5, 777) + passage).hashes)
    }
    assert len(one & other) >= 3


def test_passages_are_found_with_their_places():
    passage = "本项目绩效目标设定依据充分，指标清晰可衡量，与部门职责密切相关。" * 2
    one, other = essay(6, 500) + passage + essay(7, 300), essay(8, 100) + passage
    found = shingles.passages(shingles.shingled(one), shingles.shingled(other), NONE)
    best = found[0]
    assert passage[:40] in one[best.start : best.end]
    assert passage[:40] in other[best.other_start : best.other_end]


def test_what_does_not_count_is_no_passage():
    passage = "根据财政部项目支出绩效评价管理办法的有关规定开展评价工作并出具报告"
    ignored = np.unique(shingles.shingled(passage).hashes)
    one, other = (
        shingles.shingled(essay(9, 200) + passage),
        shingles.shingled(essay(10, 200) + passage),
    )
    assert shingles.passages(one, other, NONE) != []
    assert shingles.passages(one, other, ignored) == []
    assert shingles.share(shingles.without(one.hashes, ignored), other.hashes) < 0.2


def test_common_pieces_stand_in_many_texts():
    shared = "本报告仅供预算绩效管理使用"
    texts = [shingles.shingled(essay(n, 300) + shared).hashes for n in range(20, 32)]
    common = shingles.common(texts, 10, 1000)
    assert set(shingles.shingled(shared).hashes.tolist()) <= set(common.tolist())
    assert len(shingles.common(texts, 10, 3)) == 3
    assert len(shingles.common([], 1, 10)) == 0
