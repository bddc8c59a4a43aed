"""Procurement (择优采购): from a need through a lawful choice to the contract."""


def join() -> None:
    """Say how this feature's facts are written in the log."""
    from app.audit.wording import show_fact
    from app.display import yuan
    from app.procurement import labels
    from app.procurement.methods import Method

    for name in ("budget_fen", "limit_fen", "price_fen"):
        show_fact(name, yuan)
    show_fact("method", lambda method: str(labels.METHODS[Method(method)]))
