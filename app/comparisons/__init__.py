"""Comparison (综合比选): a panel judges the plans by criteria that the notice states."""


def join() -> None:
    """Speak up where procurement asks."""
    from app.comparisons import joining

    joining.join()
