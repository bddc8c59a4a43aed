"""What is owed after an award, by when, and whether it is late."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import clock
from app.errors import Words
from app.procurement.awarding import PERIODS, contract_due
from app.procurement.models import Award

LABELS: dict[str, Words] = {
    "filed_on": _("Copy of the contract filed (7 working days)"),
    "noticed_on": _("Contract made public (2 working days)"),
}


@dataclass(frozen=True)
class Duty:
    """One thing with its last day."""

    label: Words
    due_on: date
    done_on: date | None

    @property
    def is_late(self) -> bool:
        """Whether it was, or is, done after its last day."""
        return (self.done_on or clock.today()) > self.due_on


def duties_of(award: Award) -> list[Duty]:
    """The signature within thirty days; then the copy and the public notice of the contract."""
    found = [Duty(_("Contract signed (30 days)"), contract_due(award), award.signed_on)]
    if award.signed_on is not None:
        for name, days in PERIODS.items():
            due = clock.add_working_days(award.signed_on, days)
            found.append(Duty(LABELS[name], due, getattr(award, name)))
    return found
