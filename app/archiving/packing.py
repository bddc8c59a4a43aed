"""The package on its way out: a manifest that the log vouches for, proofs, and the papers."""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock, verification
from app.archiving import catalogue, enclosures
from app.archiving.contents import (
    Contents,
    told_of_engagement,
    told_of_file,
    told_of_paper,
)
from app.archiving.models import Retention
from app.attachments.models import KeptFile
from app.audit import name_of, sealing
from app.audit.checkpoint import Checkpoint, split
from app.audit.keys import known_keys
from app.audit.models import AuditEvent, AuditLeaf
from app.audit.proofs import consistencies, inclusions, last_of_each_day
from app.db import db, transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Unavailable, Words
from app.listed_zip import SUMS, sums_of
from app.papers.models import KeptFile as PaperFile
from app.zipping import Packed, zipped
from storage import CHUNK, Damaged, NotStored, ObjectStore, StoreError

PATIENCE_SECONDS = 8


@dataclass(frozen=True)
class Manifest:
    """The package's own account of itself, and the events that it takes along."""

    text: bytes
    event_ids: Sequence[int]
    papers: Sequence[tuple[str, str, int, datetime]]  # path, key, size, time
    files: int
    size: int
    retentions: Sequence[tuple[str, Retention]]  # key, class
    since: datetime  # when the engagement was opened

    @property
    def sha256(self) -> str:
        """What the log keeps of it."""
        return sha256(self.text).hexdigest()


def check_store(store: ObjectStore, contents: Contents) -> None:
    """Every paper is there in its full size, before anything is promised."""
    for paper in contents.papers:
        _check(store, paper.file, paper.version.paper.index_no)
    for one in contents.enclosed:
        _check(store, one.file, f"{one.about} {one.file.file_name}")


def _check(store: ObjectStore, file: KeptFile | PaperFile, called: str) -> None:
    try:
        there = store.size(file.store_key)
    except NotStored:
        there = -1
    except StoreError as error:
        raise Unavailable from error
    if there != file.size:
        raise Conflict(_lost(called))


def _lost(called: str) -> Words:
    return _(
        "The store doesn't hold %(paper)s whole; the administrator must look into it",
        paper=called,
    )


def catalogues(contents: Contents) -> dict[str, bytes]:
    """The catalogue in its forms, by name; the print is missing where nothing can be printed."""
    printed = catalogue.print_out(contents)
    made = {"说明.txt": README.encode(), catalogue.XLSX: catalogue.workbook(contents)}
    return made | ({catalogue.PDF: printed} if printed else {})


