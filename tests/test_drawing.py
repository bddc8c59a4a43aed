"""The draw, byte for byte: published vectors, every change found, no entry favoured."""

import copy
import json
import time
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import drawing
from app.cli import main
from app.drawing import BadDraw, Terms

VECTORS = Path(__file__).parent.parent.parent / "shared" / "vectors" / "draw.json"
SECRET = bytes(range(32))
# Computed by hand once with another program; what the method must give anywhere.
UNIFORM = {
    "terms": Terms("TEST-1 uniform", {f"AG{n:02}": 1 for n in range(1, 11)}, 3, "test-beacon/1"),
    "list": "cd055d4cfd7ea6bdb7a13771cfc646b5a6809bc5e6e41d3b361886cc43cf4f3f",
    "commitment": "6160c07addd9377ca75a2328dab3a9dd51f22ee7e7300c950af64efd4148dc43",
    "seed": "acd4a26bfdebd642adaef9a5b1c391b3912bee39b134edaced4ce923332f36a3",
    "picks": [("AG10", 9, 10, 0), ("AG02", 1, 9, 0), ("AG07", 5, 8, 0)],
}


def test_a_known_draw_comes_out_again():
    terms = UNIFORM["terms"]
    assert drawing.list_digest(terms).hex() == UNIFORM["list"]
    assert drawing.commitment(terms, SECRET).hex() == UNIFORM["commitment"]
    seeded = drawing.seed(terms, SECRET, "0" * 64, {})
    assert seeded.hex() == UNIFORM["seed"]
    assert drawing.picks(terms, seeded) == UNIFORM["picks"]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not at hand")
def test_every_shared_vector_is_met_byte_for_byte():
    told = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert len(told) >= 4
    for vector in told:
        assert drawing.wrong_in(vector) == [], vector["draw_id"]


def a_record():
    terms = Terms(
        "演示摇号", {"演示甲": 100, "演示乙": 150, "演示丙": 200, "丁": 50}, 3, "ssq:2026100"
    )
    own = {"演示甲": sha256(b"a").digest(), "演示丙": sha256(b"c").digest()}
    return drawing.record(terms, SECRET, "01,02,03,04,05,06+07", own)


def flipped(text):
    return ("1" if text[0] == "0" else "0") + text[1:]


CHANGES = {
    "a weight": lambda told: told["entries"].update(丁=51),
    "an entry more": lambda told: told["entries"].update(演示戊=1),
    "an entry less": lambda told: told["entries"].pop("丁"),
    "how many": lambda told: told.update(k=2),
    "the draw's name": lambda told: told.update(draw_id="演示摇号二"),
    "the beacon's name": lambda told: told.update(beacon_id="ssq:2026101"),
    "the beacon": lambda told: told.update(beacon_value="01,02,03,04,05,06+08"),
    "the secret": lambda told: told.update(nonce=flipped(told["nonce"])),
    "a bidder's number": lambda told: told["contrib"][0].__setitem__(1, "00" * 32),
    "a bidder's number withheld": lambda told: told["contrib"].pop(),
    "a stranger's number": lambda told: told["contrib"].append(["演示己", "00" * 32]),
    "a number given twice": lambda told: told["contrib"].append(told["contrib"][0]),
    "the digest of the list": lambda told: told.update(list_digest=flipped(told["list_digest"])),
    "the commitment": lambda told: told.update(commitment=flipped(told["commitment"])),
    "the seed": lambda told: told.update(seed=flipped(told["seed"])),
    "who was drawn": lambda told: told["picks"].reverse(),
    "one pick less": lambda told: told["picks"].pop(),
    "a point": lambda told: told["picks"][0].__setitem__(1, "0" if told["picks"][0][1] != "0" else "1"),
    "a weight that is no number": lambda told: told["entries"].update(丁=True),
    "no weight": lambda told: told["entries"].update(丁=0),
    "a short secret": lambda told: told.update(nonce="00"),
    "a field gone": lambda told: told.pop("beacon_value"),
    "an empty list": lambda told: told.update(entries={}),
}  # fmt: skip


def test_an_untouched_record_holds():
    assert drawing.wrong_in(drawing.read(json.dumps(a_record()))) == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_the_record_is_found(change):
    told = copy.deepcopy(a_record())
    change(told)
    assert drawing.wrong_in(told)


def test_a_name_that_stands_twice_is_refused():
    with pytest.raises(BadDraw):
        drawing.read('{"entries": {"A": 1, "A": 2}}')


def test_whoever_asks_for_all_gets_each_once():
    told = drawing.record(Terms("all", {"X": 5, "Y": 2**63 - 1}, 5, "b"), b"\xff" * 32, "", {})
    assert sorted(pick[0] for pick in told["picks"]) == ["X", "Y"]


def test_the_chances_are_those_of_the_weights():
    """20,000 draws of two from weights 1 to 4 against the exact chance of every ordered pair."""
    weights = {"A": 1, "B": 2, "C": 3, "D": 4}
    terms, trials = Terms("many", weights, 2, "b"), 20_000
    seen = Counter(
        tuple(pick.id for pick in drawing.picks(terms, sha256(b"%d" % n).digest()))
        for n in range(trials)
    )
    total, squares = sum(weights.values()), 0.0
    for first, second in permutations(weights, 2):
        chance = Fraction(weights[first], total) * Fraction(weights[second], total - weights[first])
        expected = float(chance) * trials
        squares += (seen[first, second] - expected) ** 2 / expected
    assert squares < 31.3  # the 99.9th percentile of chi-square with 11 degrees of freedom


def test_what_lies_beyond_the_last_multiple_is_thrown_away():
    """Otherwise the first entries would be drawn a little too often."""
    total = (1 << 255) + 1  # of two numbers, nearly one lies beyond
    found = [drawing._below(total, sha256(b"%d" % n).digest(), 0) for n in range(60)]
    assert all(point < total for point, _rejected in found)
    assert any(rejected for _point, rejected in found)


def test_ten_thousand_bidders_take_less_than_a_second():
    terms = Terms("large", {f"机构{n:05}": 50 + n % 150 for n in range(10_000)}, 10_000, "b")
    begun = time.process_time()
    told = drawing.record(terms, SECRET, "value", {})
    assert drawing.wrong_in(told) == []
    assert time.process_time() - begun < 1


def verified(tmp_path, told):
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return CliRunner().invoke(main, ["verify", str(file)])


def test_the_command_accepts_a_record_and_refuses_a_changed_one(tmp_path):
    told = a_record()
    good = verified(tmp_path, told)
    assert good.exit_code == 0, good.output
    told["entries"]["丁"] = 60
    bad = verified(tmp_path, told)
    assert bad.exit_code == 1
    assert "NOT whole" in bad.output


@pytest.mark.parametrize(
    ("newcomers", "kept", "found"),
    [
        ("", 2, "ABC"),  # nobody is new: the first ones drawn
        ("AE", 1, "ABC"),  # one is among them already
        ("E", 1, "ABE"),  # the last of the others makes place for the next newcomer
        ("DE", 2, "ADE"),
        ("CE", 2, "ACE"),  # a newcomer among the first ones stays
        ("DE", 3, "ADE"),  # no more than there are
    ],
)
def test_places_kept_for_newcomers_follow_from_the_order_drawn(newcomers, kept, found):
    assert drawing.invited("ABCDE", newcomers, 3, kept) == list(found)
