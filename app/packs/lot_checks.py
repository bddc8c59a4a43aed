"""One lot of a pack held against its draws, its bids, its open data and what the log told. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app import drawing, rotation
from app.packs import comparison_checks, files
from app.packs.counting import OUTSIDE

Plain = Mapping[str, Any]
BY_PRICE = frozenset({"bidding", "draw_bidding", "framework_bidding"})
PASSED_OVER = frozenset({"stepped_back", "award_fell"})
NO_CENT = 0.005
HANDED_IN = frozenset({"bid.handed_in", "bid.replaced"})
REFUSED = frozenset({"bid_refused.noted", "offer_refused.noted"})


class LotCheck:
    """Everything that can be said of one lot by its own file and the log."""

    def __init__(
        self,
        folder: str,
        lot: Plain,
        events: Sequence[Plain],
        read: Callable[[str], bytes | None],
    ) -> None:
        self.folder, self.lot, self.read = folder, lot, read
        self.choice: Plain = lot["choice"] or {}
        self.events = events
        self.drawn: dict[int, Plain] = {}  # records by attempt

    def wrong(self) -> Iterator[str]:
        """All that is wrong, in words."""
        yield from self._draws()
        yield from self._result()
        yield from self._choice()
        yield from self._bids()
        yield from self._refusals()
        yield from self._invitation()
        yield from comparison_checks.faults(self.lot)
        if "agreement" in self.lot:
            yield from rotation.wrong_in(self.lot["agreement"]["rotation"])
        yield from self._open_data()

    def _of(self, subject: str, event: str) -> list[Plain]:
        return [one["facts"] for one in self.events
                if one["subject"] == subject and one["event"] == event]  # fmt: skip

    def _draws(self) -> Iterator[str]:
        for draw in self.lot["draws"]:
            name = f"draw {draw['draw_id']}"
            frozen = self._of(draw["subject"], "draw.frozen")
            told = {key: draw[key] for key in ("commitment", "list_digest", "attempt")}
            if not any(told.items() <= facts.items() for facts in frozen):
                yield f"{name}: the log tells of another list or commitment"
            if draw["file"]:
                yield from (f"{name}: {words}" for words in self._record(draw))

    def _record(self, draw: Plain) -> Iterator[str]:
        """The record is drawn again, and is that of this very list."""
        text = self.read(draw["file"])
        if text is None:
            yield "its record is missing"
            return
        record = drawing.read(text)
        yield from drawing.wrong_in(record)
        for name in ("draw_id", "list_digest", "commitment", "beacon_id"):
            if record.get(name) != draw[name]:
                yield f"its record has another {name}"
        if record.get("entries") != dict(draw["entries"]):
            yield "its record has another list"
        if {number for _name, number in record["contrib"]} != set(draw["numbers"].values()):
            yield "its record has other numbers of bidders"
        held = [facts["seed"] for facts in self._of(draw["subject"], "draw.held")]
        if record.get("seed") not in held:
            yield "the log tells of another outcome"
        self.drawn[draw["attempt"]] = record

    def _result(self) -> Iterator[str]:
        """A draw's result is the first one drawn who stands; places are those of the record."""
        standing = [one for one in self.lot["draws"] if not one["void"]]
        if not standing or standing[-1]["attempt"] not in self.drawn:
            if self.choice.get("by_draw"):
                yield "awarded by a draw that was not held"
            return
        order = [pick[0] for pick in self.drawn[standing[-1]["attempt"]]["picks"]]
        rows = {row["name"]: row for row in self.lot["considered"]}
        for row in rows.values():
            place = order.index(row["name"]) + 1 if row["name"] in order else None
            if row.get("place") != place:
                yield f"{row['name']} was drawn as {place}, not as {row.get('place')}"
        passed = (rows[name]["rule"] in PASSED_OVER for name in order if name in rows)
        first = next((name for name, out in zip(order, passed, strict=False) if not out), None)
        if self.choice.get("by_draw") and self.choice["name"] != first:
            yield f"the draw's first is {first}, the award went to {self.choice['name']}"

    def _choice(self) -> Iterator[str]:
        """The award, its evidence, its reason and its approval are those that the log told."""
        choice = self.choice
        if choice:
            yield from self._award(choice)
        for fallen in self.lot["fallen"]:
            told = self._of(fallen["subject"], "award.withdrawn")
            if fallen["reason"] not in [facts["reason"] for facts in told]:
                yield f"the log tells of no award of {fallen['name']} that was withdrawn so"

    def _award(self, choice: Plain) -> Iterator[str]:
        made = self._of(choice["subject"], "award.made")
        told = {"agency": choice["name"], "price_fen": choice["price_fen"],
                "reason": choice["reason"], "lot": self.lot["name"]}  # fmt: skip
        if len(made) != 1 or not told.items() <= made[0].items():
            yield "the log tells of another award"
        if self._of(choice["subject"], "award.withdrawn"):
            yield "the award was withdrawn"
        if choice["agency"] not in {row["agency"] for row in self.lot["considered"]}:
            yield "whoever was chosen is not among those considered"
        if choice["standing"] in OUTSIDE and not choice["outside_reason"].strip():
            yield "the choice lies outside the best set and no reason is given"
        yield from self._evidence(choice)
        yield from self._approval(choice)

    def _evidence(self, choice: Plain) -> Iterator[str]:
        kept = self._of(choice["subject"], "choice.kept")
        if not kept and choice["standing"] == "unweighed" and not choice["ranking"]:
            return  # awarded before evidence was kept
        told = {"standing": choice["standing"], "ranking": choice["ranking"],
                "considered": len(self.lot["considered"])}  # fmt: skip
        if not any(told.items() <= facts.items() for facts in kept):
            yield "the log tells of other evidence for the choice"
        given = [facts["reason"] for facts in kept]
        given += [one["reason"] for one in self._of(choice["subject"], "choice.reasoned")]
        if choice["outside_reason"] and choice["outside_reason"] not in given:
            yield "the log tells of another reason outside the best set"

    def _approval(self, choice: Plain) -> Iterator[str]:
        lots = [one["facts"]["lots"] for one in self.events if one["event"] == "awards.approved"]
        approved = any(self.lot["name"] in named for named in lots)
        if choice["approved_by"] and not approved:
            yield "the log tells of no approval"

    def _bids(self) -> Iterator[str]:
        """Envelopes are those that were handed in; by price the lowest valid one wins."""
        rows = [row for row in self.lot["considered"] if "bid" in row]
        logged = [one["facts"] for one in self.events
                  if one["event"] in HANDED_IN and self._is_about(one)]  # fmt: skip
        last = {facts["agency"]: facts["sha256"] for facts in logged}
        for row in rows:
            if last.get(row["name"]) != row["bid"]["sha256"]:
                yield f"the log tells of no such envelope of {row['name']}"
        for row in self.lot["considered"]:
            if row["rule"] == "no_bid" and row["name"] in last:
                yield f"the log tells of an envelope of {row['name']}"
        if self.lot["method"] in BY_PRICE and self.choice and rows:
            inside = [row["bid"]["price_fen"] for row in rows if row["group"] != "left_out"]
            valid = [price for price in inside if price is not None]
            if not valid or self.choice["price_fen"] != min(valid):
                yield "the award is not that of the lowest valid price"

    def _invitation(self) -> Iterator[str]:
        """Whoever was invited follows from the draw by the notice's rule, and stands in the log."""
        told = self.lot.get("invitation")
        if told is None:
            return
        picks = self.drawn.get(told["attempt"], {}).get("picks", [])
        order = [pick[0] for pick in picks if pick[0] not in told["stepped_back"]]
        rule = told["places"], told["kept_for_newcomers"]
        if drawing.invited(order, told["newcomers"], *rule) != told["invited"]:
            yield "those invited do not follow from the draw"
        logged = [one["facts"]["agencies"] for one in self.events
                  if one["event"] == "bidders.invited" and self._is_about(one)]  # fmt: skip
        if sorted(told["invited"]) not in [sorted(names) for names in logged]:
            yield "the log tells of others who were invited"

    def _is_about(self, event: Plain) -> bool:
        """Whether an event is this lot's; older packs know their lot by its name alone."""
        if "subject" in self.lot:
            return bool(event["subject"] == self.lot["subject"])
        return bool(event["facts"].get("lot") == self.lot["name"])

    def _refusals(self) -> Iterator[str]:
        """Whoever was turned away stands here as in the log; older packs don't tell of it."""
        names = ("event", "agency", "words", "at")
        told = [tuple(one[name] for name in names) for one in self.lot.get("refused", [])]
        logged = [(one["event"], one["org"], one["facts"]["words"], one["at"])
                  for one in self.events
                  if one["event"] in REFUSED and self._is_about(one)]  # fmt: skip
        if "refused" in self.lot and sorted(told) != sorted(logged):
            yield "the log tells of others who were turned away"

    def _open_data(self) -> Iterator[str]:
        """The open contracting data tell the same result under the lot's own number."""
        text = self.read(f"{self.folder}/{files.OCDS}")
        if text is None:
            yield "its open contracting data are missing"
            return
        releases = json.loads(text)["releases"]
        if not all(str(one["ocid"]).endswith(f"-{self.lot['code']}") for one in releases):
            yield "its open contracting data are those of another lot"
        awards = [one for release in releases for one in release.get("awards", [])]
        active = [one for one in awards if one["status"] == "active"]
        if not self.choice:
            return
        told = [(one["suppliers"][0]["name"], one["value"]["amount"]) for one in active]
        price = self.choice["price_fen"] / 100
        if not any(name == self.choice["name"] and abs(amount - price) < NO_CENT
                   for name, amount in told):  # fmt: skip
            yield "its open contracting data tell another award"
