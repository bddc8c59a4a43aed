"""Which contracts the demonstration district signs, with whom, when, and how each will go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count
from random import Random

from app import clock
from app.accounts.models import Organisation, User
from app.demo import names, projects
from app.demo.district import District, Firm, section_of
from app.engagements.naming import told_apart
from app.engagements.opening import NewTask

DAYS = 690  # the district's history, up to yesterday
RECENT = 130  # days: most contracts signed since then are still open
RECENT_SHARE = 0.53
OLD = 75  # days: what was signed before is mostly over
WAN = 10_000 * 100  # 万元 in 分
BATCH = 40  # tasks of the largest contract
BATCHES = frozenset({"recheck", "target_review"})


@dataclass(frozen=True)
class Plan:
    """One contract before it is signed."""

    rng: Random
    firm: Firm
    lead: int
    handler: User
    template: str
    name: str
    client: Organisation
    tasks: Sequence[NewTask]
    fee_fen: int
    signed_on: date
    pace: float  # 1: exactly as long as the template gives
    fate: str  # accepted, rework, refused, terminated
    is_old: bool  # mostly over by now
    is_over: bool  # as good as certainly over by now


def plans(district: District) -> Iterator[Plan]:
    """All contracts in the order of their signatures."""
    kinds = [kind for kind, (_name, _fee, share) in projects.KINDS.items() for _n in range(share)]
    district.rng.shuffle(kinds)
    largest, taken = kinds.index("recheck"), set[str]()
    for number, (kind, day) in enumerate(zip(kinds, _days(district, len(kinds)), strict=True)):
        rng = Random(f"{number} {kind}")  # noqa: S311 - invented data, the same every time
        firm = rng.choices(district.firms, [firm.share for firm in district.firms])[0]
        tasks, client, name = _subject(district, rng, kind, day, is_largest=number == largest)
        name = _distinct(name, taken)
        fee = projects.KINDS[kind][1] * (len(tasks) ** 0.8) * rng.uniform(0.8, 1.25)
        yield Plan(
            rng=rng,
            firm=firm,
            lead=rng.randrange(len(firm.leads)),
            handler=rng.choice(district.performance),
            template=kind,
            name=name,
            client=client,
            tasks=tasks,
            fee_fen=int(fee * 100) * WAN // 100,
            signed_on=day,
            pace=min(1.7, max(0.6, rng.gauss(0.97 - 0.14 * firm.skill, 0.13))),
            fate=_fate(rng, firm.skill),
            is_old=day < clock.today() - timedelta(days=OLD),
            is_over=day < clock.today() - timedelta(days=RECENT),
        )


def _days(district: District, number: int) -> list[date]:
    """Working days of signatures; a good part lies in the last months."""
    rng, today = district.rng, clock.today()
    recent = round(number * RECENT_SHARE)
    ago = [rng.randint(RECENT, DAYS) for _n in range(number - recent)]
    ago += [rng.randint(3, RECENT) for _n in range(recent)]
    return [clock.add_working_days(today - timedelta(n), 0) for n in sorted(ago, reverse=True)]


def _fate(rng: Random, skill: float) -> str:
    chance = rng.random()
    if chance < 0.045:
        return "terminated"
    if chance < 0.075 - 0.03 * skill:
        return "refused"
    return "rework" if chance < 0.16 - 0.09 * skill else "accepted"


def _subject(
    district: District, rng: Random, kind: str, day: date, *, is_largest: bool
) -> tuple[list[NewTask], Organisation, str]:
    """The tasks, the commissioning party and the name of a contract."""
    form = projects.KINDS[kind][0]
    if kind in BATCHES:
        size = BATCH if is_largest else rng.randint(3, 8)
        units = rng.sample(district.units, 15 if is_largest else 3)
        tasks = told_apart([_task(district, rng, rng.choice(units)) for _n in range(size)])
        name = form.format(year=day.year - 1, system=rng.choice(projects.SYSTEMS))
        return tasks, district.bureau, name
    if kind in {"indicator_system", "research"}:
        section = rng.choice(list(district.sections.values()))
        chosen = {"system": rng.choice(projects.SYSTEMS), "study": rng.choice(projects.STUDIES)}
        name = form.format(**chosen)
        task = NewTask(name.removeprefix("课题："), int(rng.uniform(10, 40)) * WAN, section)
        return [task], district.bureau, name
    unit = rng.choice(
        [unit for unit in district.units if unit.department_id or kind != "departmental_evaluation"]
    )
    task = _task(district, rng, unit)
    own = unit.department if kind == "departmental_evaluation" else None
    year = day.year if kind == "ex_ante" else day.year - 1
    return [task], own or district.bureau, form.format(year=year, project=task.project)


def _distinct(name: str, taken: set[str]) -> str:
    """A name that no contract has yet: lots of a batch are numbered, and so are sequels."""
    is_batch = name.endswith(("复评", "审核"))
    lots = (
        f"{name}（第{number}包）" if is_batch else f"{name}（{number}期）"
        for number in chain(projects.NUMBERS[1:], count(len(projects.NUMBERS) + 1))
    )
    found = next(each for each in chain((name,), lots) if each not in taken)
    taken.add(found)
    return found


def _task(district: District, rng: Random, unit: Organisation) -> NewTask:
    """One project of a unit, of the kind that its department has."""
    known = projects.TOWN_PROJECTS
    for name, _section, _units in names.DEPARTMENTS:
        if district.departments[name].id == unit.department_id:
            known = projects.PROJECTS[name]
    project, usual = rng.choice(known)
    amount = int(usual * rng.uniform(0.5, 1.6) * 100) * WAN // 100
    return NewTask(project, amount, section_of(district, unit), unit)
