"""Commands of procurement: a bid is sealed offline, on the bidder's own machine."""

import json
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path

import click

from app.procurement.sealing import MOST_FEN, MOST_FILE, Bid, PlanFile, seal, seal_file


@click.command("seal-bid")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lot", required=True, help="the lot's code, as the page shows it")
@click.option("--key", required=True, help="both officers' public halves, as the page shows them")
@click.option("--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="the plan as a PDF; PLAN.sealed is written beside it")  # fmt: skip
def seal_bid_command(file: Path, lot: str, key: str, plan: Path | None) -> None:
    """Seal a bid: FILE holds {"price": "79000.00", "plan": "…"}; paste the result into the page."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        price_fen = int(Decimal(str(told["price"])) * 100)
        words = str(told.get("plan", ""))
        first, second = key.split(":")
        sealed, box = _sealed(plan, lot)
        envelope = seal(Bid(price_fen, words, sealed), (first, second), lot, box)
    except (ValueError, KeyError, TypeError, InvalidOperation, AttributeError) as error:
        raise click.ClickException(f"the bid or the key can't be read: {error}") from error
    if not 0 < price_fen < MOST_FEN:
        raise click.ClickException("the price must be more than nothing")
    click.echo(envelope)


def _sealed(plan: Path | None, lot: str) -> tuple[PlanFile | None, str]:
    """The plan's file, encrypted beside it, and the digest of that; nothing without a file."""
    if plan is None:
        return None, ""
    data = plan.read_bytes()
    if len(data) > MOST_FILE or not data.startswith(b"%PDF-"):
        raise ValueError("the plan is a PDF of at most 20 MB")
    file, box = seal_file(plan.name, data, lot)
    plan.with_name(f"{plan.name}.sealed").write_bytes(box)
    return file, sha256(box).hexdigest()