def manifest_of(contents: Contents, attached: dict[str, bytes], made_by: str) -> Manifest:
    """Tell of everything in the package: each file's digest, each event of the engagement."""
    events = _events_of(contents.engagement)
    listed = [told_of_paper(paper) for paper in contents.papers]
    listed += [enclosures.listed(one) for one in contents.enclosed]
    listed += [
        {"path": name, "kind": "catalogue", "size": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in attached.items()
    ]
    told = {
        "format": verification.ARCHIVE,
        "v": 1,
        "scope": name_of(contents.engagement),
        "made_at": clock.now().isoformat(),
        "made_by": made_by,
        "engagement": told_of_engagement(contents.engagement),
        "files": listed,
        "left_out": [
            told_of_file(file) | {"is_withheld": file.sha256 in contents.withheld}
            for file in contents.left_out
        ],
        "enclosures": [enclosures.told_of_enclosure(one) for one in contents.enclosures],
        "events": verification.digest_of_events(text for _key, text in events),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    size = sum(one["size"] for one in listed)
    papers = [
        (one.path, one.file.store_key, one.file.size, one.version.submitted_at)
        for one in contents.papers
    ]
    papers += [
        (one.path, one.file.store_key, one.file.size, one.file.sent_at) for one in contents.enclosed
    ]
    retentions = [(one.file.store_key, one.retention) for one in contents.papers]
    retentions += [(one.file.store_key, one.retention) for one in contents.enclosed]
    ids, since = [key for key, _text in events], contents.engagement.opened_at
    return Manifest(text, ids, papers, len(listed), size, retentions, since)


def _events_of(engagement: Engagement) -> list[tuple[int, str]]:
    """Id and text of everything that the log tells of the engagement, in order."""
    rows = db.session.execute(
        select(AuditEvent.id, AuditEvent.canonical)
        .where(AuditEvent.scope == name_of(engagement))
        .order_by(AuditEvent.id)
    )
    return [(key, text) for key, text in rows]


def seal_up_to(event_id: int) -> None:
    """Seal the log until it covers an event; Unavailable where somebody holds it up for long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with transaction():
                sealing.seal()
        except sealing.Damaged as damage:
            raise Unavailable(_("The log is damaged, so nothing it says can be proved")) from damage
        if (
            db.session.scalar(select(AuditLeaf.seq).where(AuditLeaf.event_id == event_id))
            is not None
        ):
            return
        if time.monotonic() > deadline:
            raise Unavailable(_("The log is busy and can't be sealed now. Please try again"))
        time.sleep(0.1)


def proofs_of(event_ids: Sequence[int], folder: str) -> tuple[IO[bytes], str]:
    """Write the events with their proofs to a scratch file; return it and the checkpoint."""
    file, note = tempfile.TemporaryFile(dir=folder), ""  # noqa: SIM115 - the stream closes it
    for proof in inclusions(event_ids):
        told = proof.to_json()
        note = told.pop("checkpoint")
        line = {name: told[name] for name in ("event_id", "seq", "canonical", "hashes")}
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return file, note


@dataclass(frozen=True)
class Package:
    """Everything that the stream needs; nothing of it asks the database."""

    manifest: Manifest
    attached: dict[str, bytes]
    events: IO[bytes]
    checkpoint: str
    grown: bytes  # how the log grew from each day's last checkpoint
    keys: str
    made_at: datetime


def package_of(
    manifest: Manifest, attached: dict[str, bytes], event_id: int, folder: str
) -> Package:
    """Put the package together after its own event is sealed."""
    events, note = proofs_of([*manifest.event_ids, event_id], folder)
    keys = "".join(f"{key.words()}\n" for key in known_keys())
    return Package(
        manifest, attached, events, note, _grown(note, manifest.since), keys, clock.now()
    )


def _grown(note: str, since: datetime) -> bytes:
    """Proofs for whoever kept the last checkpoint of a day since the engagement was opened."""
    size = Checkpoint.from_text(split(note)[0]).size
    told = [
        {"old": one.old, "size": one.size, "hashes": one.to_json()["hashes"]}
        for one in consistencies(last_of_each_day(since, size), size)
    ]
    return "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in told).encode()


def stream(store: ObjectStore, package: Package) -> Iterator[bytes]:
    """Yield the ZIP; memory holds a few mebibytes of it at a time."""
    with package.events:
        yield from zipped(_files(store, package))


def _files(store: ObjectStore, package: Package) -> Iterator[Packed]:
    texts = {
        verification.MANIFEST: package.manifest.text,
        SUMS: sums_of(package.manifest.text, verification.MANIFEST),
        verification.CHECKPOINT: package.checkpoint.encode(),
        verification.KEY: package.keys.encode(),
        verification.CONSISTENCY: package.grown,
    }
    for path, text in texts.items():
        yield Packed(path, package.made_at, len(text), [text], is_text=True)
    length = package.events.tell()
    package.events.seek(0)
    events = iter(lambda: package.events.read(CHUNK), b"")
    yield Packed(verification.EVENTS, package.made_at, length, events, is_text=True)
    for path, data in package.attached.items():
        yield Packed(path, package.made_at, len(data), [data])
    for path, key, size, at in package.manifest.papers:
        yield Packed(path, at, size, _checked(store, key))


def _checked(store: ObjectStore, key: str) -> Iterator[bytes]:
    """The bytes of a blob; Damaged at its end where they are not those of its key."""
    digest = sha256()
    with store.open(key) as reader:
        for chunk in reader:
            digest.update(chunk)
            yield chunk
    if not key.endswith(digest.hexdigest()):
        raise Damaged(key)


README = """本归档包由绩效评价第三方机构管理平台(星评)生成。

目录.xlsx、目录.pdf      归档目录
manifest.json            全部文件的元数据与 SHA-256
SHA256SUMS               sha256sum -c SHA256SUMS 可直接核对
底稿/                    按索引号排列的工作底稿
附件/                    资料清单、现场照片、征求意见、整改等环节收到的文件
audit/events.jsonl       本委托在审计日志中的全部事件及包含证明(RFC 6962)
audit/checkpoint.txt     签名的日志检查点(C2SP signed note)
audit/consistency.jsonl  日志自每日末检查点起只增不改的一致性证明
audit/key.txt            日志公钥(应与另行保存的公钥比对)

离线核验:xingping verify 归档包.zip --key 公钥文件 --anchor 另行保存的检查点
"""
