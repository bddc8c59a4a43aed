"""Making a pack: lot by lot into a ZIP that goes straight to the store; nothing of it grows.

Files leave the memory as soon as they are packed; the manifest comes last, and the log vouches
for it. What happened to the need meanwhile makes the pack begin anew.
"""

import logging
import tempfile
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, select

from app import clock, pdf
from app.archiving.packing import proofs_of, seal_up_to
from app.audit.keys import known_keys
from app.audit.models import AuditEvent
from app.comparisons.models import Panel
from app.db import db, end_read, transaction
from app.errors import PortalError
from app.listed_zip import SUMS, sums_of
from app.openness import ocds
from app.openness.processes import of_lot
from app.openness.publishing import publisher_at
from app.packs import contents, files, services
from app.packs.counting import Counts, counts_of, snapshot_codes
from app.packs.models import DecisionPack
from app.packs.printing import TOGETHER, Prints
from app.packs.workbook import Book
from app.procurement.models import Award, Draw, Lot, Need
from app.queueing.running import LOST, told
from app.rankings import packing as rankings
from app.rankings.models import RankingSnapshot
from app.store import object_store, spool_folder
from app.verification import digest_of_events
from app.zipping import Packed, zipped
from storage import CHUNK, Stored, StoreError

log = logging.getLogger(__name__)
MOST_BYTES = 1 << 33
MOST_TIMES = 3
SUMMED_TOGETHER = 40  # lots in a summary's print
Plain = dict[str, Any]


class Changed(RuntimeError):
    """Something happened to the need while its pack was made; it is made again."""


FAILS = (PortalError, StoreError, OSError, LookupError, ValueError, RuntimeError)


def make(pack_id: int) -> None:
    """Make the pack that somebody asked for; what can't be made is told on the need's page."""
    for attempt in range(1, MOST_TIMES + 1):
        try:
            build(pack_id)
        except Changed as error:
            if attempt == MOST_TIMES:
                _failed(pack_id, error)
        except FAILS as error:
            log.exception("the decision pack %s can't be made", pack_id)
            _failed(pack_id, error)
            return
        else:
            return


def _failed(pack_id: int, error: Exception) -> None:
    end_read()
    with transaction():
        pack = db.session.get_one(DecisionPack, pack_id)
        pack.failed_at, pack.error = clock.now(), told(error)


def give_up(pack_id: int) -> None:
    """Its worker was killed too often: whoever asked reads it, and may ask anew."""
    pack = db.session.get_one(DecisionPack, pack_id)
    if pack.is_under_way:
        pack.failed_at, pack.error = clock.now(), LOST


def build(pack_id: int) -> None:
    """Make it once; called again after a kill it begins anew, and done it does nothing."""
    pack = db.session.get(DecisionPack, pack_id)
    if pack is None or not pack.is_under_way:
        return
    maker = Maker(pack)
    end_read()
    with object_store().spool(limit=MOST_BYTES) as spool:
        spool.receive(zipped(maker.packed()))
        stored = object_store().put(spool)
    with transaction():
        done = db.session.get_one(DecisionPack, pack_id)
        _finish(done, stored, maker)


def _finish(pack: DecisionPack, stored: Stored, maker: "Maker") -> None:
    pack.done_at, pack.lots_done = clock.now(), pack.lots
    pack.store_key, pack.sha256, pack.size = stored.key, stored.sha256, stored.size
    pack.files, pack.manifest_sha256 = len(maker.listed), maker.manifest_sha256
    pack.error = ""


