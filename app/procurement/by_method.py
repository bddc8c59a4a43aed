"""What follows from the method by which a need is placed."""

from sqlalchemy.orm import Mapped, mapped_column

from app.procurement.methods import CALLED, OWN, SEALED, STATUTORY, Method


class ByMethod:
    """The method of a need, and what it means for its procedure."""

    method: Mapped[Method] = mapped_column()

    @property
    def is_statutory(self) -> bool:
        """Whether the procurement act holds: objections and complaints by its periods."""
        return self.method not in OWN

    @property
    def is_on_platform(self) -> bool:
        """Whether the province's platform runs it, and the portal keeps links and results."""
        return self.method in STATUTORY

    @property
    def is_called(self) -> bool:
        """Whether it is announced here, and agencies sign up."""
        return self.method in CALLED

    @property
    def is_sealed(self) -> bool:
        """Whether agencies hand in sealed bids."""
        return self.method in SEALED
