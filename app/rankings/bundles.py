"""A published ranking as a ZIP that anybody can check offline; the full one computes it anew.

The full bundle holds every rating under keys made for this one ranking; the public one only
aggregates, the signed statement and the digests of the rest. Needs no database and no settings.
"""

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.audit.checkpoint import BadNote, Verifier, opened
from app.listed_zip import MOST_BYTES, UNREADABLE
from app.rankings.inputs import Inputs
from app.rankings.methods import replayed
from app.rankings.public import public_result
from app.rankings.statements import read_statement
from app.verification import Finding, keys_in

README, KEY, STATEMENT = "README.txt", "key.txt", "statement.txt"
METHOD, RATINGS, RESULT = "method.json", "ratings.json", "result.json"
WORKINGS, PUBLIC = "workings.json", "public.json"
OF_PUBLIC = frozenset({README, KEY, STATEMENT, METHOD, PUBLIC})
OF_FULL = OF_PUBLIC | {RATINGS, RESULT, WORKINGS}
SIGNED = {"method": METHOD, "data": RATINGS, "result": RESULT, "public": PUBLIC}
CLOSE = 1e-9  # what two machines' last bits may differ by; printed are four decimals
AT = (2020, 1, 1, 0, 0, 0)  # the same content makes the same bytes
MOST_TOLD = 20


@dataclass(frozen=True)
class Bundle:
    """The texts of a bundle by name; without ratings it is the public one."""

    files: Mapping[str, str]

    def packed(self) -> bytes:
        """The ZIP; the same texts make the same bytes."""
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name in sorted(self.files):
                head = ZipInfo(name, AT)
                head.compress_type, head.external_attr = ZIP_DEFLATED, 0o100644 << 16
                archive.writestr(head, self.files[name].encode())
        return out.getvalue()


def verify_bundle(
    path: Path, given: Sequence[Verifier] = (), _anchors: Sequence[str] = ()
) -> Finding:
    """Check a bundle by itself: nothing missing, added or changed, and the figures come out again.

    The signature vouches for the digests, the digests for the texts. A full bundle is computed
    anew from its ratings by the method that it names, and what the public one tells must follow.
    """
    found = Finding()
    try:
        with ZipFile(path) as archive:
            _check(_texts(archive, found), given, found)
    except UNREADABLE as error:
        found.wrong.append(f"the file is not a whole ZIP: {error}")
    except BadNote as error:
        found.wrong.append(f"statement: {error}")
    except (ArithmeticError, KeyError, LookupError, TypeError, ValueError, AttributeError) as error:
        found.wrong.append(f"the bundle is not of the portal's form: {error!r}")
    return found


def _texts(archive: ZipFile, found: Finding) -> dict[str, bytes]:
    names = [entry.filename for entry in archive.infolist()]
    if len(set(names)) != len(names):
        found.wrong.append("a file stands in the bundle twice")
    is_full = bool(set(names) & (OF_FULL - OF_PUBLIC))
    for wanted in sorted((OF_FULL if is_full else OF_PUBLIC) - set(names)):
        found.wrong.append(f"{wanted}: missing")
    for more in sorted(set(names) - OF_FULL):
        found.wrong.append(f"{more}: doesn't belong here")
    if any(entry.file_size > MOST_BYTES for entry in archive.infolist()):
        raise ValueError("a file is larger than can be")
    return {name: archive.read(name) for name in sorted(set(names) & OF_FULL)}


def _check(texts: Mapping[str, bytes], given: Sequence[Verifier], found: Finding) -> None:
    keys = keys_in(texts[KEY].decode().splitlines(), given)
    statement = read_statement(opened(texts[STATEMENT].decode(), keys))
    found.told = {
        "ranking": statement["code"],
        "published": statement["published_at"],
        "kind": "full" if RATINGS in texts else "public",
        "keys": "given" if given else "the bundle's own",
    }
    for part, name in SIGNED.items():
        if name in texts and sha256(texts[name]).hexdigest() != statement[part]:
            found.wrong.append(f"{name}: its bytes are not those that were signed")
    _check_public(json.loads(texts[PUBLIC]), statement, found)
    found.checked = {"files": len(texts)}
    if RATINGS in texts:
        _check_result(texts, found)


def _check_public(told: Mapping[str, Any], statement: Mapping[str, str], found: Finding) -> None:
    for name, wanted in (("code", "code"), ("published_at", "published_at"),
                         ("data_digest", "data"), ("result_digest", "result")):  # fmt: skip
        if told[name] != statement[wanted]:
            found.wrong.append(f"{PUBLIC}: its {name} is not the one that was signed")
    found.checked["agencies"] = len(told["rows"])


def _check_result(texts: Mapping[str, bytes], found: Finding) -> None:
    """Compute the ranking anew; every figure must come out."""
    inputs = Inputs.from_text(texts[RATINGS].decode())
    parameters = json.loads(texts[METHOD])
    again = replayed(inputs, parameters)
    found.checked |= {"ratings": len(inputs.entries)}
    found.told["method"] = str(parameters["method"])
    result = json.loads(texts[RESULT])
    pairs = (
        (RATINGS, json.loads(texts[RATINGS]), json.loads(inputs.text())),
        (METHOD, parameters, json.loads(again.parameters)),
        (RESULT, result, json.loads(again.result)),
        (WORKINGS, json.loads(texts[WORKINGS]), json.loads(again.workings)),
        (PUBLIC, _shown(json.loads(texts[PUBLIC])), public_result(result)),
    )
    for name, told, computed in pairs:
        wrong = list(_differences(told, computed, ""))
        found.wrong += [f"{name}: {each}" for each in wrong[:MOST_TOLD]]
        if len(wrong) > MOST_TOLD:
            found.wrong.append(f"{name}: {len(wrong) - MOST_TOLD} more")
    if (seed := int(inputs.digest[:15], 16)) != parameters["seed"]:
        found.wrong.append(f"{METHOD}: the seed is not {seed}, which follows from the data")


def _shown(public: Mapping[str, Any]) -> dict[str, Any]:
    names = ("name", "credit_code")
    rows = [{k: v for k, v in row.items() if k not in names} for row in public["rows"]]
    return {**public["summary"], "rows": rows}


def _differences(told: Any, computed: Any, place: str) -> Iterator[str]:
    """Where two texts say different things: numbers may differ in their last bits alone."""
    if isinstance(told, dict) and isinstance(computed, dict):
        for key in sorted(told.keys() | computed.keys()):
            nothing = object()
            yield from _differences(
                told.get(key, nothing), computed.get(key, nothing), f"{place}/{key}"
            )
    elif isinstance(told, list) and isinstance(computed, list) and len(told) == len(computed):
        for number, (one, other) in enumerate(zip(told, computed, strict=True)):
            yield from _differences(one, other, f"{place}/{number}")
    elif not _same(told, computed):
        yield f"{place or 'all of it'} doesn't come out again"


def _same(told: Any, computed: Any) -> bool:
    if isinstance(told, float) and isinstance(computed, float | int):
        return math.isclose(told, computed, rel_tol=CLOSE, abs_tol=CLOSE)
    return type(told) is type(computed) and bool(told == computed)
