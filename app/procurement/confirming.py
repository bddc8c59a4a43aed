"""Thresholds that came with the portal hold only after somebody compared them with their source."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement.rule_models import ProcurementRules, RulesConfirmation


def confirm_rules(actor: User, rules: ProcurementRules, source: str) -> RulesConfirmation:
    """The bureau confirms a version that nobody here entered, and says what it was read from."""
    lock(rules)
    require(actor, Permission.PROCUREMENT_PLAN, None)
    if is_confirmed(rules):
        raise Conflict(_("This version was entered or confirmed by the bureau already"))
    if not source.strip():
        raise Invalid(_("Say which official text it was compared with"), field="words")
    made = RulesConfirmation(
        rules_id=rules.id, source=source.strip()[:400], confirmed_at=clock.now(), confirmed_by=actor
    )
    db.session.add(made)
    told = {"document_no": rules.document_no, "source": made.source}
    audit.record(actor, audit.Event.PROCUREMENT_RULES_CONFIRMED, rules, **told)
    return made


def is_confirmed(rules: ProcurementRules) -> bool:
    """Whether somebody of the bureau answers for a version: entered it, or compared it."""
    return rules.made_by_id is not None or confirmation_of(rules) is not None


def confirmation_of(rules: ProcurementRules) -> RulesConfirmation | None:
    """Who compared a version with its source."""
    query = select(RulesConfirmation).where(RulesConfirmation.rules_id == rules.id)
    return db.session.scalar(query)


def confirmations() -> dict[int, RulesConfirmation]:
    """Who compared which version, by its id."""
    query = select(RulesConfirmation).options(joinedload(RulesConfirmation.confirmed_by))
    return {one.rules_id: one for one in db.session.scalars(query)}


def expect_confirmed(rules: ProcurementRules) -> None:
    """No need is placed by thresholds for which nobody of the bureau answers."""
    if not is_confirmed(rules):
        words = _(
            "The thresholds in force (%(document)s) came with the portal: compare them with the"
            " official text and confirm them first, on the page of the thresholds",
            document=rules.document_no,
        )
        raise Invalid(words, field="method")
