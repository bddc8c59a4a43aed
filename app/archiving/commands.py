"""`xingping verify`: check a package, a passport or a proof anywhere, without the portal."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app import drawing, rotation
from app.audit.checkpoint import BadNote, Verifier
from app.audit.keys import ORIGIN, load_verifier
from app.verification import Finding, verify_package, verify_proof

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", "keys", type=FILE, multiple=True, help="public key known from outside")
@click.option("--origin", default=ORIGIN, help="the log's name, for a key in PEM form")
@click.option(
    "--anchor",
    "anchors",
    type=FILE,
    multiple=True,
    help="checkpoint kept outside, or a proof of `audit consistency`",
)
@click.option("--paper", type=FILE, help="the file that a passport speaks of")
@click.option("--json", "as_json", is_flag=True, help="print the result as JSON")
def verify_command(
    file: Path,
    keys: Sequence[Path],
    origin: str,
    anchors: Sequence[Path],
    paper: Path | None,
    *,
    as_json: bool,
) -> None:
    """Check FILE: an archive package or ranking (.zip), passport (.pdf), proof, draw or rotation.

    Exits 0 only when nothing is wrong. Without --key it is held against the key that it brings
    along, which a forger could have replaced.
    """
    try:
        known = [load_verifier(path, origin) for path in keys]
        notes = [path.read_text(encoding="utf-8").replace("\r\n", "\n") for path in anchors]
        found = checked(file, known, notes, paper)
    except (BadNote, OSError, ValueError) as error:
        found = Finding([f"the file, a key or an anchor can't be read: {error}"])
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if as_json else in_words(found))
    click.get_current_context().exit(0 if found.ok else 1)


def checked(
    file: Path, keys: Sequence[Verifier], anchors: Sequence[str], paper: Path | None
) -> Finding:
    """Tell the kinds apart by their first bytes."""
    with file.open("rb") as opened:
        head = opened.read(4)
    if head.startswith(b"PK"):
        return verify_package(file, keys, anchors)
    try:
        text = proof_in(file) if head == b"%PDF" else file.read_bytes()
        told = drawing.read(text)
        if "picks" in told:
            return drawn(told)
        if told.get("v") == rotation.VERSION:
            return turned(told)
        return verify_proof(told, keys, paper, anchors=anchors)
    except (ValueError, LookupError, RecursionError) as error:
        return Finding([f"neither a package nor a passport of the portal: {error}"])


def drawn(told: dict[str, Any]) -> Finding:
    """A draw follows from its record: the list, the secret, the beacon, the bidders' numbers."""
    wrong = drawing.wrong_in(told)
    counts = {} if wrong else {"entries": len(told["entries"]), "picks": len(told["picks"])}
    return Finding(wrong, counts, {"draw": str(told.get("draw_id"))})


def turned(told: dict[str, Any]) -> Finding:
    """Each turn of an agreement belonged to the member whose it was."""
    wrong = rotation.wrong_in(told)
    counts = {} if wrong else {"members": len(told["members"]), "turns": len(told["turns"])}
    return Finding(wrong, counts, {"agreement": str(told.get("framework"))})


def proof_in(file: Path) -> bytes:
    """The proof that travels in a printed passport."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return PdfReader(file).attachments["proof.json"][0]
    except PyPdfError as error:
        raise ValueError(str(error)) from error


def in_words(found: Finding) -> str:
    """The result as a person reads it."""
    counts = ", ".join(f"{number} {what}" for what, number in found.checked.items())
    lines = [f"{name}: {value}" for name, value in found.told.items()]
    if found.ok:
        return "\n".join([f"Whole: {counts}.", *lines])
    return "\n".join([f"NOT whole ({counts}):", *(f"  {one}" for one in found.wrong), *lines])
