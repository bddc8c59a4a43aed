"""Commands for the side of other systems: bring a year's commissions in, write results back."""

import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from app.api.client import Portal, Refused, Unreachable

MOST_ROWS = 500  # that the portal takes at once

BOOK = click.argument("book", type=click.Path(exists=True, dir_okay=False, path_type=Path))
URL = click.option("--url", required=True, help="the portal's address, https://…")
TOKEN = click.option(
    "--token-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="file with a token of the API",
)
HEADS = click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file that names the heads of another system's columns",
)


@click.group("api")
def api_commands() -> None:
    """For other systems: bring commissions in by the API, write results back."""


def opened(book: Path, heads: Path | None) -> Any:
    """The workbook; one that can't be read is one line, not a trace."""
    from app.api import budget_book  # late: only these commands pay for the library

    own = json.loads(heads.read_text(encoding="utf-8")) if heads else {}
    try:
        return budget_book.Book(book.read_bytes(), {**budget_book.HEADS, **own})
    except (budget_book.Unreadable, OSError, KeyError, ValueError) as error:
        raise click.ClickException(f"{book}: {error}") from error


def portal_of(url: str, token_file: Path) -> Portal:
    """The portal with its token."""
    try:
        return Portal(url, token_file.read_text(encoding="utf-8").strip())
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def replace(book: Path, data: bytes) -> None:
    """Write the workbook anew, or leave it as it was."""
    fresh = book.with_name(f".{book.name}.new")
    fresh.write_bytes(data)
    os.replace(fresh, book)


@api_commands.command("import")
@BOOK
@URL
@TOKEN
@HEADS
def import_book(book: Path, url: str, token_file: Path, heads: Path | None) -> None:
    """Open the engagements of a year's commissions (XLSX) and note their numbers in the workbook.

    Rows whose contract has a number already are left out; run again, nothing is opened twice.
    """
    from app.api import budget_book

    opened_book, portal = opened(book, heads), portal_of(url, token_file)
    lines = budget_book.rows_to_send(list(opened_book.lines()))
    count = 0
    for portion in budget_book.chunks(lines, MOST_ROWS):
        codes = sent(portal, portion, opened_book.heads)
        for line in portion:
            opened_book.write(line.number, {budget_book.CODE: codes[line.values["number"]]})
        replace(book, opened_book.saved())
        count += len(codes)
    click.echo(f"已导入 {len(lines)} 行、{count} 个委托项目。/ {count} engagements opened.")


def sent(portal: Portal, lines: list[Any], heads: dict[str, str]) -> dict[str, str]:
    """Send rows under a key made of themselves; return the codes by contract number."""
    body = {"rows": [line.values for line in lines]}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    key = f"import-{hashlib.sha256(text.encode()).hexdigest()}"
    try:
        done = portal.post("/engagements/imports", body, key)
    except Refused as refusal:
        tell_refusal(refusal, lines, heads)
        raise click.ClickException(str(refusal)) from refusal
    except Unreachable as error:
        raise click.ClickException(str(error)) from error
    return {one["number"]: one["code"] for one in done["engagements"]}


def tell_refusal(refusal: Refused, lines: list[Any], heads: dict[str, str]) -> None:
    """What stands against the rows, by the workbook's own rows and heads."""
    for one in refusal.errors:
        parts = one["place"].split("/")
        if len(parts) > 2 and parts[1] == "rows" and parts[2].isdigit():
            row, name = lines[int(parts[2])].number, parts[3] if len(parts) > 3 else ""
            click.echo(f"第 {row} 行 {heads.get(name, name)}：{one['detail']}", err=True)
        else:
            click.echo(f"{one['place']}：{one['detail']}", err=True)


@api_commands.command("results")
@BOOK
@URL
@TOKEN
@HEADS
def write_results(book: Path, url: str, token_file: Path, heads: Path | None) -> None:
    """Write back where each commission stands: state, acceptance, score, grade, cuts."""
    from app.api import budget_book

    opened_book, portal = opened(book, heads), portal_of(url, token_file)
    lines = [line for line in opened_book.lines() if line.code]
    try:
        known = {one["code"]: one for one in portal.every("/engagements")}
        results = defaultdict(list)
        for one in portal.every("/results"):
            results[one["engagement_code"]].append(one)
    except (Refused, Unreachable) as error:
        raise click.ClickException(str(error)) from error
    found = [line for line in lines if line.code in known]
    for line in found:
        told = budget_book.result_row(known[line.code], line.values["project"], results[line.code])
        opened_book.write(line.number, told)
    replace(book, opened_book.saved())
    click.echo(f"已回写 {len(found)} 行。/ {len(found)} rows written back.")
