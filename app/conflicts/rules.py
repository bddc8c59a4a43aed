"""Which relations forbid an agency a piece of work, and which are only to be looked at. Pure.

财预〔2021〕6号 keeps client, evaluated unit and agency apart; article 18 of the procurement act's
regulation keeps bidders under one head or holding out of one lot, and whoever advised out of the
rest. What forbids, nobody overrides; a mere link the leader may accept with a reason.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

YEARS_BARRED, YEARS_LINKED = 3, 5
NAMED = 3  # how many of many others are named


class RelationKind(StrEnum):
    """What ties an agency to a party."""

    HEAD = "head"  # 单位负责人
    OWNER = "owner"  # 股东、控股方
    MANAGER = "manager"  # 直接管理关系
    FORMER_POST = "former_post"  # 从业人员的原任职单位
    SELF_EVALUATION = "self_evaluation"  # 协助自评
    BOOKKEEPING = "bookkeeping"  # 代理记账
    AUDIT = "audit"  # 审计
    TENDERING = "tendering"  # 招标代理
    CONSULTING = "consulting"  # 咨询、编制绩效目标
    SUPERVISION = "supervision"  # 监理


class LinkKind(StrEnum):
    """What was found between an agency and a piece of work."""

    SERVED = "served"  # served the unit or the client within three years
    SERVED_PROJECT = "served_project"  # tendered or supervised this very project
    OWNED_BY_PARTY = "owned_by_party"  # the unit or the client owns or manages the agency
    ONE_HEAD = "one_head"
    ONE_HOLDING = "one_holding"
    SERVED_BEFORE = "served_before"
    EARLIER_ENGAGEMENT = "earlier_engagement"
    SAME_PROJECT = "same_project"
    FORMER_POST = "former_post"
    COLLEAGUES = "colleagues"
    SAME_ADDRESS = "same_address"
    NAMESAKE = "namesake"  # heads of one name, not known to be one person


BARRED = frozenset({LinkKind.SERVED, LinkKind.SERVED_PROJECT, LinkKind.OWNED_BY_PARTY})
BARRED_TOGETHER = frozenset({LinkKind.ONE_HEAD, LinkKind.ONE_HOLDING})
SERVICES = frozenset({RelationKind.SELF_EVALUATION, RelationKind.BOOKKEEPING, RelationKind.AUDIT,
                      RelationKind.CONSULTING})  # fmt: skip
PROJECT_SERVICES = frozenset({RelationKind.TENDERING, RelationKind.SUPERVISION})
HOLDINGS = frozenset({RelationKind.OWNER, RelationKind.MANAGER})
HOLDING_PERCENT = 50


class Relation(Protocol):
    """What the rules read of a relation."""

    agency_id: int
    kind: RelationKind
    organisation_id: int | None
    party_name: str
    party_code: str
    person: str
    project: str
    share_percent: int | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class Case:
    """The work that is asked about: its client, evaluated units and projects, on a day."""

    on: date
    unit_ids: frozenset[int]
    client_id: int | None = None
    projects: frozenset[str] = frozenset()

    @property
    def party_ids(self) -> frozenset[int]:
        """The units and the client."""
        return self.unit_ids | ({self.client_id} if self.client_id is not None else set())


@dataclass(frozen=True)
class Earlier:
    """A task of an earlier engagement of an agency at one of the units."""

    agency_id: int
    code: str
    project: str
    signed_on: date


@dataclass(frozen=True)
class House:
    """What is compared between agencies."""

    agency_id: int
    name: str
    head: str
    address: str
    code: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found about an agency; `facts` are the words' own blanks."""

    agency_id: int
    kind: LinkKind
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_barred(self) -> bool:
        """Whether it forbids the work to this agency, whoever else takes part."""
        return self.kind in BARRED

    @property
    def is_barred_together(self) -> bool:
        """Whether it forbids the agencies that it joins to take part in one lot."""
        return self.kind in BARRED_TOGETHER


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def plain(words: str) -> str:
    """A name as it is compared: without blanks, in one width and case."""
    from unicodedata import normalize

    return "".join(normalize("NFKC", words).casefold().split())


