"""papers."""


def join() -> None:
    """Listen to the features below."""
