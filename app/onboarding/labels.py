"""How ledgers are called in the log, and which words their cells may hold."""

from collections.abc import Mapping

from app.accounts import labels as accounts
from app.agencies import labels as agencies
from app.audit.wording import show_fact
from app.db import db
from app.engagements.labels import ISSUED_BY
from app.engagements.queries import templates_in_force
from app.errors import Words
from app.onboarding.ledgers import LEDGERS
from app.onboarding.taking import Bodies
from app.policy import OUTSIDE_ROLES


def join() -> None:
    """Tell the log how ledgers are called."""
    show_fact("ledger", lambda fact: str(LEDGERS[fact].label) if fact in LEDGERS else str(fact))


def words_of(name: str) -> list[tuple[str, list[Words]]]:
    """The columns of a ledger that hold the portal's own words, with those words."""
    told: Mapping[str, list[tuple[str, list[Words]]]] = {
        "organisations": [("单位类别", [accounts.KINDS[kind] for kind in Bodies.ORDER])],
        "agencies": [("机构类型", list(agencies.TYPES.values()))],
        "people": [("角色", [accounts.ROLES[r] for r in accounts.ROLES if r in OUTSIDE_ROLES])],
        "engagements": [("出具名义", list(ISSUED_BY.values()))],
    }
    return (words_of_templates() if name == "engagements" else []) + told.get(name, [])


def words_of_templates() -> list[tuple[str, list[Words]]]:
    """The templates in force, and the stages of each."""
    found = db.session.scalars(templates_in_force()).all()
    told: list[tuple[str, list[Words]]] = [("业务模板", [one.name for one in found])]
    for one in found:
        told.append((f"当前阶段 · {one.name}", [stage.name for stage in one.stages]))
    return told
