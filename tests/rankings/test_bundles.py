"""A published ranking is checked offline, computed anew, and refused after any change."""

import json
from dataclasses import dataclass
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import clock
from app.audit.checkpoint import Signer
from app.cli import main
from app.rankings import bundles, statements
from app.rankings.methods import compute
from app.rankings.public import public_result
from app.rankings.record import digest, exact
from tests.rankings.worlds import PERIOD, RULES, inputs_of


@dataclass
class Made:
    """A published ranking's files, and the key that signed them."""

    files: dict
    signer: Signer


def made_of(inputs, signer):
    outcome = compute(inputs, RULES, PERIOD, former=True)
    shown = public_result(json.loads(outcome.result))
    rows = [SimpleNamespace(told=exact(row), agency=agency(row["agency"]))
            for row in shown.pop("rows")]  # fmt: skip
    snapshot = SimpleNamespace(
        code="R2026-01", title="演示排名", as_of=clock.today(), since=None, method=outcome.method,
        parameters=outcome.parameters, summary=exact(shown), public="",
        data_digest=outcome.data_digest, result_digest=outcome.result_digest,
        published_at=clock.now(), reason="演示理由",
    )  # fmt: skip
    snapshot.public = statements.public_text(snapshot, rows)
    files = {
        bundles.README: "演示",
        bundles.KEY: signer.verifier.words() + "\n",
        bundles.STATEMENT: signer.sign(statements.statement_of(snapshot)),
        bundles.METHOD: outcome.parameters,
        bundles.PUBLIC: snapshot.public,
        bundles.RATINGS: inputs.text(),
        bundles.RESULT: outcome.result,
        bundles.WORKINGS: outcome.workings,
    }
    return Made(files, signer)


def agency(key):
    return SimpleNamespace(name=f"演示机构{key}", organisation=SimpleNamespace(credit_code=None))


@pytest.fixture(scope="module")
def signer():
    return Signer("演示", Ed25519PrivateKey.generate())


@pytest.fixture(scope="module", params=["mixed/1", "bayes/1"])
def made(request, signer):
    inputs = inputs_of()
    if request.param == "bayes/1":
        few = tuple(e for e in inputs.entries if e.agency < 8)
        inputs = type(inputs)(inputs.agencies, few, inputs.facts)
    found = made_of(inputs, signer)
    assert json.loads(found.files[bundles.METHOD])["method"] == request.param
    return found


@pytest.fixture
def verify(tmp_path):
    def verified(files, *options):
        path = tmp_path / "R2026-01.zip"
        path.write_bytes(bundles.Bundle(files).packed())
        return CliRunner().invoke(main, ["verify", str(path), "--json", *options])

    return verified


def public_of(made):
    return {name: text for name, text in made.files.items() if name in bundles.OF_PUBLIC}


def test_the_full_bundle_is_computed_anew_and_holds(made, verify):
    reply = verify(made.files)
    told = json.loads(reply.output)
    assert (reply.exit_code, told["wrong"]) == (0, [])
    assert told["checked"]["ratings"] > 100
    assert told["kind"] == "full"


def test_the_public_bundle_holds_by_itself_without_any_rating(made, verify):
    reply = verify(public_of(made))
    assert reply.exit_code == 0, reply.output
    assert json.loads(reply.output)["kind"] == "public"
    keys = {each["key"] for each in json.loads(made.files[bundles.RATINGS])["ratings"]}
    assert not any(key in "".join(public_of(made).values()) for key in keys)


def star(text):
    told = json.loads(text)
    stars = told["ratings"][0]["stars"]
    stars["quality"] = stars["quality"] % 5 + 1
    return exact(told)


def row_gone(text):
    told = json.loads(text)
    return exact({**told, "ratings": told["ratings"][1:]})


def keys_swapped(text):
    told = json.loads(text)
    first, second = told["ratings"][:2]
    first["key"], second["key"] = second["key"], first["key"]
    return exact(told)


def rater_swapped(text):
    told = json.loads(text)
    first = told["ratings"][0]
    other = next(each for each in told["ratings"] if each["rater"] != first["rater"])
    first["rater"] = other["rater"]
    return exact(told)


def fact_changed(text):
    told = json.loads(text)
    told["facts"]["1"]["on_time"] = 1.0
    return exact(told)


def digit_changed(text):
    at = next(n for n, c in enumerate(text) if c.isdigit() and text[n - 1] == ".")
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


RATINGS_CHANGED = [star, row_gone, keys_swapped, rater_swapped, fact_changed]
CHANGES = [
    *((bundles.RATINGS, change) for change in RATINGS_CHANGED),
    (bundles.RESULT, digit_changed),
    (bundles.WORKINGS, digit_changed),
    (bundles.PUBLIC, digit_changed),
    (bundles.METHOD, digit_changed),
    (bundles.STATEMENT, lambda text: text.replace("R2026-01", "R2026-02")),
    (bundles.METHOD, lambda text: text.replace('"seed":', '"seed":1')),
]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_after_one_change_it_is_refused(made, verify, name, change):
    forged = change(made.files[name])
    assert forged != made.files[name]
    reply = verify({**made.files, name: forged})
    assert reply.exit_code == 1
    assert json.loads(reply.output)["wrong"]


@pytest.mark.parametrize("change", RATINGS_CHANGED[:4])
def test_a_forger_with_a_key_of_his_own_is_caught_by_the_known_key(
    made, verify, signer, tmp_path, change
):
    """He changes the ratings and signs anew; the result no longer follows, and the key is not ours."""
    forger = Signer("演示", Ed25519PrivateKey.generate())
    ratings = change(made.files[bundles.RATINGS])
    told = {**made.files, bundles.RATINGS: ratings, bundles.KEY: forger.verifier.words() + "\n"}
    public = json.loads(made.files[bundles.PUBLIC]) | {"data_digest": digest(ratings)}
    told[bundles.PUBLIC] = exact(public)
    body = made.files[bundles.STATEMENT].partition("\n\n")[0] + "\n"
    for name in ("data", "public"):
        before = next(line for line in body.splitlines() if line.startswith(f"{name} "))
        text = ratings if name == "data" else told[bundles.PUBLIC]
        body = body.replace(before, f"{name} {digest(text)}")
    told[bundles.STATEMENT] = forger.sign(body)
    assert verify(told).exit_code == 1, "its own key or not: the seed and the figures don't follow"
    known = tmp_path / "known.txt"
    known.write_text(signer.verifier.words())
    assert verify(told, "--key", str(known)).exit_code == 1
    assert verify(made.files, "--key", str(known)).exit_code == 0


@pytest.mark.parametrize("name", sorted(bundles.OF_FULL))
def test_a_missing_file_is_named(made, verify, name):
    reply = verify({key: text for key, text in made.files.items() if key != name})
    assert reply.exit_code == 1


def test_an_added_file_is_named(made, verify):
    reply = verify({**made.files, "more.txt": "演示"})
    assert "more.txt" in reply.output
    assert reply.exit_code == 1


def test_a_broken_zip_is_no_bundle(made, tmp_path):
    whole = bundles.Bundle(made.files).packed()
    path = tmp_path / "broken.zip"
    path.write_bytes(whole[: len(whole) // 2])
    assert not bundles.verify_bundle(path).ok
    path.write_bytes(whole)
    with ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(bundles.RESULT, "{}")
    assert not bundles.verify_bundle(path).ok