def alone(case: Case, relations: Iterable[Relation], earlier: Iterable[Earlier]) -> list[Finding]:
    """What concerns each agency by itself: its services, owners and earlier work at the parties."""
    found = [one for relation in relations if (one := _of_relation(case, relation))]
    projects = {plain(name) for name in case.projects}
    for past in earlier:
        is_same = plain(past.project) in projects
        kind = LinkKind.SAME_PROJECT if is_same else LinkKind.EARLIER_ENGAGEMENT
        facts = {"code": past.code, "project": past.project, "day": past.signed_on.isoformat()}
        found.append(Finding(past.agency_id, kind, facts))
    return found


def _of_relation(case: Case, relation: Relation) -> Finding | None:
    if relation.organisation_id not in case.party_ids or relation.from_on > case.on:
        return None
    kind = _kind(case, relation)
    if kind is None:
        return None
    facts = {"relation": str(relation.kind), "party": relation.organisation_id}
    facts |= {"person": relation.person} if relation.person else {}
    facts |= {"project": relation.project} if relation.project else {}
    facts["until"] = relation.until_on.isoformat() if relation.until_on else None
    return Finding(relation.agency_id, kind, facts)


def _kind(case: Case, relation: Relation) -> LinkKind | None:
    """Services bar for three years after their end, then they are a link for two more."""
    lasts = relation.until_on is None or relation.until_on >= case.on
    if relation.kind in HOLDINGS:
        return LinkKind.OWNED_BY_PARTY if lasts else None
    ended = relation.until_on or case.on
    if ended < years_before(case.on, YEARS_LINKED):
        return None
    if relation.kind is RelationKind.FORMER_POST:
        return LinkKind.FORMER_POST
    is_recent = ended >= years_before(case.on, YEARS_BARRED)
    if relation.kind in SERVICES:
        return LinkKind.SERVED if is_recent else LinkKind.SERVED_BEFORE
    if relation.kind in PROJECT_SERVICES:
        same = plain(relation.project) in {plain(name) for name in case.projects}
        return LinkKind.SERVED_PROJECT if is_recent and same else LinkKind.SERVED_BEFORE
    return None


def between(on: date, houses: Sequence[House], relations: Iterable[Relation]) -> list[Finding]:
    """What joins agencies of one lot to one another: a head, a holding, an address, colleagues.

    Linear in agencies and relations: they are grouped by what they share.
    """
    known = {house.agency_id: house for house in houses}
    groups: dict[tuple[LinkKind, Hashable], set[int]] = defaultdict(set)
    codes = {house.code: house.agency_id for house in houses if house.code}
    for house in houses:
        if house.address.strip():
            groups[LinkKind.SAME_ADDRESS, plain(house.address)].add(house.agency_id)
        if house.head.strip():
            groups[LinkKind.NAMESAKE, plain(house.head)].add(house.agency_id)
    for relation in relations:
        if relation.agency_id in known and relation.from_on <= on:
            _group(on, relation, codes, groups)
    return [
        Finding(key, kind, _others(key, members, known))
        for (kind, _shared), members in groups.items()
        if len(members) > 1
        for key in sorted(members)
    ]


def _group(
    on: date,
    relation: Relation,
    codes: Mapping[str, int],
    groups: dict[tuple[LinkKind, Hashable], set[int]],
) -> None:
    """Put an agency to those that share this party with it, and to the party itself."""
    lasts = relation.until_on is None or relation.until_on >= on
    party = relation.organisation_id or relation.party_code or None
    if relation.kind is RelationKind.FORMER_POST:
        shared = relation.organisation_id or plain(relation.party_name)
        groups[LinkKind.COLLEAGUES, shared].add(relation.agency_id)
    elif not lasts:
        return
    elif relation.kind is RelationKind.HEAD:
        told = LinkKind.ONE_HEAD if relation.party_code else LinkKind.NAMESAKE
        groups[told, relation.party_code or plain(relation.party_name)].add(relation.agency_id)
    elif party is not None and _holds(relation):
        owner = codes.get(relation.party_code, relation.organisation_id)
        groups[LinkKind.ONE_HOLDING, owner or party].add(relation.agency_id)
        if owner in codes.values():
            groups[LinkKind.ONE_HOLDING, owner or party].add(owner or 0)


def _holds(relation: Relation) -> bool:
    if relation.kind is RelationKind.MANAGER:
        return True
    share = relation.share_percent
    return relation.kind is RelationKind.OWNER and share is not None and share >= HOLDING_PERCENT


def _others(key: int, members: set[int], known: Mapping[int, House]) -> dict[str, Any]:
    names = sorted(known[other].name for other in members if other != key and other in known)
    return {"others": names[:NAMED], "count": len(names)}
