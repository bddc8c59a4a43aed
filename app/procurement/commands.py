"""Commands of procurement: a bid is sealed offline, on the bidder's own machine."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from app.procurement.sealing import MOST_FEN, Bid, seal


@click.command("seal-bid")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lot", required=True, help="the lot's code, as the page shows it")
@click.option("--key", required=True, help="both officers' public halves, as the page shows them")
def seal_bid_command(file: Path, lot: str, key: str) -> None:
    """Seal a bid: FILE holds {"price": "79000.00", "plan": "…"}; paste the result into the page."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        price_fen = int(Decimal(str(told["price"])) * 100)
        plan = str(told.get("plan", ""))
        first, second = key.split(":")
        envelope = seal(Bid(price_fen, plan), (first, second), lot)
    except (ValueError, KeyError, TypeError, InvalidOperation, AttributeError) as error:
        raise click.ClickException(f"the bid or the key can't be read: {error}") from error
    if not 0 < price_fen < MOST_FEN:
        raise click.ClickException("the price must be more than nothing")
    click.echo(envelope)
