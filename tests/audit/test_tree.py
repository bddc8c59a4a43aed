"""RFC 6962 against its own recursive definition, for every size up to 130."""

from hashlib import sha256

import pytest

from app.audit import tree

RFC_ENTRIES = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    bytes.fromhex("5051525354555657"), bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]  # fmt: skip
RFC_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 130
LEAVES = [tree.leaf_hash(str(n).encode()) for n in range(300)]


def defined_root(leaves):
    """MTH exactly as RFC 6962 2.1 writes it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(defined_root(leaves[:k]), defined_root(leaves[k:]))


def defined_path(m, leaves):
    """PATH exactly as RFC 6962 2.1.1 writes it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*defined_path(m, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(m - k, leaves[k:]), defined_root(leaves[:k])]


def defined_subproof(m, leaves, b):
    """SUBPROOF exactly as RFC 6962 2.1.2 writes it."""
    if m == len(leaves):
        return [] if b else [defined_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*defined_subproof(m, leaves[:k], b), defined_root(leaves[k:])]
    return [*defined_subproof(m - k, leaves[k:], False), defined_root(leaves[:k])]


def nodes(level, position):
    return defined_root(LEAVES[position << level : (position + 1) << level])


ROOTS = [defined_root(LEAVES[:n]) for n in range(MOST + 1)]


@pytest.mark.parametrize("n", range(1, 9))
def test_roots_of_the_known_vectors(n):
    assert tree.root_of(map(tree.leaf_hash, RFC_ENTRIES[:n])).hex() == RFC_ROOTS[n - 1]


def test_root_of_nothing_is_the_hash_of_nothing():
    assert tree.root_of([]).hex() == sha256(b"").hexdigest()


def test_every_root_and_every_way_to_reach_it():
    for n in range(MOST + 1):
        assert tree.root_of(LEAVES[:n]) == ROOTS[n]
        for first in range(0, n, 7):
            frontier = tree.Frontier()
            frontier.extend(LEAVES[:first])
            frontier.extend(LEAVES[first:n])
            assert (frontier.size, frontier.root()) == (n, ROOTS[n])


def test_kept_subtrees_have_their_place_and_hash():
    for cut in (0, 1, 100, 255, 256, 257, 299):
        frontier = tree.Frontier()
        kept = frontier.extend(LEAVES[:cut]) + frontier.extend(LEAVES[cut:])
        assert kept == [(8, 0, defined_root(LEAVES[:256]))]


def test_every_inclusion_proof_is_the_defined_one_and_checks():
    for n in range(1, MOST + 1):
        for m in range(n):
            proof = tree.inclusion_proof(nodes, m, n)
            assert proof == defined_path(m, LEAVES[:n])
            assert tree.holds_entry(LEAVES[m], m, n, proof, ROOTS[n])


def test_no_inclusion_proof_serves_another_place_leaf_size_or_root():
    for n in range(1, 40):
        for m in range(n):
            proof = tree.inclusion_proof(nodes, m, n)
            others = [k for k in range(n) if k != m]
            assert not any(tree.holds_entry(LEAVES[m], k, n, proof, ROOTS[n]) for k in others)
            assert not any(tree.holds_entry(LEAVES[k], m, n, proof, ROOTS[n]) for k in others)
            assert not tree.holds_entry(LEAVES[m], m, n, proof, ROOTS[n + 1])
            assert not tree.holds_entry(LEAVES[m], m, n, [*proof, ROOTS[n]], ROOTS[n])
            assert not proof or not tree.holds_entry(LEAVES[m], m, n, proof[:-1], ROOTS[n])
            for wrong in range(len(proof)):
                bad = [*proof[:wrong], ROOTS[0], *proof[wrong + 1 :]]
                assert not tree.holds_entry(LEAVES[m], m, n, bad, ROOTS[n])
    assert not tree.holds_entry(LEAVES[0], -1, 1, [], LEAVES[0])
    assert not tree.holds_entry(LEAVES[0], 1, 1, [], LEAVES[0])


def test_every_consistency_proof_is_the_defined_one_and_checks():
    for n in range(1, MOST + 1):
        for m in range(1, n + 1):
            proof = tree.consistency_proof(nodes, m, n)
            assert proof == defined_subproof(m, LEAVES[:n], True)
            assert tree.grew(m, n, proof, ROOTS[m], ROOTS[n])
    assert tree.grew(0, 5, [], ROOTS[0], ROOTS[5])


def test_no_consistency_proof_serves_a_changed_past():
    for n in range(1, 40):
        for m in range(1, n + 1):
            proof = tree.consistency_proof(nodes, m, n)
            assert not tree.grew(m, n, proof, ROOTS[m - 1], ROOTS[n])
            assert not tree.grew(m, n, proof, ROOTS[m], ROOTS[n + 1])
            assert not tree.grew(m, n, [*proof, ROOTS[1]], ROOTS[m], ROOTS[n])
            assert not proof or not tree.grew(m, n, proof[:-1], ROOTS[m], ROOTS[n])
            for wrong in range(len(proof)):
                bad = [*proof[:wrong], ROOTS[0], *proof[wrong + 1 :]]
                assert not tree.grew(m, n, bad, ROOTS[m], ROOTS[n])
    assert not tree.grew(6, 5, [], ROOTS[6], ROOTS[5])
    assert not tree.grew(0, 5, [ROOTS[1]], ROOTS[0], ROOTS[5])


def test_proofs_outside_the_tree_are_refused():
    with pytest.raises(ValueError, match="has no entry"):
        tree.inclusion_proof(nodes, 3, 3)
    with pytest.raises(ValueError, match="has not grown"):
        tree.consistency_proof(nodes, 4, 3)
