"""The most memory that making a pack of so many lots takes; run in a process of its own."""

import gc
import json
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from app import create_app
from app.db import db, transaction
from app.engagements.queries import template_in_force
from app.packs import building
from app.packs.models import DecisionPack
from app.procurement import awarding
from app.procurement.methods import Method
from app.store import object_store
from tests.conftest import make_settings, migrate
from tests.factories import AgencyFactory, EvaluatorFactory
from tests.packs import making
from tests.procurement import placing

FEN = 100_000  # 1,000 yuan a lot, so that 200 of them stay below the limit


def measure(folder: Path, lots: int) -> dict:
    """A need by direct choice among thirty agencies; the pack it becomes."""
    settings = make_settings(folder / "var", f"sqlite:///{folder}/portal.db")
    migrate(settings)
    with create_app(settings).app_context():
        officer = placing.bureau()
        agencies = making.ranked_agencies(officer)
        for _n in range(27):
            AgencyFactory()
        template = template_in_force("fiscal_evaluation")
        rows = [placing.lot(template, FEN, name=f"演示第{n}包") for n in range(1, lots + 1)]
        need = placing.planned(officer, Method.DIRECT, lots=rows)
        lead = EvaluatorFactory(agency=agencies[0])
        for lot in need.lots:
            with transaction():
                awarding.award_lot(officer, lot, awarding.NewAward(lead, FEN, "批量复核"))
        key, begun = making.asked(officer, need).id, time.monotonic()
        db.session.expunge_all()
        del need, lot, rows
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here on
        idle = peak()
        with Presses() as presses:
            building.make(key)
        told = {"idle": idle, "peak": peak(), "printing": presses.peak}
        seconds, pack = time.monotonic() - begun, db.session.get(DecisionPack, key)
        path = folder / "pack.zip"
        with object_store().open(pack.store_key) as reader, path.open("wb") as file:
            shutil.copyfileobj(reader, file)
        told |= {"seconds": seconds, "size": pack.size, "error": pack.error, "path": str(path)}
        return {**told, "lots": pack.lots_done}


class Presses:
    """What the programs that this process starts hold at most, looked at while they run."""

    def __init__(self) -> None:
        self.peak, self.over = 0, Event()
        self.thread = Thread(target=self.watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join()

    def watch(self):
        own = words_of("self")
        while not self.over.wait(0.05):
            for task in Path("/proc/self/task").glob("*/children"):
                for child in task.read_text().split():
                    with suppress(OSError, TypeError):
                        # a fork holds what we hold until it is a program, which it stays: asked
                        # before, so that one which becomes it in between isn't taken for it
                        if words_of(child) != own:
                            self.peak = max(self.peak, peak(child))


def words_of(process: str) -> bytes:
    """The command line of a process."""
    return Path(f"/proc/{process}/cmdline").read_bytes()


def peak(process: str = "self") -> int:
    """The most memory that a process held since it began, or since its peak was reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
