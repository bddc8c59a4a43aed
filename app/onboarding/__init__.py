"""The first month: the bureau's own ledgers come in, and people open their accounts by slips."""


def join() -> None:
    """Say what is done in the background."""
    from app.onboarding import importing

    importing.join()
