"""Notes and checkpoints: the public vectors, round trips, and everything that must be refused."""

import base64
import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit import keys
from app.audit.checkpoint import BadNote, Checkpoint, Signer, Verifier, opened, split

NEUMANN = Verifier.from_words("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer("xingping", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
HEAD = Checkpoint("xingping", 7, bytes(range(32)))


def test_a_note_of_the_reference_implementation_opens():
    assert opened(NEUMANN_NOTE, [NEUMANN]).endswith("your problem is.\n")
    assert NEUMANN.words().startswith("PeterNeumann+c74f20a3+")
    with pytest.raises(BadNote, match="does not fit"):
        opened(NEUMANN_NOTE.replace("answer", "anwser"), [NEUMANN])


def test_the_form_is_that_of_the_standard():
    note = SIGNER.sign(HEAD.text())
    root = base64.b64encode(HEAD.root).decode()
    assert note.startswith(f"xingping\n7\n{root}\n\n— xingping ")
    assert note.count("\n") == 5
    assert Checkpoint.from_text(opened(note, [SIGNER.verifier])) == HEAD
    assert Verifier.from_words(SIGNER.verifier.words()) == SIGNER.verifier


def test_further_signatures_are_passed_over():
    witness = Signer("witness.example", Ed25519PrivateKey.generate())
    mark = witness.sign(HEAD.text()).rpartition("\n\n")[2]
    note = SIGNER.sign(HEAD.text()) + mark
    assert opened(note, [SIGNER.verifier]) == opened(note, [witness.verifier]) == HEAD.text()
    assert opened(note, [SIGNER.verifier, witness.verifier])
    assert [name for name, _, _ in split(note)[1]] == ["xingping", "witness.example"]
    assert opened(SIGNER.sign(HEAD.text()) + mark * 40, [SIGNER.verifier])


def test_one_wrong_signature_of_a_known_key_spoils_the_note():
    witness = Signer("witness.example", Ed25519PrivateKey.generate())
    mark = witness.sign("other\n").rpartition("\n\n")[2]
    with pytest.raises(BadNote):
        opened(SIGNER.sign(HEAD.text()) + mark, [SIGNER.verifier, witness.verifier])


def test_a_stranger_with_our_name_is_a_stranger():
    thief = Signer("xingping", Ed25519PrivateKey.generate())
    with pytest.raises(BadNote, match="no known key"):
        opened(thief.sign(HEAD.text()), [SIGNER.verifier])


def test_every_flipped_character_is_noticed():
    note = SIGNER.sign(HEAD.text())
    for place, old in enumerate(note):
        changed = note[:place] + ("x" if old != "x" else "y") + note[place + 1 :]
        with pytest.raises(BadNote):
            opened(changed, [SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 42 + "B=\n", "a\n1\n" + "A" * 43 + "=", "a\n1\n" + "A" * 43 + "=\n\n",
        "\n1\n" + "A" * 43 + "=\n", "a\n１\n" + "A" * 43 + "=\n", "a\n1\n" + "é" * 44 + "\n",
        "a\n" + "9" * 30 + "\n" + "A" * 43 + "=\n",
    ],
)  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text):
    with pytest.raises(BadNote):
        Checkpoint.from_text(text)


@pytest.mark.parametrize(
    "note",
    ["", "a", "a\n", "a\n\n", "a\n\nb\n", "a\n\n— x\n", "a\n\n— x !!\n", "a\n\n— x AAAA\n", "a\n\n— x é\n",
     "a\n\n— +x AAAAAAAA\n", "a\r\n\n— x AAAAAAAA\n", "\n\n" + "a" * 300_000],
)  # fmt: skip
def test_what_is_not_a_note_is_refused(note):
    with pytest.raises(BadNote):
        split(note)


@pytest.mark.parametrize(
    "line", ["", "x", "a+b", "a+00000000+AAAA", "a+00000000+!", "a+00000000+AQ=="]
)
def test_what_is_not_a_key_is_refused(line):
    with pytest.raises(BadNote):
        Verifier.from_words(line)


def test_text_that_would_not_read_back_is_not_signed():
    for text in ("no newline", "a\tb\n"):
        with pytest.raises(ValueError, match="newline"):
            SIGNER.sign(text)


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path):
    path = tmp_path / "keys" / "audit_key"
    first = keys.load_signer(path, "xingping")
    again = keys.load_signer(path, "xingping")
    assert first.verifier == again.verifier
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.load_verifier(path.with_suffix(".pub"), "xingping") == first.verifier
    assert sorted(os.listdir(path.parent)) == ["audit_key", "audit_key.pub"]
    line = tmp_path / "line"
    line.write_text(first.verifier.words() + "\n")
    assert keys.load_verifier(line, "other") == first.verifier


def test_two_that_start_at_once_share_the_first_key(tmp_path):
    path = tmp_path / "audit_key"
    keys._make(path)
    before = path.read_bytes()
    keys._make(path)
    assert path.read_bytes() == before
