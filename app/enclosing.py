"""What an archive package says of files that are no papers, held against the log that it brings."""

from collections.abc import Collection, Mapping
from typing import Any

EVENTS = frozenset(  # what the log says where another record takes a file
    {
        "consultation.letter_added",
        "consultation.responded",
        "document_request.supplied",
        "fieldwork.photo_added",
        "rectification.evidence_added",
    }
)


def digests_in(body: Mapping[str, Any]) -> set[str]:
    """The digest of the file that an event says a record took; a letter may be missing."""
    digest = body["facts"]["sha256"] if body["event"] in EVENTS else None
    return {str(digest)} if digest else set()


def faults(manifest: Mapping[str, Any], arrived: Collection[str]) -> list[str]:
    """The log tells of each such file, and the manifest of each of which the log tells.

    Earlier packages held the papers alone.
    """
    if "enclosures" not in manifest:
        return []
    told = {one["path"]: one["sha256"] for one in manifest["files"]}
    wrong = []
    for one in manifest["enclosures"]:
        name = one["path"] or one["file_name"]
        if one["sha256"] not in arrived:
            wrong.append(f"{name}: the log tells of no such file")
        if one["path"] and told.get(one["path"]) != one["sha256"]:
            wrong.append(f"{name}: the manifest says two things of it")
    silent = set(arrived) - {one["sha256"] for one in manifest["enclosures"]}
    return wrong + [f"{one}: arrived, yet the manifest is silent of it" for one in sorted(silent)]
