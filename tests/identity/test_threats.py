"""The threat model promises tests by name: each must be there, and be more than a name."""

import ast
from pathlib import Path

import pytest

from app.identity import threats_inside, threats_outside, threats_scanned
from tests.factories import UserFactory

TESTS = Path(__file__).parent.parent
ATTACKERS = (*threats_outside.ATTACKERS, *threats_inside.ATTACKERS)
ANSWERED = (*(one for who in ATTACKERS for one in who.threats), *threats_scanned.FINDINGS)
PROOFS = sorted({proof for one in ANSWERED for proof in one.proofs})


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("proof", PROOFS)
def test_every_proof_is_a_test_that_can_fail(proof):
    file, _, name = proof.partition("::")
    found = functions(TESTS / file)[name]
    told = ast.unparse(found)
    helpers = [word for word in functions(TESTS / file) if f"{word}(" in told and word != name]
    told += "".join(ast.unparse(functions(TESTS / file)[word]) for word in helpers)
    assert "assert" in told or "pytest.raises" in told
    assert "skip" not in {
        ast.unparse(one.func) for one in ast.walk(found) if isinstance(one, ast.Call)
    }


def test_every_kind_of_attacker_is_thought_of_and_every_threat_is_answered():
    assert len(ATTACKERS) == 6
    assert all(one.proofs for one in ANSWERED)


def test_the_page_names_every_proof(sign_in, session):
    page = sign_in(UserFactory()).get("/help/threat-model").get_data(as_text=True)
    assert not [proof for proof in PROOFS if proof not in page]
