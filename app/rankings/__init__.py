"""Rankings of the agencies: dated snapshots that anybody can compute anew."""


def join() -> None:
    """Say what is done in the background."""
    from app.rankings import asking

    asking.join()