class Maker:
    """Makes the files of one pack in their order, and keeps only their digests."""

    def __init__(self, pack: DecisionPack) -> None:
        self.pack_id, self.need_id = pack.id, pack.need_id
        self.by, self.prints = pack.asked_by.name, not pdf.missing()
        self.asked_by_id, self.at = pack.asked_by_id, clock.now()
        self.listed: list[Plain] = []
        self.counts, self.codes = Counts(), set[str]()
        self.summary: list[Plain] = []
        self.manifest_sha256, self.unsigned = "", list[str]()
        self.publisher = publisher_at("")

    def packed(self) -> Iterator[Packed]:
        """Every file of the pack; the manifest, the sums and the log's proofs are the last."""
        subjects = _subjects(self.need_id)
        horizon = _last_event(subjects)
        with tempfile.TemporaryDirectory(dir=str(spool_folder())) as folder:
            prints = Prints(Path(folder))
            yield from self._lots(Book(Path(folder) / "book.xlsx"), prints)
            yield from self._shared(prints)
        if _subjects(self.need_id) != subjects or _last_event(subjects) != horizon:
            raise Changed(gettext("The need changed while its pack was made; it is made again"))
        yield from self._vouched(subjects, horizon)

    def _lots(self, book: Book, prints: Prints) -> Iterator[Packed]:
        for done, lot_id in enumerate(contents.whole_lots(self.need_id), start=1):
            yield from self._lot(contents.whole_lot(lot_id), book, prints)
            end_read()
            if done % TOGETHER == 0:
                yield from self._printed(prints)
                self._tell(done)
        yield from self._printed(prints)
        book.close()
        yield self._large(files.BOOK, "book", book.path)

    def _lot(self, lot: Lot, book: Book, prints: Prints) -> Iterator[Packed]:
        told, folder = contents.told_of_lot(lot), contents.folder_of(lot.number)
        book.add(told)
        self.counts += counts_of(told)
        self.codes |= snapshot_codes(told)
        self.summary.append(files.line_of(told))
        yield self._file(f"{folder}/{files.DECISION}", "decision", files.as_text(told))
        for draw in lot.draws:
            if (record := contents.draw_record(draw)) is not None:
                name = f"{folder}/draw-{draw.attempt}.json"
                yield self._file(name, "draw", files.as_text(record))
        year = clock.day_of(lot.need.announced_at or lot.need.made_at).year
        package = ocds.release_package(self.publisher, [of_lot(lot)], year)
        yield self._file(f"{folder}/{files.OCDS}", "ocds", files.as_text(package))
        if self.prints:
            text = files.printed("pdf/decision.html", told=told, need=lot.need, at=self.at)
            prints.add(f"{folder}/{files.SHEET}", text)

    def _printed(self, prints: Prints) -> Iterator[Packed]:
        for path, data in prints.printed():
            yield self._file(path, "print", data)

    def _shared(self, prints: Prints) -> Iterator[Packed]:
        """The summary, the rankings and the words for whoever opens the pack."""
        need = db.session.get_one(Need, self.need_id)
        if self.prints:
            self._summarise(need, prints)
        yield from self._printed(prints)
        query = select(RankingSnapshot).where(RankingSnapshot.code.in_(sorted(self.codes)))
        for snapshot in db.session.scalars(query.order_by(RankingSnapshot.code)):
            if not snapshot.statement:  # published before rankings were signed
                self.unsigned.append(snapshot.code)
            else:
                name = f"{files.RANKINGS}/{snapshot.code}.zip"
                yield self._file(name, "ranking", rankings.public_bundle(snapshot))
        yield self._file(files.README, "words", files.WORDS.encode())

    def _summarise(self, need: Need, prints: Prints) -> None:
        """So many lots a print: a page costs memory until its print is finished."""
        for part, at in enumerate(range(0, len(self.summary), SUMMED_TOGETHER), start=1):
            lines = self.summary[at : at + SUMMED_TOGETHER]
            told = {"need": need, "lines": lines, "counts": self.counts, "at": self.at}
            prints.add(files.SUMMARY.format(part), files.printed("pdf/decisions.html", **told))

    def _vouched(self, subjects: set[str], horizon: int) -> Iterator[Packed]:
        """The manifest; the log takes its digest in, is sealed, and its proofs close the pack."""
        ids, texts = _events(subjects, horizon)
        text = files.as_text(self._manifest(digest_of_events(texts)))
        self.manifest_sha256 = sha256(text).hexdigest()
        with transaction():
            pack = db.session.get_one(DecisionPack, self.pack_id)
            event_id = services.vouch(pack.asked_by, pack, self.manifest_sha256, len(self.listed))
        seal_up_to(event_id)
        events, note = proofs_of([*ids, event_id], str(spool_folder()))
        keys = "".join(f"{key.words()}\n" for key in known_keys())
        with events:
            last = {files.MANIFEST: text, SUMS: sums_of(text, files.MANIFEST)}
            last |= {files.CHECKPOINT: note.encode(), files.KEY: keys.encode()}
            for path, data in last.items():
                yield Packed(path, self.at, len(data), [data], is_text=True)
            length = events.tell()
            events.seek(0)
            pieces = iter(lambda: events.read(CHUNK), b"")
            yield Packed(files.EVENTS, self.at, length, pieces, is_text=True)

    def _manifest(self, events: Plain) -> Plain:
        need = db.session.get_one(Need, self.need_id)
        return {
            "format": files.FORMAT,
            "v": 1,
            "need": contents.told_of_need(need),
            "subject": f"procurement_need:{need.id}",
            "made_at": self.at.isoformat(),
            "made_by": self.by,
            "printed": self.prints,
            "ocds_prefix_registered": self.publisher.may_publish,
            "counts": vars(self.counts),
            "rankings": sorted(self.codes - set(self.unsigned)),
            "unsigned_rankings": self.unsigned,
            "files": self.listed,
            "events": events,
        }

    def _file(self, path: str, kind: str, data: bytes) -> Packed:
        digest = sha256(data).hexdigest()
        self.listed.append({"path": path, "kind": kind, "size": len(data), "sha256": digest})
        return Packed(path, self.at, len(data), [data], is_text=kind not in {"book", "ranking"})

    def _large(self, path: str, kind: str, source: Path) -> Packed:
        """A file that may be large, read from the disk piece by piece."""
        size = source.stat().st_size
        with source.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        self.listed.append({"path": path, "kind": kind, "size": size, "sha256": digest})
        return Packed(path, self.at, size, _pieces(source))

    def _tell(self, done: int) -> None:
        with transaction():
            db.session.get_one(DecisionPack, self.pack_id).lots_done = done
        end_read()


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _subjects(need_id: int) -> set[str]:
    """How the log names the need and all that hangs on it."""
    lots = select(Lot.id).where(Lot.need_id == need_id)
    found = {f"procurement_need:{need_id}"}
    found |= {f"procurement_lot:{key}" for key in db.session.scalars(lots)}
    for model in (Draw, Award, Panel):
        keys = db.session.scalars(select(model.id).where(model.lot_id.in_(lots)))
        found |= {f"{model.__tablename__}:{key}" for key in keys}
    return found


def _last_event(subjects: set[str]) -> int:
    return max((_one_last(part) for part in _parts(subjects)), default=0)


def _one_last(subjects: list[str]) -> int:
    query = select(func.max(AuditEvent.id)).where(AuditEvent.subject.in_(subjects))
    return db.session.scalar(query.where(AuditEvent.event.not_in(services.OWN_EVENTS))) or 0


def _events(subjects: set[str], horizon: int) -> tuple[list[int], list[str]]:
    """Ids and texts of all that the log tells of these subjects, in order."""
    rows: list[tuple[int, str]] = []
    for part in _parts(subjects):
        query = select(AuditEvent.id, AuditEvent.canonical).where(AuditEvent.subject.in_(part))
        query = query.where(AuditEvent.id <= horizon)
        query = query.where(AuditEvent.event.not_in(services.OWN_EVENTS))
        rows += [(key, text) for key, text in db.session.execute(query)]
    rows.sort()
    return [key for key, _text in rows], [text for _key, text in rows]


def _parts(subjects: set[str]) -> Iterator[list[str]]:
    told = sorted(subjects)
    for at in range(0, len(told), 400):
        yield told[at : at + 400]
