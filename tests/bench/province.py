"""A province beside the product: its rows are made by PostgreSQL itself, at any scale.

Run: python -m tests.bench.province --scale 1 [--folder FOLDER] [--district 0.02] [--mix 5]
Prints every page of the menus with its median time and its statements at both sizes, and keeps
the table in var/province.json. With a folder the databases stay there and are used again.
Scale 1 takes some 25 GB of disk and half an hour.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app import create_app
from app.db import db
from tests import conftest, servers
from tests.bench import province_mix, province_pages
from tests.bench.__main__ import line_of, reached
from tests.bench.province_load import load
from tests.bench.province_rows import Size

# What every administrator of a large PostgreSQL sets; the rest is as it comes.
SERVER = {
    "shared_buffers": "2GB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",  # so that a page uses one processor, and it is counted
}


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own, with the settings of one that holds a province."""
    if not (folder / "data" / "postgresql.auto.conf").exists():
        with servers._embedded_postgres(folder) as url:
            address = (
                make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            )
            with psycopg.connect(address, autocommit=True) as connection:
                for name, value in SERVER.items():
                    connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    with servers._embedded_postgres(folder) as url:
        yield url


def portal(folder: Path, url: str):
    """A portal over a database that has the newest tables; as it runs, with its caches."""
    settings = conftest.make_settings(
        folder, url, TODO_COUNT_SECONDS=3600, LIVE_FRAGMENTS=48, TESTING=False
    )
    conftest.migrate(settings)
    return create_app(settings)


@contextlib.contextmanager
def province(folder: Path, url: str, scale: float):
    """The portal over a province of this size, loaded where it isn't yet; its context is open."""
    name = f"province_{scale}".replace(".", "_")
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    var, done = folder / name, folder / name / "loaded"
    with psycopg.connect(address, autocommit=True) as connection:
        if not done.exists():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 {servers.UNICODE}')
    app = portal(var, servers._text(make_url(url).set(database=name)))
    with app.app_context():
        if not done.exists():
            print(f"scale {scale}", flush=True)
            load(Size(scale))
            done.touch()
        yield app
        db.session.remove()
        db.engine.dispose()


def measured(folder: Path, url: str, scale: float) -> dict[str, dict]:
    """Every page of a province of this size."""
    with province(folder, url, scale) as app:
        return province_pages.look(app, Size(scale))


def used_by_people(
    folder: Path, url: str, scales: tuple[float, float], rounds: int
) -> tuple[dict, dict, dict]:
    """The mix in a district, in a province, and the framework's bare page."""
    told = []
    for scale in scales:
        with province(folder, url, scale) as app:
            app.config.update(WTF_CSRF_ENABLED=True, SERVER_NAME=None)
            told.append(province_mix.run(app, folder, rounds=rounds))
    with province(folder, url, scales[0]) as app:
        return *told, province_mix.bare(app, folder, rounds=rounds)


def main(arguments: list[str]) -> int:
    """Measure both sizes and print the table; the exit status says whether every page is quick."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.02)
    asked.add_argument("--district", type=float, default=0.002)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--mix", type=int, default=0, metavar="ROUNDS")
    told = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xingping-province-") as scratch:
        os.chmod(scratch, 0o755)  # the database server runs as a user of its own
        folder = told.folder or Path(scratch)
        with server(folder) as url:
            small = measured(folder, url, told.district)
            large = measured(folder, url, told.scale)
            people = told.mix and used_by_people(folder, url, (told.district, told.scale), told.mix)
    out = Path(os.environ.get("XINGPING_VAR", "var"))
    out.mkdir(parents=True, exist_ok=True)
    kept = {"district": told.district, "scale": told.scale, "small": small, "large": large,
            "mix": people or None}  # fmt: skip
    (out / "province.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    missed = province_pages.tell(small, large)
    for figure in province_mix.figures(*people) if people else ():
        print(line_of(figure))
        missed |= not reached(figure)
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
